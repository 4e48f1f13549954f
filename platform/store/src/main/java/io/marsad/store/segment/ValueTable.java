package io.marsad.store.segment;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers distinct values from 1 on, in the order they come; 0 stands for none. Keeps their bytes, no objects. One
 * thread.
 */
final class ValueTable {
    private byte[] data = new byte[1 << 12];
    private int[] end = new int[64];
    private int count;
    /** Upper half of the hash, then the number; 0 is free. */
    private long[] table = new long[256];

    private int[] ids = {};
    private long[] touched = {};
    /** Written so that reading ahead is not taken for useless. */
    private byte waited;

    int count() {
        return count;
    }

    /** What it takes in memory. */
    long weight() {
        return data.length + end.length * 4L + table.length * 8L;
    }

    /** Eight bytes after the value may be read. */
    int id(byte[] bytes, int offset, int length) {
        long hash = Hash.of(bytes, offset, length, 0);
        long tag = hash & 0xFFFF_FFFF_0000_0000L;
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        for (long known; (known = table[slot]) != 0; slot = slot + 1 & mask) {
            if ((known & 0xFFFF_FFFF_0000_0000L) == tag) {
                int id = (int) known;
                if (Arrays.equals(data, end[id - 1], end[id], bytes, offset, offset + length)) {
                    return id;
                }
            }
        }
        add(bytes, offset, length);
        table[slot] = tag | count;
        if (count * 2 > table.length) {
            grow();
        }
        return count;
    }

    /**
     * The numbers of many values that stand one after the other. Their places in the table are touched first, all at
     * once, so that memory is waited for once and not value by value.
     *
     * @param starts where each begins; one more than there are values
     */
    int[] ids(byte[] bytes, int[] starts, int n) {
        if (ids.length < n) {
            ids = new int[n];
            touched = new long[n];
        }
        int mask = table.length - 1;
        for (int i = 0; i < n; i++) {
            touched[i] = table[(int) Hash.of(bytes, starts[i], starts[i + 1] - starts[i], 0) & mask];
        }
        byte used = 0;
        for (int i = 0; i < n; i++) {
            ids[i] = (int) touched[i] == 0 ? 0 : end[(int) touched[i] - 1];
        }
        for (int i = 0; i < n; i++) {
            used ^= data[ids[i]];
        }
        waited = used;
        for (int i = 0; i < n; i++) {
            int likely = (int) touched[i];
            ids[i] = likely != 0 && Arrays.equals(data, end[likely - 1], end[likely], bytes, starts[i], starts[i + 1])
                    ? likely
                    : id(bytes, starts[i], starts[i + 1] - starts[i]);
        }
        return ids;
    }

    private void add(byte[] bytes, int offset, int length) {
        count++;
        if (count == end.length) {
            end = Arrays.copyOf(end, count * 2);
        }
        int at = end[count - 1];
        long need = (long) at + length + 16;
        if (need > data.length) {
            if (need > Integer.MAX_VALUE - 64) {
                throw new IllegalStateException("a table of values holds less than 2 GiB");
            }
            data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(need, data.length * 2L)));
        }
        System.arraycopy(bytes, offset, data, at, length);
        end[count] = at + length;
    }

    private void grow() {
        table = new long[table.length * 4];
        int mask = table.length - 1;
        for (int id = 1; id <= count; id++) {
            long hash = Hash.of(data, end[id - 1], end[id] - end[id - 1], 0);
            int slot = (int) hash & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = hash & 0xFFFF_FFFF_0000_0000L | id;
        }
    }

    String text(int id) {
        return new String(data, end[id - 1], end[id] - end[id - 1], StandardCharsets.UTF_8);
    }

    int compare(int a, int b) {
        return Arrays.compareUnsigned(data, end[a - 1], end[a], data, end[b - 1], end[b]);
    }
}
