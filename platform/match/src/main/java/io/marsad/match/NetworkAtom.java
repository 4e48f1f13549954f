package io.marsad.match;

import java.util.List;

/** A value is an address inside one of the networks. */
record NetworkAtom(int slot, List<Network> networks) implements Atom {
    NetworkAtom {
        networks = List.copyOf(networks);
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            for (int i = 0; i < networks.size(); i++) {
                if (networks.get(i).contains(row.arena(), row.offset(v), row.length(v))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public int price() {
        return 30 * networks.size();
    }
}
