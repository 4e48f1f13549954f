package io.marsad.bench.fuzz;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;

/** Batches of one event. */
final class FuzzEvents {
    private FuzzEvents() {}

    /** An event with these fields: name, value, name, value… */
    static EventBatch of(String... pairs) {
        var batch = new EventBatch(new TenantId("fuzz"), 1, 8, 256);
        batch.beginRow(new EventId(1, 1), 0, 0, "fuzz");
        var raw = String.join(" ", pairs).getBytes(StandardCharsets.UTF_8);
        batch.raw(raw, 0, raw.length);
        for (int i = 0; i < pairs.length; i += 2) {
            batch.add(Field.unmapped(pairs[i]), pairs[i + 1]);
        }
        batch.endRow();
        return batch;
    }
}
