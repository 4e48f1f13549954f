package io.marsad.soc.decision;

import io.marsad.soc.alert.Severity;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.intel.RiskLevel;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * All that the thresholds are compared with: enough to say what other thresholds would have decided, without asking anybody
 * again. What a model was not asked then, it is not asked now: that is left to a person.
 *
 * @param highSources how many sources alone rate it high
 * @param known whether some source has a signal
 * @param closable whether the guard agrees, closing being switched on
 * @param judge what a model said, when it gave a sound answer
 */
public record Measures(
        Severity severity,
        BigDecimal confidence,
        BigDecimal intel,
        int highSources,
        boolean known,
        boolean allFailed,
        boolean unknownIndicator,
        boolean signs,
        boolean closable,
        @Nullable Said judge) {
    private static final int LONGEST = 4_096;

    /** A model's sound answer. */
    public record Said(Ruling decision, BigDecimal confidence, boolean injection) {}

    /** What was looked at for a decision. */
    public static Measures of(SubmittedAlert alert, Decision decision) {
        var intel = decision.explanation().intel();
        var signs = InjectionSigns.in(
                alert.ruleName(), alert.indicator().value(), alert.context().json(), alert.rawLog());
        var on = decision.thresholds().withAutoClose();
        var answer = decision.explanation().answer();
        return new Measures(
                alert.severity(),
                decision.confidence().fraction(),
                intel.confidence(),
                intel.sourcesAt(RiskLevel.HIGH).size(),
                !intel.signals().isEmpty(),
                intel.allFailed(),
                alert.indicator().kind() == Indicator.Kind.UNKNOWN,
                !signs.isEmpty(),
                CloseGuard.objections(alert, intel, decision.confidence(), signs, on)
                        .isEmpty(),
                answer == null ? null : new Said(answer.decision(), answer.confidence(), answer.injection()));
    }

    /** What these thresholds decide: the same as {@link DecisionEngine} does. */
    public Ruling ruling(Thresholds thresholds) {
        boolean high = confidence.compareTo(thresholds.escalate()) >= 0;
        boolean severe = severity.compareTo(Severity.HIGH) >= 0;
        if (intel.compareTo(RiskLevel.CRITICAL.from()) >= 0 && severity == Severity.CRITICAL
                || high && (severe || highSources >= 2)) {
            return Ruling.ESCALATE;
        }
        boolean may = closable && thresholds.autoClose();
        if (known
                && confidence.max(intel).compareTo(thresholds.close()) <= 0
                && severity.compareTo(Severity.LOW) <= 0) {
            return may ? Ruling.AUTO_CLOSE : Ruling.HUMAN_REVIEW;
        }
        if (allFailed || unknownIndicator || signs || judge == null || judge.injection) {
            return Ruling.HUMAN_REVIEW;
        }
        if (judge.confidence.compareTo(thresholds.model()) < 0) {
            return Ruling.HUMAN_REVIEW;
        }
        return switch (judge.decision) {
            case ESCALATE -> Ruling.ESCALATE;
            case AUTO_CLOSE -> may ? Ruling.AUTO_CLOSE : Ruling.HUMAN_REVIEW;
            case HUMAN_REVIEW -> Ruling.HUMAN_REVIEW;
        };
    }

    /** As JSON, to be kept. */
    public String json() {
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("severity", severity.word());
            IntelJson.number(to, "confidence", confidence);
            IntelJson.number(to, "intel", intel);
            to.writeNumberProperty("high_sources", highSources);
            to.writeBooleanProperty("known", known);
            to.writeBooleanProperty("all_failed", allFailed);
            to.writeBooleanProperty("unknown_indicator", unknownIndicator);
            to.writeBooleanProperty("signs", signs);
            to.writeBooleanProperty("closable", closable);
            if (judge != null) {
                to.writeObjectPropertyStart("judge");
                to.writeStringProperty("decision", judge.decision.word());
                IntelJson.number(to, "confidence", judge.confidence);
                to.writeBooleanProperty("injection", judge.injection);
                to.writeEndObject();
            }
            to.writeEndObject();
        });
    }

    /** What {@link #json} wrote. */
    public static Measures read(String json) {
        try {
            var node = UntrustedJson.read(json, LONGEST);
            var judge = node.get("judge");
            return new Measures(
                    Severity.ofWord(node.get("severity").stringValue()),
                    number(node, "confidence"),
                    number(node, "intel"),
                    node.get("high_sources").intValue(),
                    node.get("known").booleanValue(),
                    node.get("all_failed").booleanValue(),
                    node.get("unknown_indicator").booleanValue(),
                    node.get("signs").booleanValue(),
                    node.get("closable").booleanValue(),
                    judge == null
                            ? null
                            : new Said(
                                    Ruling.ofWord(judge.get("decision").stringValue()),
                                    number(judge, "confidence"),
                                    judge.get("injection").booleanValue()));
        } catch (FaultyJsonException e) {
            throw new IllegalStateException("what was kept of a decision cannot be read", e);
        }
    }

    private static BigDecimal number(JsonNode node, String name) {
        return Objects.requireNonNull(UntrustedJson.number(node.get(name)), name);
    }
}
