package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import java.io.IOException;
import java.util.List;

/**
 * Looks at every event of a log partition, in order, and may remember what it saw. Deterministic: the same events in the
 * same order give the same findings, so that state can be made again after a crash. One thread uses it.
 */
public interface Detector {
    /** Adds what the row makes known. */
    void detect(EventBatch events, int row, List<Finding> out);

    /** All that is remembered. */
    byte[] snapshot();

    /**
     * Takes up where a snapshot was taken.
     *
     * @throws IOException when it is not a snapshot that can be read
     */
    void restore(byte[] snapshot) throws IOException;
}
