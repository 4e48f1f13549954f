package io.marsad.match;

import io.marsad.kernel.predicate.Predicate;

/** The event is from such a log. */
record SourceAtom(Predicate.OfSource wanted) implements Atom {
    /** It asks no field; where all values are, nothing is looked up for it. */
    @Override
    public int slot() {
        return Row.ANYWHERE;
    }

    @Override
    public boolean test(Row row) {
        return row.batch().source(row.index()).satisfies(wanted.product(), wanted.category(), wanted.service());
    }

    @Override
    public int price() {
        return 5;
    }
}
