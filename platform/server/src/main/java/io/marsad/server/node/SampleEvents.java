package io.marsad.server.node;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.sigma.proof.RuleTests;
import java.io.IOException;

/** Makes events of the samples in proofs, as the worker makes them of records. One thread uses it. */
public final class SampleEvents implements RuleTests.Normalizer {
    /** Samples are taken as received now: the same result on every day. 2026-11-21T12:00:00Z. */
    private static final long RECEIVED = 1_795_262_400_000L;

    private static final TenantId TENANT = new TenantId("samples");

    private final Normalizer normalizer;
    private final EventBatch batch = new EventBatch(TENANT);
    private long serial;

    public SampleEvents(MappingSet mappings) {
        this.normalizer = new Normalizer(mappings);
    }

    @Override
    public EventBatch normalize(String format, byte[] record) throws IOException {
        var records = new RecordBatch(TENANT, "sample", format, RECEIVED, record.length);
        records.add(EventId.atTime(RECEIVED, 0, ++serial), (byte) 0, record, 0, record.length);
        batch.clear();
        var reason = normalizer.normalize(records, 0, batch);
        if (reason != null) {
            throw new IOException(reason);
        }
        return batch;
    }
}
