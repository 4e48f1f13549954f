package io.marsad.soc.context;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.risk.EntityKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is known of entities, and what it changes.
 *
 * @param owner who made it: {@code user:UUID} or {@code token:UUID}
 * @param ownerName what people call them
 * @param version grows by one with every change
 */
public record ContextFact(
        EventId id,
        Content content,
        String owner,
        String ownerName,
        Instant createdAt,
        Instant updatedAt,
        int version) {
    /** The longest that one counts without somebody saying so again. */
    public static final Duration LONGEST = Duration.ofDays(366);

    /**
     * What is known.
     *
     * @param kind {@code crown_jewel}, {@code vip}, {@code maintenance} or {@code other}
     * @param entityKind null for any
     * @param pattern of values, in lower case; {@code *} is any text
     * @param risk −1 to 1: alerts weigh {@code 1 + risk} times as much for the entity
     * @param severityShift by so many steps an alert that names it is more severe, or less
     * @param starts inclusive, of the alert's time
     * @param expires exclusive
     */
    public record Content(
            String name,
            String kind,
            Entity.@Nullable Kind entityKind,
            String pattern,
            BigDecimal risk,
            int severityShift,
            String reason,
            Instant starts,
            Instant expires) {}

    /** {@code waiting}, {@code active} or {@code expired}. */
    public String state(Instant at) {
        return counts(at) ? "active" : at.isBefore(content.starts) ? "waiting" : "expired";
    }

    /** Whether it says something about alerts of that time. */
    boolean counts(Instant at) {
        return !at.isBefore(content.starts) && at.isBefore(content.expires);
    }

    /** Whether it is about this entity. */
    boolean about(EntityKey entity) {
        var kind = content.entityKind;
        return (kind == null || kind == entity.kind()) && fits(content.pattern, entity.key());
    }

    /** Whether a text is as the pattern says; at most as many steps as both lengths multiplied. */
    static boolean fits(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int from = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
