package io.marsad.store.segment;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers distinct values from 1 on, in the order they come; 0 stands for none. Keeps their bytes, no objects. Values of up
 * to 16 bytes stand in the table itself, so that finding one waits for memory once. One thread.
 */
final class ValueTable {
    private static final int SHORT = 16;
    /** So many places in the table are touched at once: they stay in the cache nearest to the processor. */
    private static final int AT_ONCE = 128;
    /** A table smaller than this grows fourfold, so that its values move less often. */
    private static final int LARGE = 1 << 22;

    private byte[] data = new byte[1 << 12];
    private int[] end = new int[64];
    private int count;
    /**
     * Four longs a slot. A short value: its bytes, twice eight, zeros behind them; a longer one: its hash and where in the
     * data it begins. Then length and number, of which 0 is a free slot. The fourth makes a slot half a cache line.
     */
    private long[] slots = new long[4 * 64];

    private int[] ids = {};
    private final long[] hashes = new long[AT_ONCE];
    /** Written so that reading ahead is not taken for useless. */
    private long waited;

    int count() {
        return count;
    }

    /** What it takes in memory. */
    long weight() {
        return data.length + end.length * 4L + slots.length * 8L;
    }

    /** Eight bytes after the value may be read. */
    int id(byte[] bytes, int offset, int length) {
        return id(bytes, offset, length, hash(bytes, offset, length));
    }

    private static long low(byte[] bytes, int offset, int length) {
        long word = Hash.word(bytes, offset);
        return length >= 8 ? word : word & (1L << (length << 3)) - 1;
    }

    private static long high(byte[] bytes, int offset, int length) {
        if (length <= 8) {
            return 0;
        }
        long word = Hash.word(bytes, offset + 8);
        return length >= SHORT ? word : word & (1L << (length - 8 << 3)) - 1;
    }

    private static long hash(byte[] bytes, int offset, int length) {
        return length <= SHORT
                ? hash(low(bytes, offset, length), high(bytes, offset, length), length)
                : Hash.of(bytes, offset, length, 0);
    }

    private static long hash(long low, long high, int length) {
        return Hash.mix(low ^ Long.rotateLeft(high * 0xD6E8FEB86659FD93L, 32) ^ length);
    }

    private int id(byte[] bytes, int offset, int length, long hash) {
        long first = length <= SHORT ? low(bytes, offset, length) : hash;
        long second = length <= SHORT ? high(bytes, offset, length) : end[count];
        int mask = slots.length - 4;
        int slot = (int) hash << 2 & mask;
        for (long known; (known = slots[slot + 2]) != 0; slot = slot + 4 & mask) {
            if (slots[slot] == first && known >>> 32 == length) {
                if (length <= SHORT ? slots[slot + 1] == second : isAt((int) slots[slot + 1], bytes, offset, length)) {
                    return (int) known;
                }
            }
        }
        add(bytes, offset, length);
        slots[slot] = first;
        slots[slot + 1] = second;
        slots[slot + 2] = (long) length << 32 | count;
        if (count * 6L > slots.length) { // two thirds are taken
            grow();
        }
        return count;
    }

    private boolean isAt(int at, byte[] bytes, int offset, int length) {
        return Arrays.equals(data, at, at + length, bytes, offset, offset + length);
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
        }
        for (int from = 0; from < n; from += AT_ONCE) {
            ids(bytes, starts, from, Math.min(n, from + AT_ONCE));
        }
        return ids;
    }

    private void ids(byte[] bytes, int[] starts, int from, int to) {
        var table = slots;
        int mask = table.length - 4;
        long touched = 0;
        for (int i = from; i < to; i++) {
            long hash = hash(bytes, starts[i], starts[i + 1] - starts[i]);
            hashes[i & AT_ONCE - 1] = hash;
            touched ^= table[(int) hash << 2 & mask];
        }
        waited = touched;
        for (int i = from; i < to; i++) {
            ids[i] = id(bytes, starts[i], starts[i + 1] - starts[i], hashes[i & AT_ONCE - 1]);
        }
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
        var old = slots;
        if (old.length > Integer.MAX_VALUE / 4) {
            throw new IllegalStateException("a table of values is too large");
        }
        slots = new long[old.length * (old.length < LARGE ? 4 : 2)];
        int mask = slots.length - 4;
        for (int from = 0; from < old.length; from += 4) {
            long known = old[from + 2];
            if (known != 0) {
                int length = (int) (known >>> 32);
                long hash = length <= SHORT ? hash(old[from], old[from + 1], length) : old[from];
                int slot = (int) hash << 2 & mask;
                while (slots[slot + 2] != 0) {
                    slot = slot + 4 & mask;
                }
                slots[slot] = old[from];
                slots[slot + 1] = old[from + 1];
                slots[slot + 2] = known;
            }
        }
    }

    String text(int id) {
        return new String(data, end[id - 1], end[id] - end[id - 1], StandardCharsets.UTF_8);
    }

    int compare(int a, int b) {
        return Arrays.compareUnsigned(data, end[a - 1], end[a], data, end[b - 1], end[b]);
    }
}
