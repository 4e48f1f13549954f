package io.marsad.store.segment;

import java.util.Arrays;

/** Remembers lines of a text, in few places, so that some are forgotten. One thread. */
final class Lines {
    private static final int PLACES = 1024;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = ONES << 7;
    private static final long FEEDS = ONES * '\n';

    /** Where a line begins, and its length; 0 is none. */
    private final long[] known = new long[PLACES];

    private boolean some;

    void clear() {
        if (some) {
            Arrays.fill(known, 0);
            some = false;
        }
    }

    /** Where the line ends: behind its feed, or at the text's end. Eight bytes after it may be read. */
    static int end(byte[] text, int from, int to) {
        for (int i = from; i < to; i += 8) {
            long x = Hash.word(text, i) ^ FEEDS;
            long zero = x - ONES & ~x & HIGH;
            if (zero != 0) {
                return Math.min(to, i + (Long.numberOfTrailingZeros(zero) >>> 3) + 1);
            }
        }
        return to;
    }

    /** Was the same line asked about before? From now on it is known. */
    boolean known(byte[] text, int from, int to) {
        int length = to - from;
        int place = (int) Hash.of(text, from, length, 0) & PLACES - 1;
        long one = known[place];
        known[place] = (long) from << 32 | length;
        some = true;
        int at = (int) (one >>> 32);
        return (int) one == length && Arrays.equals(text, at, at + length, text, from, to);
    }
}
