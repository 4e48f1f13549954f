package io.marsad.normalize.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Eight bytes at a time: the first byte is the lowest. */
public final class Words {
    static final long ONES = 0x0101010101010101L;
    static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** @throws IndexOutOfBoundsException when the array ends before */
    public static long at(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    static long mix(long h) {
        h *= 0x9E3779B97F4A7C15L;
        return h ^ (h >>> 29);
    }

    static void put(byte[] bytes, int offset, long word) {
        LONG.set(bytes, offset, word);
    }

    /** The high bit of each byte that is a backslash; only the lowest is to be relied on. */
    static long backslashes(long word) {
        long backslash = word ^ BACKSLASHES;
        return backslash - ONES & ~backslash & HIGHS;
    }

    /** A word of eight times the same character. */
    public static long each(char ascii) {
        return ONES * ascii;
    }

    /** The high bit of each byte that two words have alike; only the lowest is to be relied on. */
    public static long same(long one, long other) {
        long different = one ^ other;
        return different - ONES & ~different & HIGHS;
    }

    /** Where a byte is first, from {@code from} to before {@code to}, or -1. */
    public static int indexOf(byte b, byte[] bytes, int from, int to) {
        long all = ONES * (b & 0xFF);
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long found = same(at(bytes, i), all);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == b) {
                return i;
            }
        }
        return -1;
    }

    static boolean equal(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
        if (length >= 8) {
            int last = length - 8;
            for (int i = 0; i < last; i += 8) {
                if (at(a, aFrom + i) != at(b, bFrom + i)) {
                    return false;
                }
            }
            return at(a, aFrom + last) == at(b, bFrom + last);
        }
        if (length > 0 && aFrom + 8 <= a.length && bFrom + 8 <= b.length) {
            return (at(a, aFrom) ^ at(b, bFrom)) << (8 - length << 3) == 0;
        }
        return Arrays.equals(a, aFrom, aFrom + length, b, bFrom, bFrom + length);
    }

    /** The high bit of each byte that a JSON string cannot just run over; only the lowest is to be relied on. */
    static long stringStops(long word) {
        return asciiStringStops(word) | word & HIGHS;
    }

    /** The same, where bytes beyond ASCII are run over as well. */
    public static long asciiStringStops(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        return ((quote - ONES & ~quote) | (backslash - ONES & ~backslash) | (word - SPACES & ~word)) & HIGHS;
    }
}
