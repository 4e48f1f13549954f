package io.marsad.soc.decision;

import io.marsad.soc.alert.Confidence;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.decision.Decision.Explanation;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.RiskLevel;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.record.RuleRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides about alerts: named rules first, a judge for what they leave open, a person for everything else. The same facts
 * give the same decision; nothing is read or changed but what is handed in. Thread-safe when its judge is.
 */
public final class DecisionEngine {
    private static final BigDecimal CRITICAL = RiskLevel.CRITICAL.from();

    private final Thresholds thresholds;
    private final @Nullable Judge judge;

    /**
     * An engine.
     *
     * @param judge null when there is none: then a person decides what the rules leave open
     */
    public DecisionEngine(Thresholds thresholds, @Nullable Judge judge) {
        this.thresholds = thresholds;
        this.judge = judge;
    }

    /** What is known of one alert. */
    private record Facts(
            SubmittedAlert alert,
            IntelResult intel,
            Confidence confidence,
            List<String> signs,
            List<String> objections) {}

    /** A ruling on its way to a decision. */
    private record Found(
            Ruling ruling,
            List<String> reasons,
            @Nullable DecisionRule rule,
            @Nullable ReviewReason review,
            @Nullable JudgeAnswer answer,
            @Nullable JudgeReply reply) {
        static Found byRule(Ruling ruling, DecisionRule rule, @Nullable ReviewReason review, List<String> reasons) {
            return new Found(ruling, reasons, rule, review, null, null);
        }

        static Found review(
                ReviewReason review, List<String> reasons, @Nullable JudgeAnswer answer, @Nullable JudgeReply reply) {
            return new Found(Ruling.HUMAN_REVIEW, reasons, null, review, answer, reply);
        }
    }

    /**
     * The decision about an alert; never throws for what is in it.
     *
     * @param rule what became of the alerts that the same rule raised before
     * @param at the time of the decision
     */
    public Decision decide(SubmittedAlert alert, IntelResult intel, RuleRecord rule, Instant at) {
        var confidence = Confidence.measured(alert.severity(), rule, intel.signals());
        var signs = InjectionSigns.in(
                alert.ruleName(), alert.indicator().value(), alert.context().json(), alert.rawLog());
        var objections = CloseGuard.objections(alert, intel, confidence, signs, thresholds);
        var facts = new Facts(alert, intel, confidence, signs, objections);
        var found = byRules(facts);
        if (found == null) {
            found = byJudge(facts);
        }
        var reasons = new ArrayList<>(found.reasons);
        reasons.addAll(intel.reasons());
        var reply = found.reply;
        return new Decision(
                alert.id(),
                alert.indicator(),
                found.ruling,
                confidence,
                new Explanation(reasons, intel, found.rule, found.review, found.answer),
                thresholds,
                DecisionRule.VERSION,
                reply == null ? null : reply.model(),
                reply == null ? null : reply.promptHash(),
                at);
    }

