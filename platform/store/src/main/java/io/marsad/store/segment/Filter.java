package io.marsad.store.segment;

/**
 * What a block may hold, in three bit maps. Grams: of all text in the rows (values and raw records, ASCII letters lower),
 * every run of three bytes, and of the runs of eight those whose hash says so, so that long values such as addresses and
 * hashes are told apart although all their triples are common. Values: field and whole value together, and ids.
 *
 * <p>"May be there" can be wrong; "is not there" never is, for text without the two letters outside ASCII that fold into
 * it ({@code K} for kelvin, long s): a block that has them says so and is never passed over.
 */
final class Filter {
    static final int PROBES = 3;
    /** A map is halved while no more than this part of its bits is set. */
    private static final double FULL = 0.30;

    private static final int TRIPLE_BITS = 18;
    private static final int RUN_BITS = 20;
    private static final int VALUE_BITS = 20;

    private long[] triples = new long[1 << TRIPLE_BITS - 6];
    private long[] runs = new long[1 << RUN_BITS - 6];
    private long[] values = new long[1 << VALUE_BITS - 6];
    private boolean foldsIntoAscii;
    private byte[] lower = new byte[4096];

    /** Adds all grams of a text. Eight bytes after its end may be read. */
    void addText(byte[] bytes, int offset, int length) {
        if (lower.length < length + 16) {
            lower = new byte[length * 2 + 16];
        }
        var text = lower;
        Hash.lower(bytes, offset, length, text, 0);
        long seen = 0;
        int i = 0;
        for (int last = length - 8; i <= last; i++) {
            long word = Hash.word(text, i);
            seen |= word;
            int triple = tripleHash(word) & (1 << TRIPLE_BITS) - 1;
            triples[triple >>> 6] |= 1L << triple;
            long run = word * RUN_PRIME;
            if (sampled(run)) {
                int bit = runHash(run) & (1 << RUN_BITS) - 1;
                runs[bit >>> 6] |= 1L << bit;
            }
        }
        for (; i <= length - 3; i++) {
            int triple = tripleHash(Hash.word(text, i)) & (1 << TRIPLE_BITS) - 1;
            triples[triple >>> 6] |= 1L << triple;
        }
        for (int k = Math.max(0, length - 8); k < length; k++) {
            seen |= text[k] & 0x80;
        }
        if ((seen & 0x8080_8080_8080_8080L) != 0) {
            foldsIntoAscii |= hasFolding(text, length);
        }
    }

    private static final long RUN_PRIME = 0x9E3779B97F4A7C15L;

    static int tripleHash(long word) {
        return (int) (word & 0xFFFFFF) * 0x9E3779B1 >>> 32 - TRIPLE_BITS;
    }

    static boolean sampled(long run) {
        return run >>> 61 == 0;
    }

    static int runHash(long run) {
        return (int) (run >>> 61 - RUN_BITS);
    }

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

    /** Adds a value of a field, whose name's hash is the seed. Eight bytes after its end may be read. */
    void addValue(long seed, byte[] bytes, int offset, int length) {
        if (lower.length < length + 16) {
            lower = new byte[length * 2 + 16];
        }
        Hash.lower(bytes, offset, length, lower, 0);
        addHash(Hash.of(lower, 0, length, seed));
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

    void clear() {
        java.util.Arrays.fill(triples, 0);
        java.util.Arrays.fill(runs, 0);
        java.util.Arrays.fill(values, 0);
        foldsIntoAscii = false;
    }

    void write(Sink sink) {
        sink.putByte(foldsIntoAscii ? 1 : 0);
        writeMap(sink, triples, TRIPLE_BITS);
        writeMap(sink, runs, RUN_BITS);
        writeMap(sink, values, VALUE_BITS);
    }

    /** Folds the map onto itself while it stays sparse: the upper bits of a position are dropped then. */
    private static void writeMap(Sink sink, long[] map, int bits) {
        int log = bits;
        long[] folded = map;
        while (log > 9) {
            int half = 1 << log - 7;
            var smaller = new long[half];
            int set = 0;
            for (int i = 0; i < half; i++) {
                smaller[i] = folded[i] | folded[i + half];
                set += Long.bitCount(smaller[i]);
            }
            if (set > FULL * 64 * half) {
                break;
            }
            folded = smaller;
            log--;
        }
        sink.putByte(log);
        for (int i = 0; i < 1 << log - 6; i++) {
            sink.putLong(folded[i]);
        }
    }

    /** A filter as it was written: immutable. */
    static final class Read {
        private final byte[] bytes;
        private final boolean foldsIntoAscii;
        private final int[] start = new int[3];
        private final int[] mask = new int[3];

        Read(byte[] bytes) throws DamagedException {
            this.bytes = bytes;
            var in = new Source(bytes);
            foldsIntoAscii = in.getByte() != 0;
            for (int i = 0; i < 3; i++) {
                int log = in.getByte();
                if (log < 6 || log > 26) {
                    throw new DamagedException("a filter of 2^" + log + " bits");
                }
                mask[i] = (1 << log) - 1;
                start[i] = in.skip(1 << log - 3);
            }
        }

        int size() {
            return bytes.length;
        }

        /** Is there a letter outside ASCII in the block that folds into ASCII? */
        boolean foldsIntoAscii() {
            return foldsIntoAscii;
        }

        private boolean bit(int map, int position) {
            int bit = position & mask[map];
            return (bytes[start[map] + (bit >>> 3)] & 1 << (bit & 7)) != 0;
        }

        /** @param lower ASCII, lower case, with eight bytes to spare */
        boolean mayHaveText(byte[] lower, int length) {
            if (foldsIntoAscii) {
                return true;
            }
            for (int i = 0; i + 3 <= length; i++) {
                if (!bit(0, tripleHash(Hash.word(lower, i)))) {
                    return false;
                }
            }
            for (int i = 0; i + 8 <= length; i++) {
                long run = Hash.word(lower, i) * RUN_PRIME;
                if (sampled(run) && !bit(1, runHash(run))) {
                    return false;
                }
            }
            return true;
        }

        /** @param hash of field and value, see {@link Filter#addValue} */
        boolean mayHaveValue(long hash) {
            return foldsIntoAscii || mayHaveId(hash);
        }

        boolean mayHaveId(long hash) {
            int a = (int) hash;
            int b = (int) (hash >>> 32) | 1;
            for (int i = 0; i < PROBES; i++) {
                if (!bit(2, a)) {
                    return false;
                }
                a += b;
            }
            return true;
        }
    }
}
