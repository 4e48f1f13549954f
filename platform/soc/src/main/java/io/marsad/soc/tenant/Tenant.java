package io.marsad.soc.tenant;

import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as those who run the installation see it.
 *
 * @param parent its provider's id, or null
 * @param own whether it is the installation's own, which can be neither suspended nor deleted
 */
public record Tenant(
        TenantId id,
        String name,
        TenantState state,
        Instant createdAt,
        boolean own,
        @Nullable String parent,
        TenantQuota quota,
        Use use) {

    /**
     * What it has and does now.
     *
     * @param events stored
     * @param storageBytes in the event store's files; of events of the last moments an estimate
     * @param eventsPerSecond taken by the doors, over the last seconds
     * @param refused how often a door refused its records because of a quota, since the start
     */
    public record Use(long users, long events, long storageBytes, double eventsPerSecond, long refused) {}
}
