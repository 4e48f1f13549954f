package io.marsad.match.indicator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-1-3 with 128 bits of output (Aumasson and Bernstein, 2012, and its reference code): who does not know the key cannot
 * choose values that collide.
 *
 * @param k0 the key's first 8 bytes, little-endian
 * @param k1 its last 8 bytes
 */
record SipHash(long k0, long k1) {
    private static final int LAST_ROUNDS = 3;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The first 64 bits. */
    long first(byte[] b, int from, int length) {
        return half(false, b, from, length);
    }

    /** The other 64 bits; reads the value again, because they are hardly ever asked for. */
    long second(byte[] b, int from, int length) {
        return half(true, b, from, length);
    }

    /** One round for each word and the rest, three for the first half, three more for the second: all in one loop. */
    private long half(boolean second, byte[] b, int from, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int words = length >>> 3;
        int rounds = words + 1 + (second ? 2 * LAST_ROUNDS : LAST_ROUNDS);
        for (int round = 0; round < rounds; round++) {
            long word = round < words ? (long) WORDS.get(b, from + (round << 3)) : 0;
            if (round == words) {
                word = rest(b, from, length);
            } else if (round == words + 1) {
                v2 ^= 0xee;
            } else if (round == words + 1 + LAST_ROUNDS) {
                v1 ^= 0xdd;
            }
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** The bytes after the last whole word, and the length. */
    private static long rest(byte[] b, int from, int length) {
        long word = (long) length << 56;
        int whole = length & ~7;
        if (length > 8) {
            int left = length - whole;
            return left == 0 ? word : word | (long) WORDS.get(b, from + length - 8) >>> (8 - left << 3);
        }
        for (int i = length - 1; i >= whole; i--) {
            word |= (b[from + i] & 0xFFL) << ((i - whole) << 3);
        }
        return word;
    }
}
