package io.marsad.kernel.store;

import io.marsad.kernel.tenant.TenantId;

/**
 * A tenant's rows that were found damaged: somewhere from one log offset to another (exclusive), among others that are
 * whole.
 *
 * @param place names what is damaged, for {@link EventStore#repair}
 */
public record LostRows(TenantId tenant, int partition, long fromOffset, long toOffset, String place) {}
