package io.marsad.soc.stage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The stage that a tenant gave a rule.
 *
 * @param reason empty when nobody has ever changed it, as the name
 * @param changedAt null when nobody has ever changed it
 * @param version grows by one with every change; 0 when nobody has ever changed it
 */
public record RuleStage(
        String ruleId,
        Stage stage,
        String reason,
        String changedByName,
        @Nullable Instant changedAt,
        int version) {
    static RuleStage untouched(String ruleId) {
        return new RuleStage(ruleId, Stage.ACTIVE, "", "", null, 0);
    }
}
