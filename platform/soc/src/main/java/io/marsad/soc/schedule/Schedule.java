package io.marsad.soc.schedule;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A search that runs by itself. Each run looks at the events that came into the store since the run before, whatever times
 * they have: every event once.
 *
 * @param owner who made it, as the audit names it
 * @param ownerName a user's or token's name; the owner as it is when that is gone
 * @param next when it runs next, or null when it is off
 * @param version 1 when it was made, one more with each change
 */
public record Schedule(
        EventId id,
        String owner,
        String ownerName,
        Content content,
        boolean enabled,
        Position position,
        @Nullable Instant next,
        Instant createdAt,
        Instant updatedAt,
        int version) {

    /**
     * How far it has come.
     *
     * @param offset in the event log: what is before was looked at
     * @param lookedUntil when that was
     * @param plannedFrom points of time after it are to come
     */
    public record Position(long offset, Instant lookedUntil, Instant plannedFrom) {}

    /**
     * An alert of what a run finds.
     *
     * @param threshold from so many hits on
     */
    public record Raising(Severity severity, long threshold) {}

    /**
     * What its owner says of it.
     *
     * @param query in the search language
     * @param ruleId only events on which this rule fires, or null
     * @param view that it was made of, or null
     * @param cron minute, hour, day of month, month, day of week
     * @param zone of these times, by its IANA name
     * @param maxHits so many rows of a run are kept
     * @param raising null: no alerts
     */
    public record Content(
            String name,
            String description,
            String query,
            @Nullable String ruleId,
            @Nullable EventId view,
            String cron,
            String zone,
            int maxHits,
            @Nullable Raising raising) {}
}
