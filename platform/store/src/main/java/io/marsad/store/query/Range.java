package io.marsad.store.query;

/** The range of event time that a query names itself. */
public sealed interface Range {
    /** Up to the time of asking. */
    record Last(long millis) implements Range {}

    /** From inclusive, to exclusive; epoch milliseconds. */
    record Between(long from, long to) implements Range {}
}
