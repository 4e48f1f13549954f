package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody should look at, as it is in the queue.
 *
 * @param verdict there exactly when it is resolved
 * @param assignee the name of whoever took it
 * @param time of the newest evidence
 * @param firstTime of the oldest
 * @param attack ATT&CK ids
 * @param eventCount how many events its firings rest on
 * @param count how often the rule fired on the same; 1 when it did once
 * @param version grows by one with every change, but not when it fires again; 1 when raised
 * @param tags sorted
 * @param snoozedUntil there exactly when it is snoozed
 * @param escalated somebody wants it to be looked at by somebody else
 */
public record Alert(
        EventId id,
        String title,
        String ruleId,
        Severity severity,
        AlertStatus status,
        @Nullable Verdict verdict,
        @Nullable String assignee,
        Instant time,
        Instant firstTime,
        Instant createdAt,
        Instant updatedAt,
        List<Entity> entities,
        List<String> attack,
        long eventCount,
        long count,
        String logSource,
        boolean synthetic,
        int version,
        List<String> tags,
        @Nullable Instant snoozedUntil,
        boolean escalated) {
    public Alert {
        entities = List.copyOf(entities);
        attack = List.copyOf(attack);
        tags = List.copyOf(tags);
    }
}
