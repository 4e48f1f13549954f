package io.marsad.match;

import java.util.Arrays;

/** Which predicates an event fits: their indexes, ascending. Reused from event to event; one thread. */
public final class Hits {
    private int[] indexes = new int[16];
    private int size;

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /** @param position from 0 to {@link #size}, exclusive */
    public int get(int position) {
        return indexes[position];
    }

    public int[] toArray() {
        return Arrays.copyOf(indexes, size);
    }

    void add(int index) {
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, size * 2);
        }
        indexes[size++] = index;
    }

    void sort() {
        Arrays.sort(indexes, 0, size);
    }
}
