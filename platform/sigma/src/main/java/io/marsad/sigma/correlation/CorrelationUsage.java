package io.marsad.sigma.correlation;

import io.marsad.kernel.tenant.TenantId;

/**
 * What a correlation holds for a tenant, for health and the operator.
 *
 * @param events that are remembered
 * @param bytes an estimate of the memory
 * @param evictedGroups that were dropped because the memory was used up
 * @param crowdedEvents that were dropped because their group had too many
 * @param lateEvents that came too late to be told with the others; they are correlated among themselves
 * @param lostEvents that came too late even for that
 */
public record CorrelationUsage(
        TenantId tenant,
        String ruleId,
        int groups,
        long events,
        long bytes,
        long evictedGroups,
        long crowdedEvents,
        long lateEvents,
        long lostEvents) {}
