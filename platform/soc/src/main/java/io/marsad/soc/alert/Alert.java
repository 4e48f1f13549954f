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
 * @param attack ATT&CK ids
 * @param version grows by one with every change; 1 when raised
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
        Instant createdAt,
        Instant updatedAt,
        List<Entity> entities,
        List<String> attack,
        int eventCount,
        String logSource,
        boolean synthetic,
        int version) {
    public Alert {
        entities = List.copyOf(entities);
        attack = List.copyOf(attack);
    }
}
