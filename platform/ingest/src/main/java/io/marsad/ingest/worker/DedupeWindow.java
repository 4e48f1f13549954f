package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The ids of keyed records that were stored, for so long and so many: 24 bytes each and a table of 8. Time is the log's
 * (when records were received), so that reading the log again decides the same. One thread uses it.
 */
final class DedupeWindow {
    private final long window;
    private final int most;

    // a ring, oldest at head
    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private long[] time = new long[1024];
    private int head;
    private int size;
    /** Open addressing: ring index + 1, or 0. */
    private int[] table = new int[2048];

    private long now = Long.MIN_VALUE;

    /** @param window milliseconds */
    DedupeWindow(long window, int most) {
        this.window = window;
        this.most = most;
    }

    int size() {
        return size;
    }

    /** Moves the window's time on; it never goes back. */
    void advance(long to) {
        now = Math.max(now, to);
        while (size > 0 && time[head] < now - window) {
            dropOldest();
        }
    }

    boolean contains(EventId id) {
        return table[find(id.high(), id.low())] != 0;
    }

    /** Adds an id that is not there. */
    void add(EventId id) {
        if (size == most) {
            dropOldest();
        }
        if (size == high.length) {
            grow();
        }
        int at = head + size & high.length - 1;
        high[at] = id.high();
        low[at] = id.low();
        time[at] = now;
        size++;
        table[find(id.high(), id.low())] = at + 1;
    }

    private static int hash(long h, long l) {
        long x = (h ^ Long.rotateLeft(l, 32)) * 0x9E3779B97F4A7C15L;
        return (int) (x >>> 32);
    }

    /** The table's place of an id: where it is, or where it would go. */
    private int find(long h, long l) {
        int mask = table.length - 1;
        int i = hash(h, l) & mask;
        while (table[i] != 0 && (high[table[i] - 1] != h || low[table[i] - 1] != l)) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void dropOldest() {
        int mask = table.length - 1;
        int hole = find(high[head], low[head]);
        table[hole] = 0;
        // close the gap: whoever was pushed past the hole moves back into it
        for (int i = hole + 1 & mask; table[i] != 0; i = i + 1 & mask) {
            int entry = table[i] - 1;
            int home = hash(high[entry], low[entry]) & mask;
            if ((i - home & mask) >= (i - hole & mask)) {
                table[hole] = table[i];
                table[i] = 0;
                hole = i;
            }
        }
        head = head + 1 & high.length - 1;
        size--;
    }

    private void grow() {
        int n = high.length;
        high = unrolled(high, n);
        low = unrolled(low, n);
        time = unrolled(time, n);
        head = 0;
        table = new int[n * 4];
        for (int i = 0; i < size; i++) {
            table[find(high[i], low[i])] = i + 1;
        }
    }

    private long[] unrolled(long[] ring, int n) {
        var line = Arrays.copyOf(ring, n * 2);
        System.arraycopy(ring, head, line, 0, n - head);
        System.arraycopy(ring, 0, line, n - head, head);
        return line;
    }

    int snapshotBytes() {
        return 12 + size * 24;
    }

    void write(ByteBuffer out) {
        out.putLong(now).putInt(size);
        for (int i = 0; i < size; i++) {
            int at = head + i & high.length - 1;
            out.putLong(high[at]).putLong(low[at]).putLong(time[at]);
        }
    }

    /** Into a new window. */
    void read(ByteBuffer in) {
        long end = in.getLong();
        for (int n = in.getInt(); n > 0; n--) {
            var id = new EventId(in.getLong(), in.getLong());
            now = in.getLong();
            if (!contains(id)) {
                add(id);
            }
        }
        now = end;
    }
}
