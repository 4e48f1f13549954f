package io.marsad.match;

/** The scratch memory of one thread for a set of atoms: the open row, and what is known of it so far. */
final class Run {
    private final Atom[] atoms;
    private final Row row;
    private final int[] trueAt;
    private final int[] falseAt;

    Run(Atom[] atoms, int[] slotOfField, int slots) {
        this.atoms = atoms;
        row = new Row(slotOfField, slots);
        trueAt = row.mark(atoms.length);
        falseAt = row.mark(atoms.length);
    }

    Row row() {
        return row;
    }

    /** The atom's verdict, found at most once per row. */
    boolean test(int atom) {
        int epoch = row.epoch();
        if (trueAt[atom] == epoch) {
            return true;
        }
        if (falseAt[atom] == epoch) {
            return false;
        }
        boolean verdict = atoms[atom].test(row);
        (verdict ? trueAt : falseAt)[atom] = epoch;
        return verdict;
    }

    /** A scan has shown the atom to be true. */
    void prove(int atom) {
        trueAt[atom] = row.epoch();
    }

    boolean proven(int atom) {
        return trueAt[atom] == row.epoch();
    }
}
