package io.marsad.api;

import io.marsad.ingest.worker.Detector;
import io.marsad.ingest.worker.Finding;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.util.List;
import java.util.Map;

/** Finds nothing: tests of the API raise their alerts themselves. */
final class NoDetector implements Detector {
    @Override
    public void advance(long received, Map<TenantId, List<Finding>> out) {}

    @Override
    public void detect(EventBatch events, int row, List<Finding> out) {}

    @Override
    public void forget(TenantId tenant) {}

    @Override
    public byte[] snapshot() {
        return new byte[0];
    }

    @Override
    public void restore(byte[] snapshot) {}
}
