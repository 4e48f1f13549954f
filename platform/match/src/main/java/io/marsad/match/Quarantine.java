package io.marsad.match;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/** Predicates that are not evaluated any more; one set for all copies of a matcher. Thread-safe. */
final class Quarantine {
    private final AtomicIntegerArray members;

    Quarantine(int count) {
        members = new AtomicIntegerArray(count);
    }

    boolean has(int index) {
        return members.get(index) != 0;
    }

    void add(int index) {
        members.set(index, 1);
    }

    void remove(int index) {
        members.set(index, 0);
    }

    int[] members() {
        return IntStream.range(0, members.length()).filter(this::has).toArray();
    }
}
