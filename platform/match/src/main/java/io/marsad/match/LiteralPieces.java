package io.marsad.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Literals by pieces of them, looked up without regard to the case of ASCII letters, then compared.
 *
 * <p>Of a literal of seven bytes and more, pieces of four bytes stand one byte apart, as many as the shortest of them has
 * room for, four to eight: a value is looked at once every so many bytes, and wherever the literal is, one of them is met.
 * Shorter ones have two pieces, of three bytes or two, for every second byte. Those at an edge, or that are the whole, take a few looks at the value's first and last eight bytes
 * whatever its length. A bitmap in front of each table says no nearly always.
 *
 * <p>Immutable, thread-safe.
 */
final class LiteralPieces {
    private static final int MARGIN = LiteralScanner.MARGIN;
    private static final int LONG = 7;
    private static final int MOST_PIECES = 8;
    private static final int MIX = IntLists.MIX;
    private static final long LONG_MIX = 0x9E3779B97F4A7C15L;
    /** Takes the case from letters, and a difference from a few other characters. */
    private static final long LOWER = 0x2020_2020_2020_2020L;

    private final Literal[] literals;
    /** By literal, where its first piece is. */
    private final int[] pieceAt;
    /** Of these and the next two: the literal times eight, and how far after the first piece this one is. */
    private final Pieces fours;
    /** How many pieces of four bytes a literal has, and how far apart the looks for them are. */
    private final int stride;

    private final Pieces threes;
    private final Pieces twos;
    /** Some literals have two bytes, no piece of them fits between every second byte. */
    private final boolean pairs;

    private final IntLists ones;
    private final IntLists wholes;
    private final IntLists starts;
    private final IntLists ends;
    /** Bit k is set when there are literals of which the first or last k bytes are looked up. */
    private final int startSizes;

    private final int endSizes;

    /** @param ascii which of the literals: those that are all ASCII, or the others */
    LiteralPieces(Literal[] literals, boolean ascii) {
        this.literals = literals;
        pieceAt = new int[literals.length];
        var builders = new IntLists.Builder[7];
        for (int i = 0; i < builders.length; i++) {
            builders[i] = new IntLists.Builder(i == 0 ? literals.length : 0);
        }
        var inside = new ArrayList<List<Integer>>();
        for (int i = 0; i < 3; i++) {
            inside.add(new ArrayList<>());
        }
        int starting = 0;
        int ending = 0;
        boolean two = false;
        for (int i = 0; i < literals.length; i++) {
            var bytes = literals[i].bytes();
            int n = bytes.length;
            if (n == 0) {
                throw new IllegalArgumentException("an empty literal cannot be scanned for");
            }
            if (Bytes.isAscii(bytes, 0, n) != ascii) {
                continue;
            }
            int size = Math.min(n, 8);
            switch (literals[i].place()) {
                case WHOLE -> builders[4].add(wholeKey(padded(bytes), MARGIN, n), i);
                case START -> {
                    starting |= 1 << size;
                    builders[5].add(startKey(Bytes.longWord(padded(bytes), MARGIN) | LOWER, size), i);
                }
                case END -> {
                    ending |= 1 << size;
                    builders[6].add(endKey(Bytes.longWord(padded(bytes), MARGIN + n - 8) | LOWER, size), i);
                }
                case INSIDE -> {
                    two |= n == 2;
                    if (n == 1) {
                        builders[3].add(bytes[0] | 0x20, i);
                    } else {
                        inside.get(n >= LONG ? 0 : n >= 4 ? 1 : 2).add(i);
                    }
                }
            }
        }
        stride = stride(inside.getFirst());
        inside.get(0).forEach(i -> pieces(i, 4, stride, builders[0]));
        inside.get(1).forEach(i -> pieces(i, 3, 2, builders[1]));
        inside.get(2).forEach(i -> pieces(i, 2, 2, builders[2]));
        fours = new Pieces(builders[0].build());
        threes = new Pieces(builders[1].build());
        twos = new Pieces(builders[2].build());
        ones = builders[3].build();
        wholes = builders[4].build();
        starts = builders[5].build();
        ends = builders[6].build();
        pairs = two;
        startSizes = starting;
        endSizes = ending;
    }

