package io.marsad.store.segment;

import java.util.Arrays;

/**
 * Tells what a block has not, being made: for each column the runs of three bytes that its values have, the same of the
 * records' skeletons, and for all of them together runs of eight (of which those whose hash says so) and whole values.
 * Read by {@link BlockFilter}. See docs/reference/segment-format.md.
 *
 * <p>Text is added when a block ends, value by value as columns keep them: once for each distinct value, not for each
 * record. Reused from block to block; one thread.
 */
final class Filter {
    static final int PROBES = 3;
    private static final long RUN_PRIME = 0x9E3779B97F4A7C15L;
    private static final int TRIPLE_BITS = 16;
    /** A map of nothing. */
    static final int EMPTY = 0;

    static final int SMALLEST_BITS = 6;

    /** A map is halved while no more than this part of its bits is set; that of values, which has three probes, longer. */
    private static final double FULL = 0.30;

    private static final double VALUES_FULL = 0.50;

    private static final int RUN_BITS = 20;
    private static final int VALUE_BITS = 20;
    /** From this length on a value is looked at line by line. */
    private static final int LONG = 64;
    /** So many bytes less than it has does a run begin before the end of its line and still is not within it. */
    private static final int REACH = 7;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = ONES << 7;
    private static final long LOW = ~HIGH;
    private static final long SEVENS = ONES * 7;
    private static final long SIXES = ONES * 6;
    /** Times eight bytes of 0 or 1 has them as the bits of the highest byte, the first as the lowest. */
    private static final long GATHER = 0x0102_0408_1020_4080L;

    private final byte[] triples = new byte[1 << TRIPLE_BITS];
    private final byte[] gaps = new byte[1 << TRIPLE_BITS];
    private final long[] packed = new long[1 << TRIPLE_BITS - 6];
    private final long[] runs = new long[1 << RUN_BITS - 6];
    private final long[] values = new long[1 << VALUE_BITS - 6];
    private final Lines lines = new Lines();
    private final Sink columns = new Sink(16 << 10);
    private final Edges gapEnds = new Edges();
    private final Edges gapStarts = new Edges();
    private boolean adjacent;
    private boolean foldsIntoAscii;
    private byte[] lower = new byte[4096];

    void clear() {
        Arrays.fill(gaps, (byte) 0);
        Arrays.fill(runs, 0);
        Arrays.fill(values, 0);
        gapEnds.clear();
        gapStarts.clear();
        columns.clear();
        adjacent = false;
        foldsIntoAscii = false;
        if (lower.length > BlockEncoder.KEPT_BYTES) {
            lower = new byte[4096];
        }
    }

    /**
     * Adds a column, after those before it.
     *
     * @param bytes its distinct values one behind the other, eight bytes behind the last may be read
     * @param ends where each ends
     * @param seed its name's hash
     */
    void addColumn(byte[] bytes, int[] ends, int n, long seed) {
        int used = n == 0 ? 0 : ends[n - 1];
        take(bytes, 0, used);
        long places = Math.max(1, used - 2L * n);
        int log = Math.clamp(64 - Long.numberOfLeadingZeros(places * 4 - 1), SMALLEST_BITS, TRIPLE_BITS);
        Arrays.fill(triples, 0, 1 << log, (byte) 0);
        lines.clear();
        for (int i = 0, start = 0; i < n; start = ends[i++]) {
            addHash(Hash.of(lower, start, ends[i] - start, seed));
            if (ends[i] - start < LONG) {
                addGrams(lower, start, ends[i], triples, (1 << log) - 1);
            } else {
                addLines(start, ends[i], (1 << log) - 1);
            }
        }
        writeTriples(columns, triples, log);
    }

    /**
     * Adds what a skeleton has between two values, or before the first, or behind the last.
     *
     * @param valueBefore whether a value stands right before it
     */
    void addGap(byte[] bytes, int offset, int length, boolean valueBefore, boolean valueAfter) {
        if (length == 0) {
            adjacent |= valueBefore && valueAfter;
            return;
        }
        take(bytes, offset, length);
        addGrams(lower, 0, length, gaps, (1 << TRIPLE_BITS) - 1);
        if (valueBefore) {
            int first = lower[0] & 0xff;
            gapStarts.add(lower, 0, 1, length);
            foldsIntoAscii |= first == 0xBF || first == 0xAA || first == 0x84; // the rest of a letter that folds
        }
        if (valueAfter) {
            int last = lower[length - 1] & 0xff;
            gapEnds.add(lower, length - 1, -1, length);
            foldsIntoAscii |= last == 0xC5 || last == 0xE2 || last == 0x84;
        }
    }

    private void take(byte[] bytes, int offset, int length) {
        if (lower.length < length + 16) {
            lower = new byte[(int) Math.min(Integer.MAX_VALUE - 64L, length * 2L + 16)];
        }
        Hash.lower(bytes, offset, length, lower, 0);
        long seen = 0;
        for (int i = 0; i < length; i += 8) {
            seen |= Hash.word(lower, i);
        }
        if ((seen & 0x8080_8080_8080_8080L) != 0) {
            foldsIntoAscii |= hasFolding(lower, length);
        }
    }

