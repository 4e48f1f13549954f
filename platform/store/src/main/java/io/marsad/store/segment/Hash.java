package io.marsad.store.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes of values; part of the file format, so they never change within a version. */
final class Hash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = ONES << 7;

    private Hash() {}

    static long mix(long h) {
        long x = h * PRIME;
        x ^= x >>> 32;
        x *= 0xD6E8FEB86659FD93L;
        return x ^ x >>> 29;
    }

    /** Of bytes; eight bytes after their end are read but do not count. */
    static long of(byte[] bytes, int offset, int length, long seed) {
        long h = seed ^ length * PRIME;
        int i = offset;
        int end = offset + length;
        for (; i + 8 <= end; i += 8) {
            h = (h ^ (long) LONG.get(bytes, i)) * PRIME;
            h ^= h >>> 32;
        }
        if (i < end) {
            h = (h ^ (long) LONG.get(bytes, i) & (1L << ((end - i) << 3)) - 1) * PRIME;
            h ^= h >>> 32;
        }
        return mix(h);
    }

    /** Lower-cases ASCII letters into another array that has eight bytes to spare; eight bytes too many may be read. */
    static void lower(byte[] from, int offset, int length, byte[] to, int at) {
        for (int i = 0; i < length; i += 8) {
            long word = (long) LONG.get(from, offset + i);
            long low = word & ~HIGH;
            long upper = (low + 0x3f * ONES ^ low + 0x25 * ONES) & HIGH & ~word;
            LONG.set(to, at + i, word | upper >>> 2);
        }
    }

    static long word(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static long ofId(long high, long low) {
        return mix(mix(high) ^ low);
    }
}
