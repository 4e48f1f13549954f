package io.marsad.normalize.mapping;

import io.marsad.normalize.format.Words;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Finds texts among few, from their bytes, without regard to the case of ASCII letters. Immutable. */
final class ByteTable {
    private static final long CASE = 0x2020202020202020L;

    private final byte[][] keys;
    private final int[] slots; // 1 + index of a key; 0 is empty
    private final int mask;
    /** Which lengths keys have, the last bit for all from 63 on: most values differ from all keys in that already. */
    private final long lengths;

    ByteTable(Collection<String> texts) {
        keys = new byte[texts.size()][];
        int capacity = Integer.highestOneBit(Math.max(4, texts.size() * 3)) << 1;
        slots = new int[capacity];
        mask = capacity - 1;
        int index = 0;
        long met = 0;
        for (String text : texts) {
            var key = text.getBytes(StandardCharsets.UTF_8);
            met |= 1L << Math.min(63, key.length);
            keys[index] = key;
            int slot = hash(key, 0, key.length) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = ++index;
        }
        lengths = met;
    }

    /** The index of the first such text in the order given, or -1. */
    int find(byte[] bytes, int offset, int length) {
        if ((lengths >>> Math.min(63, length) & 1) == 0) {
            return -1;
        }
        for (int slot = hash(bytes, offset, length) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            if (equal(keys[slots[slot] - 1], bytes, offset, length)) {
                return slots[slot] - 1;
            }
        }
        return -1;
    }

    boolean contains(byte[] bytes, int offset, int length) {
        return find(bytes, offset, length) >= 0;
    }

    private static int hash(byte[] bytes, int offset, int length) {
        if (length < 8) {
            int h = length;
            for (int i = offset, end = offset + length; i < end; i++) {
                h = h * 31 + lower(bytes[i]);
            }
            return h ^ h >>> 15;
        }
        // What differs in case alone has the same hash; what differs in these bits of other characters may as well.
        long h = (Words.at(bytes, offset) | CASE) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32 ^ length ^ (Words.at(bytes, offset + length - 8) | CASE)) * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 40);
    }

    private static boolean equal(byte[] key, byte[] bytes, int offset, int length) {
        if (key.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(key[i]) != lower(bytes[offset + i])) {
                return false;
            }
        }
        return true;
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
