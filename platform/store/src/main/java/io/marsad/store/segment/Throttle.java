package io.marsad.store.segment;

import java.io.IOException;

/** Keeps work in the background from taking all of the machine: told how long a piece took, it waits. */
@FunctionalInterface
interface Throttle {
    /** @throws java.io.InterruptedIOException when the thread is to end */
    void worked(long nanos) throws IOException;
}
