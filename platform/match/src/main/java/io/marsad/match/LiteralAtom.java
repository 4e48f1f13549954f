package io.marsad.match;

import java.util.List;

/** One of these literals stands in a value, case aside. */
final class LiteralAtom implements Atom {
    private final int slot;
    private final AnyLiteral literals;

    /** @param literals folded, not empty, each not empty */
    LiteralAtom(int slot, List<Literal> literals) {
        this.slot = slot;
        this.literals = new AnyLiteral(literals);
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            if (literals.in(row, v)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<Literal> needs() {
        return literals.literals();
    }

    @Override
    public boolean decidedByNeeds() {
        return true;
    }

    @Override
    public int price() {
        int n = literals.literals().size();
        return n >= AnyLiteral.MANY ? 150 : 10 * n;
    }
}
