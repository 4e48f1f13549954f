package io.marsad.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds which of many literals stand in a folded value, reading it once: each literal inside or at the start by a rare
 * four-byte piece of it (two bytes or one for short ones), whose bitmap says no nearly always; those at the end or
 * that are the whole by the value's first and last eight bytes, which takes a few looks whatever its length.
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

    private static final int MIX = 0x9E3779B1;
    private static final long LONG_MIX = 0x9E3779B97F4A7C15L;

    private final Literal[] literals;
    private final int[] pieceAt;
    private final Grams four;
    private final Grams two;
    private final Grams one;
    private final IntLists wholes;
    private final IntLists ends;
    /** Bit k is set when there are literals of which the last k bytes are looked up. */
    private final int endSizes;

    LiteralScanner(List<Literal> wanted) {
        literals = wanted.toArray(Literal[]::new);
        pieceAt = new int[literals.length];
        var fours = new IntLists.Builder(literals.length);
        var twos = new IntLists.Builder(0);
        var ones = new IntLists.Builder(0);
        var whole = new IntLists.Builder(0);
        var end = new IntLists.Builder(0);
        int sizes = 0;
        var open = new ArrayList<Integer>();
        for (int i = 0; i < literals.length; i++) {
            var bytes = literals[i].bytes();
            int n = bytes.length;
            if (n == 0) {
                throw new IllegalArgumentException("an empty literal cannot be scanned for");
            }
            switch (literals[i].place()) {
                case WHOLE -> whole.add(wholeKey(padded(bytes), MARGIN, n), i);
                case END -> {
                    int size = Math.min(n, 8);
                    sizes |= 1 << size;
                    end.add(endKey(lastEight(padded(bytes), MARGIN + n), size), i);
                }
                case START, INSIDE -> {
                    if (n >= 4) {
                        open.add(i);
                    } else if (n >= 2) {
                        twos.add(bytes[0] & 0xff | (bytes[1] & 0xff) << 8, i);
                    } else {
                        ones.add(bytes[0] & 0xff, i);
                    }
                }
            }
        }
        for (int i : open) {
            var bytes = literals[i].bytes();
            pieceAt[i] = rarestPiece(bytes, fours);
            fours.add(Bytes.word(bytes, pieceAt[i]), i);
        }
        four = new Grams(fours.build());
        two = new Grams(twos.build());
        one = new Grams(ones.build());
        wholes = whole.build();
        ends = end.build();
        endSizes = sizes;
    }

    private static byte[] padded(byte[] bytes) {
        var padded = new byte[MARGIN + bytes.length + MARGIN];
        System.arraycopy(bytes, 0, padded, MARGIN, bytes.length);
        return padded;
    }

    /** Not one that is common, and rather not one that others use. */
    private static int rarestPiece(byte[] bytes, IntLists.Builder used) {
        int best = 0;
        int bestCost = Integer.MAX_VALUE;
        for (int at = 0; at + 4 <= bytes.length && bestCost > 0; at++) {
            int gram = Bytes.word(bytes, at);
            int cost = Commonness.ofGram(gram) * 10 + used.count(gram);
            if (cost < bestCost) {
                bestCost = cost;
                best = at;
            }
        }
        return best;
    }

    private static long lastEight(byte[] b, int end) {
        return Bytes.longWord(b, end - 8);
    }

    private static int endKey(long lastEight, int size) {
        return (int) (((lastEight >>> 64 - 8 * size) * LONG_MIX + size * 0x2545F491) >>> 24);
    }

    private static int wholeKey(byte[] b, int from, int length) {
        long head = Bytes.longWord(b, from);
        long tail = lastEight(b, from + length);
        if (length < 8) {
            head &= (1L << 8 * length) - 1;
            tail >>>= 64 - 8 * length;
        }
        return (int) ((head * LONG_MIX ^ (tail + length) * 0xD6E8FEB86659FD93L) >>> 24);
    }

    /**
     * Looks through one value; {@link #MARGIN} bytes before and after it may be read. Returns true when the sink stopped
     * it.
     */
    boolean scan(byte[] b, int from, int length, Sink sink) {
        if (length == 0) {
            return false;
        }
        int end = from + length;
        if (!wholes.isEmpty()) {
            int key = wholeKey(b, from, length);
            if (wholes.mayHave(key) && edge(wholes, key, b, from, length, sink)) {
                return true;
            }
        }
        if (endSizes != 0 && ends(b, from, length, sink)) {
            return true;
        }
        if (!two.isEmpty()) {
            return !four.isEmpty() ? scanBoth(b, from, end, sink) : scanTwo(b, from, end, sink);
        }
        return !four.isEmpty() && scanFour(b, from, end, sink) || !one.isEmpty() && scanOne(b, from, end, sink);
    }

    private boolean ends(byte[] b, int from, int length, Sink sink) {
        long last = lastEight(b, from + length);
        for (int rest = endSizes; rest != 0; rest &= rest - 1) {
            int size = Integer.numberOfTrailingZeros(rest);
            if (size > length) {
                return false;
            }
            int key = endKey(last, size);
            if (ends.mayHave(key) && edge(ends, key, b, from, length, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean edge(IntLists lists, int key, byte[] b, int from, int length, Sink sink) {
        int at = lists.find(key);
        if (at >= 0) {
            for (int i = lists.start(at), end = lists.end(at); i < end; i++) {
                int literal = lists.value(i);
                if (literals[literal].in(b, from, length) && sink.found(literal)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean scanFour(byte[] b, int from, int end, Sink sink) {
        long[] bits = four.lists.bits();
        int shift = four.lists.shift();
        for (int i = from; i + 3 < end; i++) {
            int gram = Bytes.word(b, i);
            int h = gram * MIX >>> shift;
            if ((bits[h >>> 6] >>> h & 1) != 0 && four.at(gram, b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean scanBoth(byte[] b, int from, int end, Sink sink) {
        long[] bits = four.lists.bits();
        int shift = four.lists.shift();
        long[] bits2 = two.lists.bits();
        int shift2 = two.lists.shift();
        for (int i = from; i + 1 < end; i++) {
            int gram = Bytes.word(b, i);
            int h = gram * MIX >>> shift;
            int h2 = (gram & 0xffff) * MIX >>> shift2;
            if (((bits[h >>> 6] >>> h | bits2[h2 >>> 6] >>> h2) & 1) == 0) {
                continue;
            }
            if (four.at(gram, b, i, from, end, sink) || two.at(gram & 0xffff, b, i, from, end, sink)) {
                return true;
            }
        }
        return !one.isEmpty() && scanOne(b, from, end, sink);
    }

    private boolean scanTwo(byte[] b, int from, int end, Sink sink) {
        for (int i = from; i + 1 < end; i++) {
            int gram = Bytes.word(b, i) & 0xffff;
            if (two.lists.mayHave(gram) && two.at(gram, b, i, from, end, sink)) {
                return true;
            }
        }
        return !one.isEmpty() && scanOne(b, from, end, sink);
    }

    private boolean scanOne(byte[] b, int from, int end, Sink sink) {
        for (int i = from; i < end; i++) {
            int c = b[i] & 0xff;
            if (one.lists.mayHave(c) && one.at(c, b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    /** Literals by a piece of them. */
    private final class Grams {
        private final IntLists lists;

        Grams(IntLists lists) {
            this.lists = lists;
        }

        boolean isEmpty() {
            return lists.isEmpty();
        }

        /** The piece stands here; so may literals around it. */
        boolean at(int gram, byte[] b, int i, int from, int end, Sink sink) {
            int at = lists.find(gram);
            if (at < 0) {
                return false;
            }
            for (int k = lists.start(at), last = lists.end(at); k < last; k++) {
                int literal = lists.value(k);
                var wanted = literals[literal];
                var bytes = wanted.bytes();
                int start = i - pieceAt[literal];
                int stop = start + bytes.length;
                if (start >= from
                        && stop <= end
                        && (start == from || wanted.place() == Literal.Place.INSIDE)
                        && Arrays.equals(b, start, stop, bytes, 0, bytes.length)
                        && sink.found(literal)) {
                    return true;
                }
            }
            return false;
        }
    }
}
