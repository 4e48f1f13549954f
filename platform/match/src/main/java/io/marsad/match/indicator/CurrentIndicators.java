package io.marsad.match.indicator;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The set that counts now. A reader borrows it for a batch of events and {@link IndicatorSet#release() lets go}; a new one
 * takes its place at once, and the old one's memory is freed when its last reader is done. Thread-safe.
 */
public final class CurrentIndicators implements AutoCloseable {
    private final AtomicReference<IndicatorSet> current;

    /** @param first passes to this, as do those that follow */
    public CurrentIndicators(IndicatorSet first) {
        current = new AtomicReference<>(first);
    }

    /**
     * The set, held for the caller.
     *
     * @throws IllegalStateException when this was closed
     */
    public IndicatorSet borrow() {
        while (true) {
            var set = current.get();
            if (set.hold()) {
                return set;
            }
            if (set == current.get()) {
                throw new IllegalStateException("the indicators were closed");
            }
        }
    }

    /** Puts another in its place. */
    public void swap(IndicatorSet next) {
        current.getAndSet(next).release();
    }

    /** Lets go of the set; nothing may be borrowed or swapped any more. */
    @Override
    public void close() {
        current.get().release();
    }
}
