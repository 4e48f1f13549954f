package io.marsad.match;

import java.util.Arrays;

/** Lists of numbers by a number: a bitmap that says no nearly always, in front of an open hash table. Immutable. */
final class IntLists {
    static final int MIX = 0x9E3779B1;
    private static final int OTHER_MIX = 0x85EBCA6B;

    private final long[] bits;
    private final int shift;
    private final int[] keys;
    /** By slot of the table: where its list starts, and after the last slot the end; a free slot's list is empty. */
    private final int[] starts;

    private final int[] values;
    private final int tableShift;

    private IntLists(Builder from) {
        int n = from.distinct;
        int log = n == 0 ? 6 : Math.clamp(32 - Integer.numberOfLeadingZeros(n * 12 + 1), n > 8 ? 13 : 9, 19);
        shift = 32 - log;
        bits = new long[1 << log - 6];
        keys = from.table;
        tableShift = from.tableShift;
        starts = new int[keys.length + 1];
        for (int slot = 0; slot < keys.length; slot++) {
            starts[slot + 1] = starts[slot] + from.counts[slot];
        }
        values = new int[from.size];
        var at = Arrays.copyOf(starts, keys.length);
        for (int i = 0; i < from.size; i++) {
            int key = from.keys[i];
            values[at[slot(key)]++] = from.values[i];
            int h = key * MIX >>> shift;
            bits[h >>> 6] |= 1L << h;
        }
    }

    boolean isEmpty() {
        return values.length == 0;
    }

    /** The bit {@code key * MIX >>> shift} is set for each key that is there. */
    long[] bits() {
        return bits;
    }

    int shift() {
        return shift;
    }

    boolean mayHave(int key) {
        int h = key * MIX >>> shift;
        return (bits[h >>> 6] >>> h & 1) != 0;
    }

    /** Where the key's list is, or -1. */
    int find(int key) {
        int slot = slot(key);
        return starts[slot + 1] > starts[slot] ? slot : -1;
    }

    private int slot(int key) {
        int slot = key * OTHER_MIX >>> tableShift;
        while (keys[slot] != key && starts[slot + 1] > starts[slot]) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    int start(int at) {
        return starts[at];
    }

    int end(int at) {
        return starts[at + 1];
    }

    int value(int index) {
        return values[index];
    }

    /** Collects keys with values. */
    static final class Builder {
        private int[] keys;
        private int[] values;
        private int size;
        private int[] table = new int[4];
        private int[] counts = new int[4];
        private int tableShift = 30;
        private int distinct;

        Builder(int expected) {
            keys = new int[Math.max(4, expected)];
            values = new int[keys.length];
        }

        void add(int key, int value) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = key;
            values[size++] = value;
            int slot = slot(key);
            if (counts[slot]++ == 0) {
                table[slot] = key;
                if (++distinct * 3 > table.length) {
                    grow();
                }
            }
        }

        /** How many values the key has so far. */
        int count(int key) {
            return counts[slot(key)];
        }

        private int slot(int key) {
            int slot = key * OTHER_MIX >>> tableShift;
            while (counts[slot] != 0 && table[slot] != key) {
                slot = slot + 1 & table.length - 1;
            }
            return slot;
        }

        private void grow() {
            var oldTable = table;
            var oldCounts = counts;
            table = new int[oldTable.length * 2];
            counts = new int[table.length];
            tableShift--;
            for (int i = 0; i < oldTable.length; i++) {
                if (oldCounts[i] != 0) {
                    int slot = slot(oldTable[i]);
                    table[slot] = oldTable[i];
                    counts[slot] = oldCounts[i];
                }
            }
        }

        IntLists build() {
            return new IntLists(this);
        }
    }
}
