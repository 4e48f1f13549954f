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

    private byte[] text = new byte[4096];
    private int size;

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
            if (begin == floor) {
                floor = at + 1;
                continue;
            }
            int end = unescape(arena, begin, to);
            if (end < 0) {
                floor = -end;
                continue;
            }
            int known = next;
            for (int i = 0; i < Math.min(n, TRIES); i++) {
                int one = outside[known];
                known = known + 1 < n ? known + 1 : 0;
                int offset = batch.offset(first + one);
                if (batch.length(first + one) == size && Arrays.equals(arena, offset, offset + size, text, 0, size)) {
                    add(one, begin - from, end - begin);
                    next = known;
                    break;
                }
            }
            floor = end + 1;
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

    /** Where the closing quote is; or, negative, from where to go on as this is not what would be put back. */
    private int unescape(byte[] bytes, int from, int to) {
        if (text.length < to - from) {
            text = new byte[(to - from) * 2];
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '"') {
                size = n;
                return i;
            }
            if (b == '\\') {
                i++;
                b = i < to ? PLAIN[bytes[i] & 0xff] : 0;
                if (b == 0) {
                    return -i;
                }
            } else if (ESCAPE[b & 0xff] != 0) {
                return -(i + 1);
            }
            text[n++] = b;
        }
        return -to;
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
