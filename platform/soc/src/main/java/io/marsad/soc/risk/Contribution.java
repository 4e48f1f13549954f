package io.marsad.soc.risk;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What one alert brings to the risk of one entity that it names.
 *
 * @param at from when on it decays: the alert's time, but not later than what was known when the alert last changed
 * @param context what the tenant knows of the entity, −1 to 1; two decimals
 * @param facts by name, which say so
 * @param points before any decay, two decimals; 0 when somebody found the alert to be nothing
 */
public record Contribution(
        EventId alert,
        String ruleId,
        String title,
        Severity severity,
        Instant at,
        BigDecimal context,
        List<String> facts,
        BigDecimal points) {
    public Contribution {
        facts = List.copyOf(facts);
        if (points.signum() < 0 || points.scale() != RiskModel.POINT_SCALE) {
            throw new IllegalArgumentException("points are not negative and have two decimals: " + points);
        }
    }

    /** Whether somebody found the alert to be nothing. */
    public boolean withdrawn() {
        return points.signum() == 0;
    }
}
