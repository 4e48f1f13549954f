package io.marsad.store.segment;

import java.util.Arrays;

/**
 * The ends of texts that have a value behind them, or the beginnings of those that have one before them: of each the three
 * bytes next to the value, or all when there are fewer. Tells where a text that is looked for cannot reach from a record
 * into a value. One thread while it is made, then immutable.
 */
final class Edges {
    /** With more than this many nothing is denied. */
    private static final int MOST = 1024;

    private static final int BYTES = 3;

    private final int[] table;
    private int[] packed;
    private int count;
    private boolean tooMany;
    /** Where in {@link #packed} those begin that have a byte next to the value; they are in that order once read. */
    private final short[] from = new short[257];

    Edges() {
        table = new int[4 * MOST];
        packed = new int[64];
    }

    Edges(Source in) throws DamagedException {
        table = new int[0];
        int stored = in.getCount(MOST + 1);
        tooMany = stored > MOST;
        packed = new int[tooMany ? 0 : stored];
        int before = 0;
        while (count < packed.length) {
            packed[count] = in.getInt();
            int next = packed[count] & 0xff;
            if (next < before) {
                throw new DamagedException("edges out of order");
            }
            Arrays.fill(from, before + 1, next + 1, (short) count++);
            before = next;
        }
        Arrays.fill(from, before + 1, 257, (short) count);
    }

    void clear() {
        Arrays.fill(table, 0);
        count = 0;
        tooMany = false;
    }

    /**
     * @param at the byte next to the value
     * @param step 1 when the text goes on after it, -1 when before
     * @param length of the text, at least 1
     */
    void add(byte[] text, int at, int step, int length) {
        if (tooMany) {
            return;
        }
        int n = Math.min(length, BYTES);
        int one = n << 24;
        for (int i = 0; i < n; i++) {
            one |= (text[at + i * step] & 0xff) << 8 * i;
        }
        int mask = table.length - 1;
        int slot = one * 0x9E3779B1 >>> 20 & mask;
        for (; table[slot] != 0; slot = slot + 1 & mask) {
            if (table[slot] == one) {
                return;
            }
        }
        if (count == MOST) {
            tooMany = true;
            return;
        }
        table[slot] = one;
        if (count == packed.length) {
            packed = Arrays.copyOf(packed, count * 2);
        }
        packed[count++] = one;
    }

    void write(Sink sink) {
        if (tooMany) {
            sink.putVar(MOST + 1);
            return;
        }
        sink.putVar(count);
        var sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = (packed[i] & 0xffL) << 32 | packed[i];
        }
        Arrays.sort(sorted);
        for (long one : sorted) {
            sink.putInt((int) one);
        }
    }

    /**
     * May the byte be the record's last before a value (or first behind one)?
     *
     * @param left how many bytes the text has there, this one and those further from the value
     */
    boolean mayBeAt(byte[] text, int at, int step, int left) {
        if (tooMany) {
            return true;
        }
        int next = text[at] & 0xff;
        for (int k = from[next]; k < from[next + 1]; k++) {
            int one = packed[k];
            int n = Math.min(one >>> 24, left);
            int i = 1;
            while (i < n && (text[at + i * step] & 0xff) == (one >>> 8 * i & 0xff)) {
                i++;
            }
            if (i == n) {
                return true;
            }
        }
        return false;
    }

    /** In bytes of memory. */
    int weight() {
        return 600 + packed.length * 4;
    }
}
