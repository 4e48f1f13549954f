package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where stored events are found. */
@FunctionalInterface
public interface Events {
    /** A batch of one row, or null when there is no such event any more. */
    @Nullable
    EventBatch find(TenantId tenant, EventId id) throws IOException;
}
