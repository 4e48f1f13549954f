package io.marsad.soc.risk;

import io.marsad.kernel.event.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entity whose risk rose so far that somebody has to look at all of it together.
 *
 * @param value of the entity, as its newest alert has it
 * @param alerts that counted, the strongest first
 * @param kase that it became; null where there is nobody who makes cases
 */
public record Promotion(
        EventId id,
        EntityKey entity,
        String value,
        Instant at,
        BigDecimal points,
        BigDecimal score,
        List<EventId> alerts,
        @Nullable EventId kase) {
    public Promotion {
        alerts = List.copyOf(alerts);
    }
}
