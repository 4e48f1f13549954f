package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.FieldRef.Relation;

/** A value relates to a value of another field, case aside. */
record ReferenceAtom(int slot, int other, Relation relation) implements Atom {
    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            for (int w = row.first(other); w >= 0; w = row.next(other, w)) {
                int right = row.fold(w);
                int left = row.fold(v);
                if (holds(row.folded(), left, row.foldedLength(v), right, row.foldedLength(w))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(byte[] b, int left, int length, int right, int size) {
        if (size > length) {
            return false;
        }
        return switch (relation) {
            case EQUALS -> size == length && same(b, left, right, size);
            case STARTS_WITH -> same(b, left, right, size);
            case ENDS_WITH -> same(b, left + length - size, right, size);
            case CONTAINS -> contains(b, left, length, right, size);
        };
    }

    private static boolean contains(byte[] b, int left, int length, int right, int size) {
        for (int at = left; at <= left + length - size; at++) {
            if (same(b, at, right, size)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] b, int left, int right, int size) {
        return java.util.Arrays.equals(b, left, left + size, b, right, right + size);
    }

    @Override
    public int price() {
        return 60;
    }
}