    private @Nullable Found byRules(Facts facts) {
        for (DecisionRule rule : DecisionRule.values()) {
            var found = switch (rule) {
                case CRITICAL_RISK -> criticalRisk(facts);
                case HIGH_CONFIDENCE_HIGH_SEVERITY -> highSeverity(facts);
                case HIGH_CONFIDENCE_MULTI_SOURCE -> multiSource(facts);
                case LOW_CONFIDENCE_LOW_SEVERITY -> low(facts);
                case ALL_SOURCES_FAILED -> allFailed(facts);
                case UNKNOWN_INDICATOR -> unknownIndicator(facts);
                case INJECTION_SUSPECTED -> injection(facts);
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Found criticalRisk(Facts facts) {
        var confidence = facts.intel.confidence();
        return confidence.compareTo(CRITICAL) >= 0 && facts.alert.severity() == Severity.CRITICAL
                ? Found.byRule(
                        Ruling.ESCALATE,
                        DecisionRule.CRITICAL_RISK,
                        null,
                        List.of("intelligence is at " + confidence + " of at least " + CRITICAL
                                + ", and the severity is critical"))
                : null;
    }

    private boolean high(Facts facts) {
        return facts.confidence.fraction().compareTo(thresholds.escalate()) >= 0;
    }

    private String highReason(Facts facts) {
        return "the confidence is " + facts.confidence.fraction() + " of at least " + thresholds.escalate();
    }

    private @Nullable Found highSeverity(Facts facts) {
        var severity = facts.alert.severity();
        return high(facts) && severity.compareTo(Severity.HIGH) >= 0
                ? Found.byRule(
                        Ruling.ESCALATE,
                        DecisionRule.HIGH_CONFIDENCE_HIGH_SEVERITY,
                        null,
                        List.of(highReason(facts) + ", and the severity is " + severity.word()))
                : null;
    }

    private @Nullable Found multiSource(Facts facts) {
        var sources = facts.intel.sourcesAt(RiskLevel.HIGH);
        return high(facts) && sources.size() >= 2
                ? Found.byRule(
                        Ruling.ESCALATE,
                        DecisionRule.HIGH_CONFIDENCE_MULTI_SOURCE,
                        null,
                        List.of(highReason(facts) + ", and each of " + String.join(", ", sources) + " rates it high"))
                : null;
    }

    /** Both have to be low: what lowers the confidence of a rule must not close what intelligence speaks against. */
    private @Nullable Found low(Facts facts) {
        var confidence = facts.confidence.fraction();
        boolean low = confidence.max(facts.intel.confidence()).compareTo(thresholds.close()) <= 0
                && !facts.intel.signals().isEmpty()
                && facts.alert.severity().compareTo(Severity.LOW) <= 0;
        if (!low) {
            return null;
        }
        var reason = "the confidence is " + confidence + " of at most " + thresholds.close() + ", and the severity is "
                + facts.alert.severity().word();
        return facts.objections.isEmpty()
                ? Found.byRule(Ruling.AUTO_CLOSE, DecisionRule.LOW_CONFIDENCE_LOW_SEVERITY, null, List.of(reason))
                : Found.byRule(
                        Ruling.HUMAN_REVIEW,
                        DecisionRule.LOW_CONFIDENCE_LOW_SEVERITY,
                        ReviewReason.GUARD_REFUSED_CLOSE,
                        List.of(reason + "; not closed, because " + String.join("; ", facts.objections)));
    }

    private static @Nullable Found allFailed(Facts facts) {
        return facts.intel.allFailed()
                ? Found.byRule(
                        Ruling.HUMAN_REVIEW,
                        DecisionRule.ALL_SOURCES_FAILED,
                        ReviewReason.ENRICHMENT_FAILED,
                        List.of("every source failed: " + String.join(", ", facts.intel.sourcesFailed())))
                : null;
    }

    private static @Nullable Found unknownIndicator(Facts facts) {
        var indicator = facts.alert.indicator();
        var fault = indicator.fault();
        return indicator.kind() == Indicator.Kind.UNKNOWN
                ? Found.byRule(
                        Ruling.HUMAN_REVIEW,
                        DecisionRule.UNKNOWN_INDICATOR,
                        ReviewReason.UNKNOWN_INDICATOR,
                        List.of(
                                fault == null
                                        ? "the indicator's type, " + indicator.type() + ", is not known"
                                        : "the indicator " + fault))
                : null;
    }

    private static @Nullable Found injection(Facts facts) {
        return facts.signs.isEmpty()
                ? null
                : Found.byRule(
                        Ruling.HUMAN_REVIEW,
                        DecisionRule.INJECTION_SUSPECTED,
                        ReviewReason.INJECTION_SUSPECTED,
                        List.of("the alert has text that speaks to a model: " + String.join(", ", facts.signs)));
    }

    private Found byJudge(Facts facts) {
        var open = "the rules leave it open at a confidence of " + facts.confidence.fraction();
        if (judge == null) {
            return Found.review(ReviewReason.NO_JUDGE, List.of(open + ", and no model is configured"), null, null);
        }
        var question = new JudgeQuestion(facts.alert, facts.intel, facts.confidence);
        JudgeReply reply;
        try {
            reply = judge.ask(question);
        } catch (RuntimeException e) {
            reply = new JudgeReply.Failed(
                    "unknown", question.hash(), e.getClass().getSimpleName());
        }
        return switch (reply) {
            case JudgeReply.TimedOut late ->
                Found.review(
                        ReviewReason.LLM_TIMEOUT, List.of(open + ", and the model did not answer in time"), null, late);
            case JudgeReply.Refused refused ->
                Found.review(
                        ReviewReason.LLM_REFUSED,
                        List.of(open + ", and the model would not answer: " + cut(refused.why())),
                        null,
                        refused);
            case JudgeReply.Failed failed ->
                Found.review(
                        ReviewReason.LLM_FAILED,
                        List.of(open + ", and the model could not be asked: " + cut(failed.why())),
                        null,
                        failed);
            case JudgeReply.OverBudget over ->
                Found.review(
                        ReviewReason.LLM_BUDGET,
                        List.of(open + ", and the model was not asked: " + cut(over.why())),
                        null,
                        null);
            case JudgeReply.Steered steered ->
                Found.review(
                        ReviewReason.LLM_INJECTION,
                        List.of(open + ", and what the model says shows that somebody steers it: "
                                + cut(steered.why())),
                        null,
                        steered);
            case JudgeReply.Said said -> judged(facts, question, said, open);
        };
    }

    private Found judged(Facts facts, JudgeQuestion question, JudgeReply.Said said, String open) {
        JudgeAnswer answer;
        try {
            answer = JudgeAnswer.read(said.text(), question);
        } catch (FaultyJsonException e) {
            return Found.review(
                    ReviewReason.LLM_BAD_ANSWER,
                    List.of(open + ", and the model's answer is " + e.getMessage()),
                    null,
                    said);
        }
        var told = open + "; the model says " + answer.decision().word() + " at " + answer.confidence();
        if (answer.injection()) {
            return Found.review(
                    ReviewReason.LLM_INJECTION, List.of(told + ", and that somebody tries to steer it"), answer, said);
        }
        if (answer.confidence().compareTo(thresholds.model()) < 0) {
            return Found.review(
                    ReviewReason.LLM_LOW_CONFIDENCE, List.of(told + ", less than " + thresholds.model()), answer, said);
        }
        return switch (answer.decision()) {
            case HUMAN_REVIEW -> Found.review(ReviewReason.LLM_UNDECIDED, List.of(told), answer, said);
            case ESCALATE -> new Found(Ruling.ESCALATE, List.of(told), null, null, answer, said);
            case AUTO_CLOSE ->
                facts.objections.isEmpty()
                        ? new Found(
                                Ruling.AUTO_CLOSE,
                                List.of(told + ", and no fact speaks against closing"),
                                null,
                                null,
                                answer,
                                said)
                        : Found.review(
                                ReviewReason.GUARD_REFUSED_CLOSE,
                                List.of(told + "; not closed, because " + String.join("; ", facts.objections)),
                                answer,
                                said);
        };
    }

    private static String cut(String text) {
        return text.length() > 200 ? text.substring(0, 199) + '…' : text;
    }
}
