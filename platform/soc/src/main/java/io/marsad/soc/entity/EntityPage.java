package io.marsad.soc.entity;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Promotion;
import io.marsad.soc.risk.RiskQueue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of an entity.
 *
 * @param value as its newest alert has it
 * @param course null for what bears no risk
 * @param alerts the newest first, at most {@link Entities#MOST_ALERTS}
 * @param neighbours entities that alerts name together with it, those of most alerts first
 */
public record EntityPage(
        EntityKey entity,
        String value,
        Facts facts,
        RiskQueue.@Nullable Course course,
        List<Promotion> promotions,
        List<Alert> alerts,
        List<Moment> timeline,
        List<Neighbour> neighbours) {
    public EntityPage {
        promotions = List.copyOf(promotions);
        alerts = List.copyOf(alerts);
        timeline = List.copyOf(timeline);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * Of all its alerts.
     *
     * @param firstSeen the time of the oldest evidence
     * @param open alerts that somebody may still have to do something about
     * @param rules how many different ones
     */
    public record Facts(
            Instant firstSeen,
            Instant lastSeen,
            long alerts,
            long open,
            long truePositives,
            long falsePositives,
            long rules) {}

    /**
     * Something that happened, newest first.
     *
     * @param kind {@code fired}: what the alert rests on happened; {@code promoted}; or an act of an alert's history
     * @param alert null for a promotion
     * @param text the alert's title, or what was promoted
     */
    public record Moment(
            Instant at,
            String kind,
            @Nullable EventId alert,
            String text,
            @Nullable String actor) {}

    /** @param alerts that name both, of the newest {@link Entities#MOST_READ} of the entity */
    public record Neighbour(EntityKey entity, String value, long alerts, Instant last) {}
}
