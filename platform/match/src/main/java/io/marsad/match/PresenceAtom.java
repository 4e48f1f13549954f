package io.marsad.match;

/** The field is there, null, has any value or has an empty one. */
record PresenceAtom(int slot, Kind kind) implements Atom {
    enum Kind {
        EXISTS,
        NULL,
        ANY_VALUE,
        EMPTY_VALUE
    }

    @Override
    public boolean test(Row row) {
        return switch (kind) {
            case EXISTS -> row.exists(slot);
            case NULL -> row.isNull(slot);
            case ANY_VALUE -> row.first(slot) >= 0;
            case EMPTY_VALUE -> hasEmpty(row);
        };
    }

    private boolean hasEmpty(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            if (row.length(v) == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int price() {
        return 2;
    }
}
