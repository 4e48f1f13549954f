package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Comparison;

/** A value reads as a decimal number and compares so. */
record NumberAtom(int slot, Comparison comparison, double wanted) implements Atom {
    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            double number = Decimal.parse(row.arena(), row.offset(v), row.length(v));
            if (!Double.isNaN(number) && comparison.holds(number, wanted)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int price() {
        return 20;
    }
}
