package io.marsad.agent.collect;

/** Reads one kind of thing on the host. Used by one thread. */
public interface Collector extends AutoCloseable {
    /** The {@code source} of its records. */
    String name();

    /** Gives what is new since the last time. What cannot be read is counted, not thrown. */
    void poll(Sink sink);

    /** What was given so far is durable: it need not be given again after a restart. */
    default void commit() {}

    /**
     * Whether what has no room ({@link NoRoom}) is given again the next time, because it stays where it is read from: then nothing
     * older is dropped for it, and nothing of it is counted as lost.
     */
    default boolean resumes() {
        return false;
    }

    /** Ends what runs beside it. */
    @Override
    default void close() {}

    /** How much was found that makes no sense: lines, records, files. */
    long refusals();
}
