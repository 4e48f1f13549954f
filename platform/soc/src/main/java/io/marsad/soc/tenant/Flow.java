package io.marsad.soc.tenant;

import io.marsad.kernel.tenant.TenantId;

/** What of a tenant's records is under way. Thread-safe. */
public interface Flow {
    /** Records a second that the doors take, over the last seconds. */
    double eventsPerSecond(TenantId tenant);

    /** How often the doors refused since the start. */
    long refused(TenantId tenant);

    /** Records that are durable and not processed yet. */
    long pending(TenantId tenant);

    /**
     * Has what is remembered of the tenant's events for correlations go, from memory and from what was kept of it.
     *
     * @return false when that could not be done now
     */
    boolean forget(TenantId tenant);
}
