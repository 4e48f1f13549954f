package io.marsad.soc.decision;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Confidence;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about an alert, with everything that it can be recomputed from.
 *
 * @param thresholds that were in force
 * @param ruleVersion of the named rules ({@link DecisionRule#VERSION})
 * @param model that was asked; null when none was
 * @param promptHash SHA-256 of what it was asked, in hex
 */
public record Decision(
        EventId alertId,
        Indicator indicator,
        Ruling ruling,
        Confidence confidence,
        Explanation explanation,
        Thresholds thresholds,
        String ruleVersion,
        @Nullable String model,
        @Nullable String promptHash,
        Instant processedAt) {
    /**
     * Why.
     *
     * @param reasons in words, the deciding one first
     * @param ruleTriggered the named rule that decided; null when a judge did, or was meant to
     * @param reviewReason there exactly when it was put before a person
     * @param answer the judge's, where it was sound
     */
    public record Explanation(
            List<String> reasons,
            IntelResult intel,
            @Nullable DecisionRule ruleTriggered,
            @Nullable ReviewReason reviewReason,
            @Nullable JudgeAnswer answer) {
        public Explanation {
            reasons = List.copyOf(reasons);
        }
    }

    public Decision {
        if ((ruling == Ruling.HUMAN_REVIEW) != (explanation.reviewReason != null)) {
            throw new IllegalArgumentException("what is put before a person has a reason, what is not has none");
        }
    }

    /** Whether a model was asked: what is counted and paid for. */
    public boolean judgeAsked() {
        return model != null;
    }
}
