package io.marsad.match;

/** Which pairs of bytes a folded value has, hashed into a few bits: most texts that are not in it are ruled out by them. */
final class Pairs {
    private static final int LOG = 10;

    /** The longs that one value takes. */
    static final int LONGS = 1 << LOG - 6;

    private Pairs() {}

    /** The bit of a pair. */
    static int bit(byte a, byte b) {
        return ((a & 0xff | (b & 0xff) << 8) * 0x9E3779B1) >>> 32 - LOG;
    }

    static boolean has(long[] bits, int at, int bit) {
        return (bits[at + (bit >>> 6)] >>> bit & 1) != 0;
    }

    /** Sets the bits of all pairs of the value; one byte after it may be read. */
    static void of(byte[] b, int from, int length, long[] bits, int at) {
        java.util.Arrays.fill(bits, at, at + LONGS, 0);
        for (int i = from, end = from + length - 1; i < end; i++) {
            int bit = bit(b[i], b[i + 1]);
            bits[at + (bit >>> 6)] |= 1L << bit;
        }
    }
}
