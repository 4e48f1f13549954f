package io.marsad.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Looking into byte arrays. */
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    /** The four bytes from here on as a number. */
    static int word(byte[] b, int at) {
        return (int) INT.get(b, at);
    }

    /** The eight bytes from here on as a number. */
    static long longWord(byte[] b, int at) {
        return (long) LONG.get(b, at);
    }

    /** Whether all of them are ASCII. */
    static boolean isAscii(byte[] b, int from, int length) {
        long seen = 0;
        int i = 0;
        for (; i + 32 <= length; i += 32) {
            int at = from + i;
            seen |= longWord(b, at) | longWord(b, at + 8) | longWord(b, at + 16) | longWord(b, at + 24);
        }
        for (; i + 8 <= length; i += 8) {
            seen |= longWord(b, from + i);
        }
        for (; i < length; i++) {
            seen |= b[from + i];
        }
        return (seen & 0x8080_8080_8080_8080L) == 0;
    }

    /** Where the needle first stands in the stretch, or -1. */
    static int indexOf(byte[] b, int from, int length, byte[] needle) {
        int n = needle.length;
        if (n == 0) {
            return from;
        }
        int last = from + length - n;
        if (n >= 4) {
            int head = word(needle, 0);
            for (int i = from; i <= last; i++) {
                if (word(b, i) == head && Arrays.equals(b, i + 4, i + n, needle, 4, n)) {
                    return i;
                }
            }
            return -1;
        }
        byte head = needle[0];
        for (int i = from; i <= last; i++) {
            if (b[i] == head && Arrays.equals(b, i + 1, i + n, needle, 1, n)) {
                return i;
            }
        }
        return -1;
    }
}
