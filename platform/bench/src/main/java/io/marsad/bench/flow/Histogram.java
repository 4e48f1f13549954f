package io.marsad.bench.flow;

import java.util.Arrays;

/** Durations, all of them kept. Thread-safe. */
public final class Histogram {
    private long[] nanos = new long[1024];
    private int size;

    public synchronized void add(long duration) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = duration;
    }

    public synchronized int size() {
        return size;
    }

    /** Milliseconds that this part of all did not take longer than; NaN when there is none. */
    public synchronized double millis(double part) {
        if (size == 0) {
            return Double.NaN;
        }
        var sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(size - 1L, (long) Math.ceil(size * part) - (part == 0 ? 0 : 1))] / 1e6;
    }
}