    /** Long texts of one field have lines in common, of which only the first needs to be looked at. */
    private void addLines(int from, int to, int mask) {
        for (int line = from; line < to; ) {
            int end = Lines.end(lower, line, to);
            boolean known = end - line > 2 * REACH && lines.known(lower, line, end);
            addGrams(lower, known ? end - REACH : line, Math.min(end + REACH, to), triples, mask);
            line = end;
        }
    }

    private void addGrams(byte[] text, int from, int to, byte[] map, int mask) {
        for (int i = from; i <= to - 8; i += 8) {
            for (long sampled = sampled(Hash.word(text, i)); sampled != 0; sampled &= sampled - 1) {
                int at = i + (Long.numberOfTrailingZeros(sampled) >>> 3);
                if (at <= to - 8) {
                    int bit = runHash(Hash.word(text, at)) & (1 << RUN_BITS) - 1;
                    runs[bit >>> 6] |= 1L << bit;
                }
            }
        }
        int i = from;
        for (; i <= to - 6; i += 4) { // a byte a triple: nothing needs to be read to note it
            long word = Hash.word(text, i);
            map[tripleHash(word) & mask] = 1;
            map[tripleHash(word >>> 8) & mask] = 1;
            map[tripleHash(word >>> 16) & mask] = 1;
            map[tripleHash(word >>> 24) & mask] = 1;
        }
        for (; i <= to - 3; i++) {
            map[tripleHash(Hash.word(text, i)) & mask] = 1;
        }
    }

    /**
     * Of eight bytes those where runs begin that are noted: the upper bit of each is set. The point, the digit 6 and the
     * letters f, n and v are among them, so that addresses, hashes and names of files and hosts have some.
     */
    static long sampled(long word) {
        return ~((word & SEVENS ^ SIXES) + LOW) & HIGH;
    }

    static int tripleHash(long word) {
        return (int) (word & 0xFFFFFF) * 0x9E3779B1 >>> 32 - TRIPLE_BITS;
    }

    static int runHash(long word) {
        return (int) (word * RUN_PRIME >>> 64 - RUN_BITS);
    }

    /** Is there one of the two letters outside ASCII (kelvin, long s) that fold into ASCII? */
    static boolean hasFolding(byte[] text, int length) {
        int i = 0;
        while (i + 1 < length) {
            if (i + 8 <= length && (Hash.word(text, i) & 0x8080_8080_8080_8080L) == 0) {
                i += 8;
                continue;
            }
            if (text[i] == (byte) 0xC5 && text[i + 1] == (byte) 0xBF
                    || text[i] == (byte) 0xE2
                            && i + 2 < length
                            && text[i + 1] == (byte) 0x84
                            && text[i + 2] == (byte) 0xAA) {
                return true;
            }
            i++;
        }
        return false;
    }

    void addHash(long hash) {
        int a = (int) hash;
        int b = (int) (hash >>> 32) | 1;
        for (int i = 0; i < PROBES; i++) {
            int bit = a & (1 << VALUE_BITS) - 1;
            values[bit >>> 6] |= 1L << bit;
            a += b;
        }
    }

    void write(Sink sink) {
        sink.putByte((foldsIntoAscii ? 1 : 0) | (adjacent ? 2 : 0));
        gapEnds.write(sink);
        gapStarts.write(sink);
        write(sink, runs, RUN_BITS, FULL);
        write(sink, values, VALUE_BITS, VALUES_FULL);
        writeTriples(sink, gaps, TRIPLE_BITS);
        sink.put(columns.bytes, 0, columns.size);
    }

    private void writeTriples(Sink sink, byte[] noted, int bits) {
        for (int i = 0; i < 1 << bits - 6; i++) {
            long word = 0;
            for (int k = 0; k < 64; k += 8) {
                word |= (Hash.word(noted, i * 64 + k) * GATHER >>> 56) << k;
            }
            packed[i] = word;
        }
        write(sink, packed, bits, FULL);
    }

    /** Folds the map onto itself while it stays sparse: the upper bits of a position are dropped then. */
    private static void write(Sink sink, long[] map, int bits, double full) {
        int log = bits;
        int set = count(map, 0, 1 << log - 6);
        if (set == 0) {
            sink.putByte(EMPTY);
            return;
        }
        for (int half = 1 << log - 7; log > SMALLEST_BITS; half >>>= 1, log--) {
            if (count(map, half, half) > full * 64 * half) {
                break;
            }
            for (int i = 0; i < half; i++) {
                map[i] |= map[i + half];
            }
        }
        sink.putByte(log);
        sink.ensure(1 << log - 3);
        for (int i = 0; i < 1 << log - 6; i++) {
            sink.putLong(map[i]);
        }
    }

    /** How many bits are set in the first {@code n} once the map is folded by an offset. */
    private static int count(long[] map, int offset, int n) {
        int set = 0;
        for (int i = 0; i < n; i++) {
            set += Long.bitCount(map[i] | map[i + offset]);
        }
        return set;
    }
}
