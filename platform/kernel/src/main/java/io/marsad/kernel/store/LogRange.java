package io.marsad.kernel.store;

/**
 * Which part of the event log events came from, by their offsets in it. What was looked at up to one offset and then from
 * it on was looked at once and whole, whatever times the events have.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record LogRange(long from, long to) {
    /** Wherever they came from. */
    public static final LogRange ALL = new LogRange(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean has(long offset) {
        return offset >= from && offset < to;
    }

    /** Whether the offsets from one to another, both inclusive, have some in common with these. */
    public boolean touches(long first, long last) {
        return last >= from && first < to;
    }
}
