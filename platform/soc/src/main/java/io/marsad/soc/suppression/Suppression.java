package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Firings that do not become alerts.
 *
 * @param owner who made it: {@code user:UUID} or {@code token:UUID}
 * @param ownerName what people call them
 * @param version grows by one with every change
 * @param hits how many firings it has hidden
 */
public record Suppression(
        EventId id,
        Content content,
        String owner,
        String ownerName,
        Instant createdAt,
        Instant updatedAt,
        int version,
        long hits,
        @Nullable Instant lastHit) {
    /** The longest that anything is hidden without somebody saying so again. */
    public static final Duration LONGEST = Duration.ofDays(366);

    /** Rules that one names. */
    public static final int MOST_RULES = 50;

    /**
     * What is hidden, why and until when. A firing is hidden that fits all of what is given; at least one of rules, query and
     * entity is.
     *
     * @param rules ids; empty for any
     * @param query of the search language, which every event of the firing has to fit; empty for any
     * @param entity a value that the alert would name, whatever its case; null for any
     * @param starts inclusive
     * @param expires exclusive
     */
    public record Content(
            List<String> rules, String query, @Nullable String entity, String reason, Instant starts, Instant expires) {
        public Content {
            rules = List.copyOf(rules);
        }
    }

    /** Whether it hides anything then. */
    public boolean active(Instant at) {
        return !at.isBefore(content.starts) && at.isBefore(content.expires);
    }

    /** {@code waiting}, {@code active} or {@code expired}. */
    public String state(Instant at) {
        return active(at) ? "active" : at.isBefore(content.starts) ? "waiting" : "expired";
    }

    /**
     * A firing that was hidden.
     *
     * @param time of its newest evidence
     * @param event the first that it rests on
     */
    public record Hit(EventId firing, Instant at, Instant time, String ruleId, String title, EventId event) {}
}
