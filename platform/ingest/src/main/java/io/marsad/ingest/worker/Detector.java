package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Looks at every event of a log partition, in order, and may remember what it saw. Deterministic: the same events in the
 * same order give the same findings, so that state can be made again after a crash. One thread uses it.
 */
public interface Detector {
    /** Adds what the row makes known. */
    void detect(EventBatch events, int row, List<Finding> out);

    /**
     * Every record that was received before this time was looked at: adds what that makes known. It is raised once, whatever
     * is read again later: its ids say so.
     *
     * @param received epoch milliseconds
     */
    void advance(long received, Map<TenantId, List<Finding>> out);

    /** Remembers nothing more of the tenant. */
    void forget(TenantId tenant);

    /** All that is remembered. */
    byte[] snapshot();

    /**
     * Takes up where a snapshot was taken.
     *
     * @throws IOException when it is not a snapshot that can be read
     */
    void restore(byte[] snapshot) throws IOException;
}
