package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.Batch;
import io.marsad.wire.PeerId;
import java.io.IOException;

/** Where batches of endpoints go. Called by several threads; batches of one endpoint one after the other. */
@FunctionalInterface
public interface TelemetrySink {
    /**
     * What became of a batch.
     *
     * @param through the number of the last record that is kept durably; one less than the batch's first: none of it is
     * @param waitMillis before the next; 0: none
     */
    record Outcome(long through, int waitMillis) {}

    /**
     * Keeps it, durably, before it answers. What came before is not kept a second time.
     *
     * @throws IOException when it cannot be kept: it is sent again
     */
    Outcome take(PeerId endpoint, Batch batch) throws IOException;
}
