package io.marsad.kernel.store;

import io.marsad.kernel.tenant.TenantId;

/** How long each tenant's events are kept. */
@FunctionalInterface
public interface RetentionPolicy {
    /** Nothing ever goes. */
    RetentionPolicy KEEP_ALL = _ -> Retention.FOREVER;

    Retention of(TenantId tenant);
}
