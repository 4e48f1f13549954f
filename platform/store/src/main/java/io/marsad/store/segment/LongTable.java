package io.marsad.store.segment;

import java.util.Arrays;

/** Numbers distinct longs from 1 on, in the order they come. One thread. */
final class LongTable {
    private long[] keys = new long[64];
    private int count;
    /** 0 is free. */
    private int[] table = new int[128];

    int count() {
        return count;
    }

    /** What it takes in memory. */
    long weight() {
        return keys.length * 8L + table.length * 4L;
    }

    /** The number, or 0 when the key is not known. */
    int find(long key) {
        int mask = table.length - 1;
        int slot = (int) Hash.mix(key) & mask;
        for (int id; (id = table[slot]) != 0; slot = slot + 1 & mask) {
            if (keys[id] == key) {
                return id;
            }
        }
        return 0;
    }

    int id(long key) {
        int mask = table.length - 1;
        int slot = (int) Hash.mix(key) & mask;
        for (int id; (id = table[slot]) != 0; slot = slot + 1 & mask) {
            if (keys[id] == key) {
                return id;
            }
        }
        if (++count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
        }
        keys[count] = key;
        table[slot] = count;
        if (count * 2 > table.length) {
            grow();
        }
        return count;
    }

    private void grow() {
        table = new int[table.length * 4];
        int mask = table.length - 1;
        for (int id = 1; id <= count; id++) {
            int slot = (int) Hash.mix(keys[id]) & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = id;
        }
    }

    long key(int id) {
        return keys[id];
    }
}
