package io.marsad.agent.collect;

/** Reads one kind of thing on the host. Used by one thread. */
public interface Collector extends AutoCloseable {
    /** The {@code source} of its records. */
    String name();

    /** Gives what is new since the last time. What cannot be read is counted, not thrown. */
    void poll(Sink sink);

    /** What was given so far is durable: it need not be given again after a restart. */
    default void commit() {}

    /** Ends what runs beside it. */
    @Override
    default void close() {}

    /** How much was found that makes no sense: lines, records, files. */
    long refusals();
}
