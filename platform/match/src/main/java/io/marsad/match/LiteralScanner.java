package io.marsad.match;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many literals stand in a value, reading it once. Values that are all ASCII, nearly every one, are read as
 * they are; others are folded before, and only they are looked through for literals that are not ASCII.
 *
 * <p>Immutable, thread-safe.
 */
final class LiteralScanner {
    /** Told of each literal found, possibly more than once. */
    interface Sink {
        /** @return true to stop looking */
        boolean found(int literal);
    }

    /** How many bytes before and after a value may be read. */
    static final int MARGIN = 8;

    private final int shortest;
    private final LiteralPieces ascii;
    private final @Nullable LiteralPieces other;

    /** @param wanted none of them empty; the sink is told their indexes */
    LiteralScanner(List<Literal> wanted) {
        var literals = wanted.toArray(Literal[]::new);
        shortest = wanted.stream().mapToInt(l -> l.bytes().length).min().orElse(0);
        boolean plain = wanted.stream().allMatch(l -> Bytes.isAscii(l.bytes(), 0, l.bytes().length));
        ascii = new LiteralPieces(literals, true);
        other = plain ? null : new LiteralPieces(literals, false);
    }

    /** Looks through one value of the row. Returns true when the sink stopped it. */
    boolean scan(Row row, int value, Sink sink) {
        int valueLength = row.length(value);
        if (2 * valueLength < shortest) {
            return false; // folding makes a value longer by half at most
        }
        if (row.isAscii(value)) {
            int from = row.offset(value);
            if (from >= MARGIN) {
                return valueLength >= shortest && ascii.scan(row.arena(), from, valueLength, sink);
            }
        }
        int from = row.fold(value);
        int length = row.foldedLength(value);
        return ascii.scan(row.folded(), from, length, sink)
                || other != null && !row.isAscii(value) && other.scan(row.folded(), from, length, sink);
    }
}
