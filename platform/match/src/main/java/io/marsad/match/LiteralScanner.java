package io.marsad.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which of many literals stand in a folded value, reading it once: starts and whole values by the hash of the first
 * bytes, ends by the hash of the last bytes, the rest by a rare four-byte piece of each (two or one for short ones), whose
 * bitmap says no nearly always.
 *
 * <p>Immutable, thread-safe.
 */
final class LiteralScanner {
    /** Told of each literal found, possibly more than once. */
    interface Sink {
        /** @return true to stop looking */
        boolean found(int literal);
    }

    private static final int MIX = 0x9E3779B1;
    private static final int SEED = 17;

    private final Literal[] literals;
    private final int[] pieceAt;
    private final Edges starts;
    private final Edges ends;
    private final Pieces four;
    private final Pieces two;
    private final int[][] one;
    private final boolean anyOne;

    LiteralScanner(List<Literal> wanted) {
        literals = wanted.toArray(Literal[]::new);
        pieceAt = new int[literals.length];
        starts = new Edges(literals, false);
        ends = new Edges(literals, true);
        var byFour = new HashMap<Integer, List<Integer>>();
        var byTwo = new HashMap<Integer, List<Integer>>();
        one = new int[256][];
        boolean single = false;
        for (int i = 0; i < literals.length; i++) {
            var bytes = literals[i].bytes();
            if (bytes.length == 0) {
                throw new IllegalArgumentException("an empty literal cannot be scanned for");
            }
            if (literals[i].place() != Literal.Place.INSIDE) {
                continue;
            }
            if (bytes.length >= 4) {
                pieceAt[i] = rarestPiece(bytes, byFour);
                list(byFour, Bytes.word(bytes, pieceAt[i])).add(i);
            } else if (bytes.length >= 2) {
                list(byTwo, bytes[0] & 0xff | (bytes[1] & 0xff) << 8).add(i);
            } else {
                int[] known = one[bytes[0] & 0xff];
                known = known == null ? new int[1] : Arrays.copyOf(known, known.length + 1);
                known[known.length - 1] = i;
                one[bytes[0] & 0xff] = known;
                single = true;
            }
        }
        anyOne = single;
        four = new Pieces(byFour);
        two = new Pieces(byTwo);
    }

    private static List<Integer> list(Map<Integer, List<Integer>> map, int key) {
        return map.computeIfAbsent(key, k -> new ArrayList<>());
    }

    /** Not one that is common, and rather not one that others use. */
    private static int rarestPiece(byte[] bytes, Map<Integer, List<Integer>> used) {
        int best = 0;
        int bestCost = Integer.MAX_VALUE;
        for (int at = 0; at + 4 <= bytes.length && bestCost > 0; at++) {
            int gram = Bytes.word(bytes, at);
            var others = used.get(gram);
            int cost = Commonness.ofGram(gram) * 10 + (others == null ? 0 : others.size());
            if (cost < bestCost) {
                bestCost = cost;
                best = at;
            }
        }
        return best;
    }

    /** Looks through one value. Four bytes after its end may be read. Returns true when the sink stopped it. */
    boolean scan(byte[] b, int from, int length, Sink sink) {
        if (starts.any && starts.forward(b, from, length, sink)) {
            return true;
        }
        if (ends.any && ends.backward(b, from, length, sink)) {
            return true;
        }
        int end = from + length;
        if (four.any && scanFour(b, from, end, sink)) {
            return true;
        }
        if (two.any && scanTwo(b, from, end, sink)) {
            return true;
        }
        return anyOne && scanOne(b, from, end, sink);
    }

