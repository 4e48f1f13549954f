package io.marsad.soc.decision.service;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Ruling;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it was kept, and what people said of it since.
 *
 * @param settingsVersion by which settings it was made; 0: those of the house
 * @param auditSeq its entry in the audit log
 * @param overriddenTo what people made of it last
 * @param explanation the whole of it, as the API shows it; null in lists
 * @param overrides oldest first; empty in lists
 */
public record KeptDecision(
        EventId alertId,
        Ruling ruling,
        @Nullable String ruleTriggered,
        @Nullable String reviewReason,
        BigDecimal confidence,
        int settingsVersion,
        Effect effect,
        Instant decidedAt,
        long auditSeq,
        Of alert,
        @Nullable Ruling overriddenTo,
        @Nullable String explanation,
        List<Override> overrides) {
    public KeptDecision {
        overrides = List.copyOf(overrides);
    }

    /** What it is about, as it is now. */
    public record Of(
            String title,
            String ruleId,
            Severity severity,
            String status,
            @Nullable Verdict verdict) {}

    /** What a person said. */
    public record Override(Ruling decision, @Nullable Verdict verdict, String reason, String by, Instant at) {}

    /** How alerts that would have been closed turned out. */
    public record Sampled(long all, long judged, long attacks) {}
}
