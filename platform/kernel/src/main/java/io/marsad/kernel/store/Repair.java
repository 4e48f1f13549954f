package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;
import java.io.IOException;

/** Lost rows being put back. Given up when closed before {@link #finish}. One thread. */
public interface Repair extends AutoCloseable {
    /** Rows of the tenant that were read from the log again; those that are not missing are passed over. */
    void offer(EventBatch rows) throws IOException;

    /** Puts what was missing and offered in its place, durably. Returns how many rows are still missing. */
    long finish() throws IOException;

    @Override
    void close();
}