    private boolean scanFour(byte[] b, int from, int end, Sink sink) {
        var pieces = four;
        long[] bits = pieces.bits;
        int shift = pieces.shift;
        for (int i = from; i + 3 < end; i++) {
            int gram = Bytes.word(b, i);
            int h = (gram * MIX) >>> shift;
            if ((bits[h >>> 6] >>> h & 1) != 0 && insideAt(pieces.find(gram), b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean scanTwo(byte[] b, int from, int end, Sink sink) {
        var pieces = two;
        long[] bits = pieces.bits;
        int shift = pieces.shift;
        for (int i = from; i + 1 < end; i++) {
            int gram = Bytes.word(b, i) & 0xffff;
            int h = (gram * MIX) >>> shift;
            if ((bits[h >>> 6] >>> h & 1) != 0 && insideAt(pieces.find(gram), b, i, from, end, sink)) {
                return true;
            }
        }
        return false;
    }

    private boolean scanOne(byte[] b, int from, int end, Sink sink) {
        for (int i = from; i < end; i++) {
            int[] found = one[b[i] & 0xff];
            if (found != null) {
                for (int literal : found) {
                    if (sink.found(literal)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean insideAt(int[] candidates, byte[] b, int at, int from, int end, Sink sink) {
        for (int literal : candidates) {
            var bytes = literals[literal].bytes();
            int start = at - pieceAt[literal];
            int stop = start + bytes.length;
            if (start >= from
                    && stop <= end
                    && Arrays.equals(b, start, stop, bytes, 0, bytes.length)
                    && sink.found(literal)) {
                return true;
            }
        }
        return false;
    }

    /** Pieces of a fixed size: a bitmap in front of an open hash table. */
    private static final class Pieces {
        private static final int[] NONE = {};

        final boolean any;
        final long[] bits;
        final int shift;
        private final int[] keys;
        private final int[][] values;
        private final int keyShift;

        Pieces(Map<Integer, List<Integer>> byGram) {
            any = !byGram.isEmpty();
            int n = byGram.size();
            int bitsLog = any ? Math.clamp(32 - Integer.numberOfLeadingZeros(n * 12 + 1), 9, 17) : 6;
            shift = 32 - bitsLog;
            bits = new long[1 << bitsLog - 6];
            int capacity = Integer.highestOneBit(Math.max(2, n * 4));
            keyShift = 32 - Integer.numberOfTrailingZeros(capacity);
            keys = new int[capacity];
            values = new int[capacity][];
            byGram.forEach((gram, list) -> {
                int h = (gram * MIX) >>> shift;
                bits[h >>> 6] |= 1L << h;
                int slot = (gram * 0x85EBCA6B) >>> keyShift;
                while (values[slot] != null) {
                    slot = slot + 1 & capacity - 1;
                }
                keys[slot] = gram;
                values[slot] = list.stream().mapToInt(Integer::intValue).toArray();
            });
        }

        int[] find(int gram) {
            int slot = (gram * 0x85EBCA6B) >>> keyShift;
            while (values[slot] != null) {
                if (keys[slot] == gram) {
                    return values[slot];
                }
                slot = slot + 1 & keys.length - 1;
            }
            return NONE;
        }
    }

    /** Literals at an edge of the value, by length and hash. */
    private final class Edges {
        final boolean any;
        private final boolean[] lengths;
        private final boolean[] wholeLengths;
        private final Pieces byHash;

        Edges(Literal[] all, boolean atEnd) {
            var byKey = new HashMap<Integer, List<Integer>>();
            int longest = 0;
            for (Literal literal : all) {
                longest = Math.max(longest, literal.bytes().length);
            }
            lengths = new boolean[longest + 1];
            wholeLengths = new boolean[longest + 1];
            for (int i = 0; i < all.length; i++) {
                var place = all[i].place();
                var bytes = all[i].bytes();
                boolean whole = place == Literal.Place.WHOLE;
                if (atEnd ? place != Literal.Place.END : !whole && place != Literal.Place.START) {
                    continue;
                }
                (whole ? wholeLengths : lengths)[bytes.length] = true;
                int hash = SEED;
                for (int k = 0; k < bytes.length; k++) {
                    hash = hash * 31 + bytes[atEnd ? bytes.length - 1 - k : k];
                }
                list(byKey, hash).add(i);
            }
            byHash = new Pieces(byKey);
            any = byHash.any;
        }

        boolean forward(byte[] b, int from, int length, Sink sink) {
            int n = Math.min(length, lengths.length - 1);
            int hash = SEED;
            for (int k = 0; k < n; k++) {
                hash = hash * 31 + b[from + k];
                int size = k + 1;
                if ((lengths[size] || size == length && wholeLengths[size]) && probe(hash, b, from, length, sink)) {
                    return true;
                }
            }
            return false;
        }

        boolean backward(byte[] b, int from, int length, Sink sink) {
            int n = Math.min(length, lengths.length - 1);
            int hash = SEED;
            for (int k = 0; k < n; k++) {
                hash = hash * 31 + b[from + length - 1 - k];
                if (lengths[k + 1] && probe(hash, b, from, length, sink)) {
                    return true;
                }
            }
            return false;
        }

        private boolean probe(int hash, byte[] b, int from, int length, Sink sink) {
            int bit = (hash * MIX) >>> byHash.shift;
            if ((byHash.bits[bit >>> 6] >>> bit & 1) == 0) {
                return false;
            }
            for (int literal : byHash.find(hash)) {
                if (literals[literal].in(b, from, length) && sink.found(literal)) {
                    return true;
                }
            }
            return false;
        }
    }
}
