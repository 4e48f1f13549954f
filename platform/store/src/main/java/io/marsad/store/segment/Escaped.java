package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import java.util.Arrays;

/**
 * Finds values that stand in a record with JSON's escapes, where the entry is a copy without them: the record's skeleton
 * then leaves them out like any other value. Only escapes that come out the same byte for byte when they are put back
 * count: {@code \" \\ \b \f \n \r \t}, each of these characters escaped. One thread.
 */
final class Escaped {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = ONES << 7;
    private static final long BACKSLASHES = ONES * '\\';
    private static final long QUOTES = ONES * '"';
    private static final long SPACES = ONES * ' ';
    private static final String SHORT = "\"\\bfnrt";
    private static final String MEANT = "\"\\\b\f\n\r\t";
    /** For each byte what stands behind the backslash, or 0. */
    private static final byte[] ESCAPE = new byte[256];

    /** For each byte behind a backslash what is meant, or 0. */
    private static final byte[] PLAIN = new byte[256];

    static {
        for (int i = 0; i < SHORT.length(); i++) {
            ESCAPE[MEANT.charAt(i)] = (byte) SHORT.charAt(i);
            PLAIN[SHORT.charAt(i)] = (byte) MEANT.charAt(i);
        }
    }

    /** So many entries are compared with a text; they come in the record's order, mostly, so that the first fits. */
    private static final int TRIES = 64;

    /** What was found: the entries' places in the row, where in the record, and how long there. */
    int count;

    int[] entry = new int[16];
    int[] start = new int[16];
    int[] length = new int[16];

    /** What is meant by a byte behind a backslash; 0 when nothing is. */
    static byte plain(byte escaped) {
        return PLAIN[escaped & 0xff];
    }

    static void put(byte[] bytes, int from, int length, Sink into) {
        into.ensure(2 * length);
        var out = into.bytes;
        int at = into.size;
        for (int i = from; i < from + length; i++) {
            byte b = bytes[i];
            byte escape = ESCAPE[b & 0xff];
            if (escape != 0) {
                out[at++] = '\\';
                b = escape;
            }
            out[at++] = b;
        }
        into.size = at;
    }

    /**
     * Looks through a row's record.
     *
     * @param outside the entries that point elsewhere, by their place in the row, in order
     */
    void find(EventBatch batch, int row, int[] outside, int n) {
        count = 0;
        if (n == 0) {
            return;
        }
        var arena = batch.arena();
        int from = batch.rawOffset(row);
        int to = from + batch.rawLength(row);
        int first = batch.first(row);
        int floor = from;
        int next = 0;
        for (int at = backslash(arena, from, to); at >= 0; at = backslash(arena, floor, to)) {
            int begin = at;
            while (begin > floor && arena[begin - 1] != '"') {
                begin--;
            }
            boolean opened = begin > floor;
            floor = Math.min(at + 2, to); // where no string begins, or one that no entry is, on behind this escape
            if (!opened) {
                continue;
            }
            int known = next;
            for (int i = 0; i < Math.min(n, TRIES); i++) {
                int one = outside[known];
                known = known + 1 < n ? known + 1 : 0;
                int length = batch.length(first + one);
                int end = length > at - begin ? fits(arena, begin, to, batch.offset(first + one), length) : -1;
                if (end >= 0) {
                    add(one, begin - from, end - begin);
                    next = known;
                    floor = end + 1;
                    break;
                }
            }
        }
    }

    private void add(int one, int at, int bytes) {
        if (count == entry.length) {
            entry = Arrays.copyOf(entry, count * 2);
            start = Arrays.copyOf(start, count * 2);
            length = Arrays.copyOf(length, count * 2);
        }
        entry[count] = one;
        start[count] = at;
        length[count++] = bytes;
    }

    /** Where the closing quote is when the string that begins here is the value as it is escaped; else -1. */
    private static int fits(byte[] bytes, int from, int to, int value, int length) {
        int i = from;
        int j = value;
        int end = value + length;
        while (j < end && i < to) {
            int plain = Math.min(plain(Hash.word(bytes, i)), Math.min(end - j, to - i));
            if (plain > 0) {
                if ((Hash.word(bytes, i) ^ Hash.word(bytes, j)) << 64 - 8 * plain != 0) {
                    return -1;
                }
                i += plain;
                j += plain;
                continue;
            }
            if (bytes[i] != '\\' || i + 1 == to) {
                return -1;
            }
            byte meant = PLAIN[bytes[i + 1] & 0xff];
            if (meant == 0 || meant != bytes[j++]) {
                return -1;
            }
            i += 2;
        }
        return j == end && i < to && bytes[i] == '"' ? i : -1;
    }

    /** How many of the eight bytes, from the first on, are neither an escape nor written as one. */
    private static int plain(long word) {
        long backslash = word ^ BACKSLASHES;
        long quote = word ^ QUOTES;
        long found = backslash - ONES & ~backslash | quote - ONES & ~quote | word - SPACES & ~word;
        return Long.numberOfTrailingZeros(found & HIGH) >>> 3; // what a borrow adds stands behind the first
    }

    private static int backslash(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i += 8) { // eight bytes after the record may be read
            long x = Hash.word(bytes, i) ^ BACKSLASHES;
            long zero = x - ONES & ~x & HIGH;
            if (zero != 0) {
                int at = i + (Long.numberOfTrailingZeros(zero) >>> 3);
                return at < to ? at : -1;
            }
        }
        return -1;
    }
}
