package io.marsad.agent;

import io.marsad.agent.spool.SpoolEntry;
import java.io.IOException;
import java.util.List;

/** Where records go. Used by one thread. */
@FunctionalInterface
public interface Uplink {
    /**
     * Sends records in the order of their sequences; the same may come again.
     *
     * @return up to which sequence all was taken durably; what comes after is sent again
     * @throws IOException when nothing is known of it: all of it is sent again, later
     */
    long send(List<SpoolEntry> records) throws IOException;
}
