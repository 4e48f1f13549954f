package io.marsad.soc.alert;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule fired: what becomes an alert.
 *
 * @param rule as it fired
 * @param key with tenant and rule, the alert's identity: the same firing has the same key however often it is found. An
 *     event's id for rules on single events; for correlations their group and what began it
 * @param evidence oldest first, at least one event; of more than 100 the first and the last 50 are kept
 * @param eventCount how many events it rests on
 * @param entities what it is about, most telling first; at most 64 are kept
 * @param logSource where the events are from, {@code windows/process_creation/sysmon}
 * @param synthetic made by the demo or a test
 */
public record Detection(
        RuleSnapshot rule,
        String key,
        List<Evidence> evidence,
        int eventCount,
        List<Entity> entities,
        String logSource,
        boolean synthetic) {
    private static final int MAX_EVIDENCE = 100;
    private static final int MAX_ENTITIES = 64;

    public Detection {
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("a detection rests on at least one event");
        }
        eventCount = Math.max(eventCount, evidence.size());
        var kept = new java.util.ArrayList<>(evidence);
        if (kept.size() > MAX_EVIDENCE) {
            kept.subList(MAX_EVIDENCE / 2, kept.size() - MAX_EVIDENCE / 2).clear();
        }
        evidence = List.copyOf(kept);
        var distinct = List.copyOf(new LinkedHashSet<>(entities));
        entities = List.copyOf(distinct.subList(0, Math.min(MAX_ENTITIES, distinct.size())));
    }

    /** A rule fired on one event. */
    public static Detection onEvent(
            RuleSnapshot rule, EventBatch batch, int row, List<Match> matches, boolean synthetic) {
        return new Detection(
                rule,
                batch.id(row).toString(),
                List.of(evidence(batch, row, matches)),
                1,
                EntityExtractor.entities(batch, row),
                batch.source(row).toString(),
                synthetic);
    }

    /** The row as evidence. */
    public static Evidence evidence(EventBatch batch, int row, List<Match> matches) {
        return new Evidence(batch.id(row), Instant.ofEpochMilli(batch.time(row)), matches, EventFacts.of(batch, row));
    }

    /** The alert's id: depends on tenant, rule and key alone. */
    public EventId alertId(TenantId tenant) {
        return EventId.derived("alert", tenant.value(), rule.id(), key);
    }

    /** What makes it and another firing the same thing happening again; null when nobody can say. */
    public @Nullable String fingerprint() {
        return Fingerprint.of(this);
    }

    /** Of the oldest evidence. */
    public Instant oldest() {
        @Nullable Instant oldest = null;
        for (Evidence one : evidence) {
            oldest = oldest == null || one.time().isBefore(oldest) ? one.time() : oldest;
        }
        return oldest == null ? Instant.EPOCH : oldest;
    }

    /** Of the newest evidence. */
    public Instant time() {
        @Nullable Instant newest = null;
        for (Evidence one : evidence) {
            newest = newest == null || one.time().isAfter(newest) ? one.time() : newest;
        }
        return newest == null ? Instant.EPOCH : newest;
    }
}
