package io.marsad.ingest.hunt;

import io.marsad.kernel.tenant.TenantId;

/**
 * Which events are hunted in.
 *
 * @param from event time, epoch milliseconds, inclusive
 * @param to event time, exclusive
 */
public record HuntScope(TenantId tenant, long from, long to) {}
