package io.marsad.match;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether one of several literals stands in a value: tried one after the other, or looked for at once. Thread-safe. */
final class AnyLiteral {
    /** From here on a scan is cheaper than trying one after the other. */
    static final int MANY = 12;

    /** Bytes; a longer value has most pairs of bytes, so that they rule nothing out, and it is folded for nothing. */
    private static final int LONG = 1024;

    private static final LiteralScanner.Sink FIRST = literal -> true;

    private final List<Literal> literals;
    /** Made when it is first wanted, which for most is never: a rule's scan decides them. */
    private volatile @Nullable LiteralScanner scanner;

    /** @param literals folded, each not empty */
    AnyLiteral(List<Literal> literals) {
        this.literals = List.copyOf(literals);
    }

    List<Literal> literals() {
        return literals;
    }

    boolean in(Row row, int value) {
        int n = literals.size();
        if (n >= MANY || n > 0 && row.length(value) > LONG) {
            return scanner().scan(row, value, FIRST);
        }
        for (int i = 0; i < n; i++) {
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
}
