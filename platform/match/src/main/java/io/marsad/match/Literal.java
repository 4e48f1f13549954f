package io.marsad.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text that has to stand somewhere in a folded value. Immutable, thread-safe. */
final class Literal {
    /** Where. */
    enum Place {
        WHOLE,
        START,
        END,
        INSIDE
    }

    private final Place place;
    private final byte[] bytes;
    private final int hash;
    /** Pairs of bytes at the start, in the middle and at the end, as bits of {@link Pairs}. */
    private final int first;

    private final int middle;
    private final int last;

    /** @param bytes folded, not changed afterwards */
    Literal(Place place, byte[] bytes) {
        this.place = place;
        this.bytes = bytes;
        hash = Arrays.hashCode(bytes) * 31 + place.ordinal();
        int n = bytes.length;
        first = n < 2 ? 0 : Pairs.bit(bytes[0], bytes[1]);
        middle = n < 2 ? 0 : Pairs.bit(bytes[(n - 1) / 2], bytes[(n - 1) / 2 + 1]);
        last = n < 2 ? 0 : Pairs.bit(bytes[n - 2], bytes[n - 1]);
    }

    static Literal of(Place place, String text) {
        return new Literal(place, CaseFolding.folded(text));
    }

    Place place() {
        return place;
    }

    byte[] bytes() {
        return bytes;
    }

    /** True when the literal stands where it should in the value. */
    boolean in(byte[] b, int from, int length) {
        int n = bytes.length;
        if (n > length) {
            return false;
        }
        return switch (place) {
            case WHOLE -> n == length && equalAt(b, from);
            case START -> equalAt(b, from);
            case END -> equalAt(b, from + length - n);
            case INSIDE -> Bytes.indexOf(b, from, length, bytes) >= 0;
        };
    }

    /** The same for a value of the row. */
    boolean in(Row row, int value) {
        if (place != Place.INSIDE && row.isAscii(value)) {
            return isAtEdge(row.arena(), row.offset(value), row.length(value)); // as it stands: nothing to fold
        }
        if (place == Place.INSIDE && bytes.length >= 2) {
            int at = row.pairs(value);
            long[] pairs = row.pairBits();
            if (!Pairs.has(pairs, at, first) || !Pairs.has(pairs, at, middle) || !Pairs.has(pairs, at, last)) {
                return false;
            }
        }
        int from = row.fold(value);
        return in(row.folded(), from, row.foldedLength(value));
    }

    /** True when the literal stands here in a value of which ASCII letters may be capital ones. */
    boolean isAt(byte[] b, int at) {
        var bytes = this.bytes;
        for (int i = 0; i < bytes.length; i++) {
            int c = b[at + i];
            if (c != bytes[i] && (c + 0x20 != bytes[i] || c < 'A' || c > 'Z')) {
                return false;
            }
        }
        return true;
    }

    /** The same at the edge or edges of the value that are its place. */
    boolean isAtEdge(byte[] b, int from, int length) {
        int n = bytes.length;
        return n <= length
                && (place != Place.WHOLE || n == length)
                && isAt(b, place == Place.END ? from + length - n : from);
    }

    private boolean equalAt(byte[] b, int at) {
        return Arrays.equals(b, at, at + bytes.length, bytes, 0, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Literal literal
                && literal.hash == hash
                && literal.place == place
                && Arrays.equals(literal.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return place + " '" + new String(bytes, StandardCharsets.UTF_8) + "'";
    }
}
