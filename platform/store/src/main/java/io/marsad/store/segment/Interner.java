package io.marsad.store.segment;

import java.util.Arrays;

/** Numbers distinct byte strings in the order they come. */
final class Interner {
    byte[] data = new byte[512];
    int[] end = new int[16];
    int count;
    boolean added;

    private long[] hash = new long[16];
    private int[] table = new int[32];

    void clear() {
        Arrays.fill(table, 0);
        count = 0;
    }

    int start(int code) {
        return code == 0 ? 0 : end[code - 1];
    }

    int used() {
        return count == 0 ? 0 : end[count - 1];
    }

    /** The number of these bytes; {@link #added} says whether they are new. Eight bytes after their end may be read. */
    int intern(byte[] bytes, int offset, int length) {
        long h = Hash.of(bytes, offset, length, 0);
        int mask = table.length - 1;
        int slot = (int) h & mask;
        for (int code; (code = table[slot]) != 0; slot = slot + 1 & mask) {
            if (hash[code - 1] == h && same(code - 1, bytes, offset, length)) {
                added = false;
                return code - 1;
            }
        }
        append(bytes, offset, length, h);
        table[slot] = count;
        if (count * 2 > table.length) {
            rehash();
        }
        added = true;
        return count - 1;
    }

    private boolean same(int code, byte[] bytes, int offset, int length) {
        return Arrays.equals(data, start(code), end[code], bytes, offset, offset + length);
    }

    private void append(byte[] bytes, int offset, int length, long h) {
        if (count == end.length) {
            end = Arrays.copyOf(end, count * 2);
            hash = Arrays.copyOf(hash, count * 2);
        }
        int at = used();
        long need = (long) at + length + 16;
        if (need > data.length) {
            data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(need, data.length * 2L)));
        }
        System.arraycopy(bytes, offset, data, at, length);
        hash[count] = h;
        end[count++] = at + length;
    }

    private void rehash() {
        table = new int[table.length * 4];
        int mask = table.length - 1;
        for (int code = 0; code < count; code++) {
            int slot = (int) hash[code] & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = code + 1;
        }
    }
}
