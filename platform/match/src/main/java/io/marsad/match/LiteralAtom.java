package io.marsad.match;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of these literals stands in a value, case aside. */
final class LiteralAtom implements Atom {
    /** From here on a scan is cheaper than trying one after the other. */
    private static final int MANY = 12;

    private static final LiteralScanner.Sink FIRST = literal -> true;

    private final int slot;
    private final List<Literal> literals;
    /** Made when it is first wanted, which for most atoms is never: a rule's scan decides them. */
    private volatile @Nullable LiteralScanner scanner;

    /** @param literals folded, not empty, each not empty */
    LiteralAtom(int slot, List<Literal> literals) {
        this.slot = slot;
        this.literals = List.copyOf(literals);
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            if (in(row, v)) {
                return true;
            }
        }
        return false;
    }

    private boolean in(Row row, int value) {
        if (literals.size() >= MANY) {
            return scanner().scan(row, value, FIRST);
        }
        for (int i = 0, n = literals.size(); i < n; i++) {
            if (literals.get(i).in(row, value)) {
                return true;
            }
        }
        return false;
    }

    private LiteralScanner scanner() {
        var made = scanner;
        if (made == null) {
            made = new LiteralScanner(literals);
            scanner = made; // by two threads at once: the same twice
        }
        return made;
    }

    @Override
    public List<Literal> needs() {
        return literals;
    }

    @Override
    public boolean decidedByNeeds() {
        return true;
    }

    @Override
    public int price() {
        return literals.size() >= MANY ? 150 : 10 * literals.size();
    }
}
