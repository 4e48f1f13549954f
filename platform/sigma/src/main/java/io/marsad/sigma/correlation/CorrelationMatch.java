package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.SigmaCorrelation;
import java.util.List;

/**
 * A correlation's condition held for a group within its timespan.
 *
 * @param id the same however often, and in whatever order, the same events are seen
 * @param group the values of the group-by fields, in their order, as the first event had them
 * @param events what was counted, oldest first; of more than {@value #MAX_EVENTS} the first and the last half of that
 * @param count how many events were counted
 * @param first the first event's time, epoch milliseconds
 * @param last the time of the event that made the condition hold
 * @param value what was compared: a number of events, values or rules, a sum, average or percentile
 * @param revised this match was told before: late events have moved its window
 */
public record CorrelationMatch(
        EventId id,
        SigmaCorrelation rule,
        TenantId tenant,
        List<String> group,
        List<EventId> events,
        int count,
        long first,
        long last,
        double value,
        boolean revised) {
    /** How many events a match names. */
    public static final int MAX_EVENTS = 100;

    public CorrelationMatch {
        group = List.copyOf(group);
        events = List.copyOf(events);
    }
}