    /** How many pieces the shortest of the literals has room for. */
    private int stride(List<Integer> which) {
        int shortest =
                which.stream().mapToInt(i -> literals[i].bytes().length).min().orElse(LONG);
        return Math.min(MOST_PIECES, shortest - 3);
    }

    /** Chooses where the literal's pieces are: not ones that are common, and rather not ones that others use. */
    private void pieces(int literal, int size, int count, IntLists.Builder into) {
        var bytes = literals[literal].bytes();
        var padded = padded(bytes);
        int most = Math.min(count, bytes.length - size + 1);
        int best = 0;
        int bestCost = Integer.MAX_VALUE;
        for (int at = 0; at + size + most - 1 <= bytes.length && bestCost > 0; at++) {
            int cost = 0;
            for (int k = 0; k < most; k++) {
                cost += Commonness.ofPiece(bytes, at + k, size) * 10
                        + into.count(piece(Bytes.word(padded, MARGIN + at + k), size));
            }
            if (cost < bestCost) {
                bestCost = cost;
                best = at;
            }
        }
        pieceAt[literal] = best;
        for (int k = 0; k < most; k++) {
            into.add(piece(Bytes.word(padded, MARGIN + best + k), size), literal * MOST_PIECES + k);
        }
    }

    private static byte[] padded(byte[] bytes) {
        var padded = new byte[MARGIN + bytes.length + MARGIN];
        System.arraycopy(bytes, 0, padded, MARGIN, bytes.length);
        return padded;
    }

    private static int piece(int word, int size) {
        return (word | (int) LOWER) & -1 >>> 32 - 8 * size;
    }

    private static int endKey(long lastEight, int size) {
        return (int) (((lastEight >>> 64 - 8 * size) * LONG_MIX + size * 0x2545F491) >>> 24);
    }

    private static int startKey(long firstEight, int size) {
        return endKey(firstEight << 64 - 8 * size, size);
    }

    private static int wholeKey(byte[] b, int from, int length) {
        long head = Bytes.longWord(b, from) | LOWER;
        long tail = Bytes.longWord(b, from + length - 8) | LOWER;
        if (length < 8) {
            head &= (1L << 8 * length) - 1;
            tail >>>= 64 - 8 * length;
        }
        return (int) ((head * LONG_MIX ^ (tail + length) * 0xD6E8FEB86659FD93L) >>> 24);
    }

    /**
     * Looks through a value, of which ASCII letters may be capital ones; {@link LiteralScanner#MARGIN} bytes before and
     * after it may be read. Returns true when the sink stopped it.
     */
    boolean scan(byte[] b, int from, int length, LiteralScanner.Sink sink) {
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
        return startSizes != 0 && starts(b, from, length, sink)
                || endSizes != 0 && ends(b, from, length, sink)
                || !fours.lists.isEmpty() && scanFours(b, from, end, sink)
                || !twos.lists.isEmpty() && scanShort(b, from, end, sink)
                || twos.lists.isEmpty() && !threes.lists.isEmpty() && scanThrees(b, from, end, sink)
                || !ones.isEmpty() && scanOnes(b, from, end, sink);
    }

