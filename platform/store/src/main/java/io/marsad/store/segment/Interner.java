package io.marsad.store.segment;

import java.util.Arrays;

/** Numbers distinct byte strings in the order they come. */
final class Interner {
    byte[] data = new byte[512];
    int[] end = new int[16];
    int count;
    boolean added;
    private int last;

    /** Upper half of the hash, then the number and one; 0 is free. */
    private long[] table = new long[32];

    void clear() {
        Arrays.fill(table, 0);
        count = 0;
        if (data.length > ColumnBuilder.KEPT_BYTES) {
            data = new byte[512];
        }
    }

    int start(int code) {
        return code == 0 ? 0 : end[code - 1];
    }

    int used() {
        return count == 0 ? 0 : end[count - 1];
    }

    /** The number of these bytes; {@link #added} says whether they are new. Eight bytes after their end may be read. */
    int intern(byte[] bytes, int offset, int length) {
        if (count > 0 && same(last, bytes, offset, length)) { // many fields say the same for rows on end
            added = false;
            return last;
        }
        long h = Hash.of(bytes, offset, length, 0);
        long tag = h & 0xFFFF_FFFF_0000_0000L;
        int mask = table.length - 1;
        int slot = (int) h & mask;
        for (long known; (known = table[slot]) != 0; slot = slot + 1 & mask) {
            if ((known & 0xFFFF_FFFF_0000_0000L) == tag && same((int) known - 1, bytes, offset, length)) {
                added = false;
                last = (int) known - 1;
                return last;
            }
        }
        append(bytes, offset, length);
        table[slot] = tag | count;
        if (count * 2 > table.length) {
            rehash();
        }
        added = true;
        last = count - 1;
        return last;
    }

    private boolean same(int code, byte[] bytes, int offset, int length) {
        int at = start(code);
        if (end[code] - at != length) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (Hash.word(data, at + i) != Hash.word(bytes, offset + i)) {
                return false;
            }
        }
        return i == length || (Hash.word(data, at + i) ^ Hash.word(bytes, offset + i)) << (8 - (length - i) << 3) == 0;
    }

    private void append(byte[] bytes, int offset, int length) {
        if (count == end.length) {
            end = Arrays.copyOf(end, count * 2);
        }
        int at = used();
        long need = (long) at + length + 16;
        if (need > data.length) {
            data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(need, data.length * 2L)));
        }
        System.arraycopy(bytes, offset, data, at, length);
        end[count++] = at + length;
    }

    private void rehash() {
        table = new long[table.length * 4];
        int mask = table.length - 1;
        for (int code = 0; code < count; code++) {
            long h = Hash.of(data, start(code), end[code] - start(code), 0);
            int slot = (int) h & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = h & 0xFFFF_FFFF_0000_0000L | code + 1;
        }
    }
}
