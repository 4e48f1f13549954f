package io.marsad.store.segment;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How many different values: exact by their hashes up to a number, then an estimate (HyperLogLog, 4,096 registers). */
final class Distinct extends Measuring {
    private static final int EXACT = 10_000;
    private static final int BITS = 12;

    private final Map<Integer, Hashes> groups = new HashMap<>();
    private long weight;

    private static final class Hashes {
        private long[] table = new long[8];
        private int count;
        private boolean zero;
        private byte[] registers = {};
    }

    @Override
    void add(int group, RowValues values, int n, Clock clock) throws IOException {
        var hashes = groups.get(group);
        if (hashes == null) {
            hashes = new Hashes();
            groups.put(group, hashes);
            weight += 200;
        }
        for (int k = 0; k < n; k++) {
            values.at(k);
            add(hashes, Hash.of(values.bytes(), values.offset(), values.length(), 7));
        }
    }

    private void add(Hashes to, long hash) {
        if (to.registers.length > 0) {
            register(to.registers, hash);
        } else if (hash == 0) {
            to.zero = true;
        } else if (insert(to.table, hash)) {
            to.count++;
            if (to.count > EXACT) {
                estimate(to);
            } else if (to.count * 2 > to.table.length) {
                var grown = new long[to.table.length * 2];
                for (long one : to.table) {
                    if (one != 0) {
                        insert(grown, one);
                    }
                }
                weight += 8L * to.table.length;
                to.table = grown;
            }
        }
    }

    private static boolean insert(long[] table, long hash) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        while (table[slot] != 0) {
            if (table[slot] == hash) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        table[slot] = hash;
        return true;
    }

    private void estimate(Hashes of) {
        of.registers = new byte[1 << BITS];
        for (long one : of.table) {
            if (one != 0) {
                register(of.registers, one);
            }
        }
        weight += of.registers.length - 8L * of.table.length;
        of.table = new long[0];
    }

    private static void register(byte[] registers, long hash) {
        int at = (int) (hash >>> 64 - BITS);
        int rank = Long.numberOfLeadingZeros(hash << BITS | 1L << BITS - 1) + 1;
        registers[at] = (byte) Math.max(registers[at], rank);
    }

    @Override
    Object result(int group) {
        var hashes = groups.get(group);
        if (hashes == null) {
            return 0L;
        }
        if (hashes.registers.length == 0) {
            return (long) hashes.count + (hashes.zero ? 1 : 0);
        }
        int m = 1 << BITS;
        double sum = 0;
        int empty = 0;
        for (byte register : hashes.registers) {
            sum += 1.0 / (1L << register);
            empty += register == 0 ? 1 : 0;
        }
        double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
        if (estimate < 2.5 * m && empty > 0) {
            estimate = m * Math.log((double) m / empty);
        }
        return Math.round(estimate);
    }

    @Override
    long weight() {
        return weight;
    }
}
