package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.SigmaCorrelation;
import java.util.List;

/**
 * A correlation's condition held for a group within its timespan.
 *
 * @param id the same however often the same events are seen
 * @param group the values of the group-by fields, in their order, as the newest event has them
 * @param events what was counted, oldest first; the first {@value #MAX_EVENTS} when there are more
 * @param first the first event's time, epoch milliseconds
 * @param last the last event's time
 * @param value what was compared: how many events, or how many distinct values
 */
public record CorrelationMatch(
        EventId id,
        SigmaCorrelation rule,
        TenantId tenant,
        List<String> group,
        List<EventId> events,
        long first,
        long last,
        double value) {
    /** How many events a match names. */
    public static final int MAX_EVENTS = 200;

    public CorrelationMatch {
        group = List.copyOf(group);
        events = List.copyOf(events);
    }
}
