package io.marsad.server.triage;

import io.marsad.soc.decision.Decision;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a case's author says has to come out; what is left out may be anything.
 *
 * @param ruleTriggered empty for anything, {@code none} for no rule
 * @param reviewReason the same
 */
record Expectation(
        @Nullable Ruling decision,
        String ruleTriggered,
        String reviewReason,
        @Nullable BigDecimal confidence) {
    private static final Expectation ANYTHING = new Expectation(null, "", "", null);
    private static final Set<String> NAMES = Set.of("decision", "rule_triggered", "review_reason", "confidence");

    /** @throws IllegalArgumentException with what is wrong */
    static Expectation read(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return ANYTHING;
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("expect is no object");
        }
        RecordedCase.requireKnown(json, NAMES, "expect.");
        var decision = RecordedCase.optional(json, "decision");
        var confidence = UntrustedJson.number(json.get("confidence"));
        if (confidence == null && json.has("confidence")) {
            throw new IllegalArgumentException("expect.confidence is no number");
        }
        return new Expectation(
                decision.isEmpty() ? null : Ruling.ofWord(decision),
                RecordedCase.optional(json, "rule_triggered"),
                RecordedCase.optional(json, "review_reason"),
                confidence);
    }

    /** In what the decision is another; empty when it is as it should be. */
    List<String> broken(Decision made) {
        var broken = new ArrayList<String>();
        if (decision != null && decision != made.ruling()) {
            broken.add(
                    "expected " + decision.word() + ", decided " + made.ruling().word());
        }
        var rule = made.explanation().ruleTriggered();
        compare("rule_triggered", ruleTriggered, rule == null ? "none" : rule.word(), broken);
        var review = made.explanation().reviewReason();
        compare("review_reason", reviewReason, review == null ? "none" : review.word(), broken);
        if (confidence != null && confidence.compareTo(made.confidence().fraction()) != 0) {
            broken.add("expected a confidence of " + confidence + ", not "
                    + made.confidence().fraction());
        }
        return broken;
    }

    private static void compare(String what, String wanted, String found, List<String> broken) {
        if (!wanted.isEmpty() && !wanted.equals(found)) {
            broken.add("expected " + what + " " + wanted + ", not " + found);
        }
    }
}
