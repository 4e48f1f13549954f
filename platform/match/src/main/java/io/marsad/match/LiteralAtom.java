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
    private final @Nullable LiteralScanner scanner;

    /** @param literals folded, not empty, each not empty */
    LiteralAtom(int slot, List<Literal> literals) {
        this.slot = slot;
        this.literals = List.copyOf(literals);
        scanner = literals.size() >= MANY ? new LiteralScanner(literals) : null;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            int at = row.fold(v);
            if (in(row.folded(), at, row.foldedLength(v))) {
                return true;
            }
        }
        return false;
    }

    private boolean in(byte[] folded, int at, int length) {
        if (scanner != null) {
            return scanner.scan(folded, at, length, FIRST);
        }
        for (int i = 0; i < literals.size(); i++) {
            if (literals.get(i).in(folded, at, length)) {
                return true;
            }
        }
        return false;
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
        return scanner == null ? 15 * literals.size() : 150;
    }
}
