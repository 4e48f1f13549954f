package io.marsad.soc.decision;

import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.Confidence;
import io.marsad.soc.intel.IntelJson;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Decisions as JSON, on one line. */
public final class DecisionJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private DecisionJson() {}

    /** Writes JSON. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator to);
    }

    /** What a body writes, as text. */
    public static String build(Body body) {
        var out = new StringWriter(2_048);
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            body.write(generator);
        }
        return out.toString();
    }

    /** The decision as one object. */
    public static String text(Decision decision) {
        return build(to -> {
            to.writeStartObject();
            properties(to, decision);
            to.writeEndObject();
        });
    }

    /** The decision's properties, into the open object. */
    public static void properties(JsonGenerator to, Decision decision) {
        to.writeStringProperty("alert_id", decision.alertId().toString());
        to.writeName("indicator");
        IntelJson.indicator(to, decision.indicator());
        to.writeStringProperty("decision", decision.ruling().word());
        IntelJson.number(to, "confidence", decision.confidence().fraction());
        to.writeName("explainability");
        explanation(to, decision);
        thresholds(to, decision.thresholds());
        to.writeStringProperty("rule_version", decision.ruleVersion());
        optional(to, "model", decision.model());
        optional(to, "prompt_hash", decision.promptHash());
        to.writeStringProperty("processed_at", time(decision.processedAt()));
    }

    private static void explanation(JsonGenerator to, Decision decision) {
        var explanation = decision.explanation();
        var rule = explanation.ruleTriggered();
        var review = explanation.reviewReason();
        var answer = explanation.answer();
        to.writeStartObject();
        to.writeStringProperty("decision", decision.ruling().word());
        IntelJson.number(to, "confidence", decision.confidence().fraction());
        to.writeArrayPropertyStart("reasons");
        explanation.reasons().forEach(to::writeString);
        to.writeEndArray();
        optional(to, "rule_triggered", rule == null ? null : rule.word());
        optional(to, "review_reason", review == null ? null : review.word());
        IntelJson.signals(to, explanation.intel().signals());
        chain(to, decision.confidence());
        to.writeName("intel");
        IntelJson.write(to, explanation.intel());
        to.writeBooleanProperty("llm_called", decision.judgeAsked());
        optional(to, "llm_summary", answer == null ? null : answer.summary());
        if (answer != null) {
            to.writeStringProperty("llm_decision", answer.decision().word());
            IntelJson.number(to, "llm_confidence", answer.confidence());
        }
        to.writeBooleanProperty("overrideable", true);
        to.writeEndObject();
    }

    /** The properties of an alert's confidence, into the open object. */
    public static void chain(JsonGenerator to, Confidence confidence) {
        IntelJson.number(to, "confidence_score", confidence.score());
        to.writeStringProperty("confidence_label", confidence.label().word());
        AlertJson.chain(to, confidence);
    }

    private static void thresholds(JsonGenerator to, Thresholds thresholds) {
        to.writeObjectPropertyStart("thresholds_in_force");
        IntelJson.number(to, "escalate", thresholds.escalate());
        IntelJson.number(to, "close", thresholds.close());
        IntelJson.number(to, "model", thresholds.model());
        to.writeBooleanProperty("auto_close", thresholds.autoClose());
        to.writeEndObject();
    }

    private static void optional(JsonGenerator to, String name, @Nullable String text) {
        if (text == null) {
            to.writeNullProperty(name);
        } else {
            to.writeStringProperty(name, text);
        }
    }

    static String time(Instant at) {
        return TIME.format(at);
    }
}