    private boolean starts(byte[] b, int from, int length, LiteralScanner.Sink sink) {
        long first = Bytes.longWord(b, from) | LOWER;
        for (int rest = startSizes; rest != 0; rest &= rest - 1) {
            int size = Integer.numberOfTrailingZeros(rest);
            if (size > length) {
                return false;
            }
            int key = startKey(first, size);
            if (starts.mayHave(key) && edge(starts, key, b, from, length, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean ends(byte[] b, int from, int length, LiteralScanner.Sink sink) {
        long last = Bytes.longWord(b, from + length - 8) | LOWER;
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

    private boolean edge(IntLists lists, int key, byte[] b, int from, int length, LiteralScanner.Sink sink) {
        int at = lists.find(key);
        if (at >= 0) {
            for (int i = lists.start(at), end = lists.end(at); i < end; i++) {
                int literal = lists.value(i);
                if (literals[literal].isAtEdge(b, from, length) && sink.found(literal)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean scanFours(byte[] b, int from, int end, LiteralScanner.Sink sink) {
        long[] bits = fours.lists.bits();
        int shift = fours.lists.shift();
        int stride = this.stride;
        for (int i = from; i + 3 < end; i += stride) {
            int piece = Bytes.word(b, i) | (int) LOWER;
            int h = piece * MIX >>> shift;
            if ((bits[h >>> 6] >>> h & 1) != 0 && fours.at(piece, b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean scanThrees(byte[] b, int from, int end, LiteralScanner.Sink sink) {
        long[] bits = threes.lists.bits();
        int shift = threes.lists.shift();
        for (int i = from; i + 2 < end; i += 2) {
            int piece = (Bytes.word(b, i) | (int) LOWER) & 0xffffff;
            int h = piece * MIX >>> shift;
            if ((bits[h >>> 6] >>> h & 1) != 0 && threes.at(piece, b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean scanShort(byte[] b, int from, int end, LiteralScanner.Sink sink) {
        long[] bits = threes.lists.bits();
        int shift = threes.lists.shift();
        long[] bits2 = twos.lists.bits();
        int shift2 = twos.lists.shift();
        boolean pairs = this.pairs;
        for (int i = from; i + 1 < end; i += 2) {
            int word = Bytes.word(b, i) | (int) LOWER;
            int h = (word & 0xffffff) * MIX >>> shift;
            int h2 = (word & 0xffff) * MIX >>> shift2;
            long bit = bits[h >>> 6] >>> h | bits2[h2 >>> 6] >>> h2;
            if (pairs) {
                int h3 = (word >>> 8 & 0xffff) * MIX >>> shift2;
                bit |= bits2[h3 >>> 6] >>> h3;
            }
            if ((bit & 1) != 0 && atShort(word, b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean atShort(int word, byte[] b, int i, int from, int end, LiteralScanner.Sink sink) {
        return threes.at(word & 0xffffff, b, i, from, end, sink)
                || twos.at(word & 0xffff, b, i, from, end, sink)
                || pairs && twos.at(word >>> 8 & 0xffff, b, i + 1, from, end, sink);
    }

    private boolean scanOnes(byte[] b, int from, int end, LiteralScanner.Sink sink) {
        for (int i = from; i < end; i++) {
            int c = b[i] | 0x20;
            int at = ones.mayHave(c) ? ones.find(c) : -1;
            if (at >= 0) {
                for (int k = ones.start(at), last = ones.end(at); k < last; k++) {
                    if (literals[ones.value(k)].isAt(b, i) && sink.found(ones.value(k))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Literals by their pieces. */
    private final class Pieces {
        private final IntLists lists;

        Pieces(IntLists lists) {
            this.lists = lists;
        }

        /** The piece stands here; so may literals around it. */
        boolean at(int piece, byte[] b, int i, int from, int end, LiteralScanner.Sink sink) {
            int at = lists.find(piece);
            if (at < 0) {
                return false;
            }
            for (int k = lists.start(at), last = lists.end(at); k < last; k++) {
                int value = lists.value(k);
                int literal = value / MOST_PIECES;
                var wanted = literals[literal];
                int start = i - pieceAt[literal] - value % MOST_PIECES;
                if (start >= from
                        && start + wanted.bytes().length <= end
                        && wanted.isAt(b, start)
                        && sink.found(literal)) {
                    return true;
                }
            }
            return false;
        }
    }
}
