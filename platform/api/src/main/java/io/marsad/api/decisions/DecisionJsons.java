package io.marsad.api.decisions;

import io.marsad.api.http.Json;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.service.DecisionSettings;
import io.marsad.soc.decision.service.KeptDecision;
import io.marsad.soc.decision.service.Settings;
import io.marsad.soc.decision.service.ThresholdPreview;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.record.OutcomeRows.Done;
import io.marsad.soc.record.Rate;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Decisions, thresholds and records as the contract has them. */
final class DecisionJsons {
    private DecisionJsons() {}

    /** Into the open object. */
    static void properties(JsonGenerator to, KeptDecision one) {
        to.writeStringProperty("alert_id", one.alertId().toString());
        to.writeStringProperty("decision", one.ruling().word());
        Json.text(to, "rule_triggered", one.ruleTriggered());
        Json.text(to, "review_reason", one.reviewReason());
        IntelJson.number(to, "confidence", one.confidence());
        to.writeStringProperty("effect", one.effect().word());
        to.writeNumberProperty("settings_version", one.settingsVersion());
        Json.time(to, "decided_at", one.decidedAt());
        to.writeNumberProperty("audit_seq", one.auditSeq());
        var changed = one.overriddenTo();
        Json.text(to, "overridden_to", changed == null ? null : changed.word());
        to.writeObjectPropertyStart("alert");
        to.writeStringProperty("title", one.alert().title());
        to.writeStringProperty("rule_id", one.alert().ruleId());
        to.writeStringProperty("severity", one.alert().severity().word());
        to.writeStringProperty("status", one.alert().status());
        var verdict = one.alert().verdict();
        Json.text(to, "verdict", verdict == null ? null : verdict.word());
        to.writeEndObject();
    }

    static void detail(JsonGenerator to, KeptDecision one, @Nullable Done record) {
        to.writeStartObject();
        properties(to, one);
        explained(to, "explained", one);
        overrides(to, one);
        to.writeName("rule_record");
        if (record == null) {
            to.writeNull();
        } else {
            record(to, record);
        }
        to.writeEndObject();
    }

    static void result(JsonGenerator to, KeptDecision one) {
        to.writeStartObject();
        to.writeStringProperty("alert_id", one.alertId().toString());
        to.writeStringProperty("status", "done");
        to.writeStringProperty("effect", one.effect().word());
        explained(to, "result", one);
        overrides(to, one);
        to.writeEndObject();
    }

    static void queued(JsonGenerator to, String id) {
        to.writeStartObject();
        to.writeStringProperty("alert_id", id);
        to.writeStringProperty("status", "queued");
        to.writeEndObject();
    }

    private static void explained(JsonGenerator to, String name, KeptDecision one) {
        to.writeName(name);
        to.writeRawValue(Objects.requireNonNull(one.explanation(), "a single decision has it"));
    }

    private static void overrides(JsonGenerator to, KeptDecision one) {
        to.writeArrayPropertyStart("overrides");
        for (var told : one.overrides()) {
            to.writeStartObject();
            to.writeStringProperty("decision", told.decision().word());
            var verdict = told.verdict();
            Json.text(to, "verdict", verdict == null ? null : verdict.word());
            to.writeStringProperty("reason", told.reason());
            to.writeStringProperty("by", told.by());
            Json.time(to, "at", told.at());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static void thresholds(JsonGenerator to, DecisionSettings.Shown shown) {
        to.writeStartObject();
        to.writeName("now");
        version(to, shown.now());
        to.writeBooleanProperty("closing", shown.now().inForce().autoClose());
        to.writeName("stopped");
        var stop = shown.now().stop();
        if (stop == null) {
            to.writeNull();
        } else {
            to.writeStartObject();
            to.writeStringProperty("reason", stop.reason());
            to.writeStringProperty("by", stop.by());
            Json.time(to, "at", stop.at());
            to.writeEndObject();
        }
        to.writeArrayPropertyStart("versions");
        shown.versions().forEach(one -> version(to, one));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void version(JsonGenerator to, Settings one) {
        to.writeStartObject();
        to.writeNumberProperty("version", one.version());
        IntelJson.number(to, "escalate", one.thresholds().escalate());
        IntelJson.number(to, "close", one.thresholds().close());
        IntelJson.number(to, "model", one.thresholds().model());
        to.writeBooleanProperty("auto_close", one.thresholds().autoClose());
        to.writeNumberProperty("sample_percent", one.samplePercent());
        to.writeStringProperty("reason", one.reason());
        to.writeStringProperty("made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        to.writeEndObject();
    }

    static void preview(JsonGenerator to, ThresholdPreview preview) {
        to.writeStartObject();
        to.writeNumberProperty("days", ThresholdPreview.DAYS);
        to.writeNumberProperty("decided", preview.decided());
        to.writeNumberProperty("looked_at", preview.looked());
        counts(to, "now", preview.now());
        counts(to, "then", preview.then());
        to.writeArrayPropertyStart("changes");
        for (var change : preview.changes()) {
            to.writeStartObject();
            to.writeStringProperty("from", change.from().word());
            to.writeStringProperty("to", change.to().word());
            to.writeNumberProperty("alerts", change.alerts());
            to.writeNumberProperty("true_positives", change.truePositives());
            to.writeNumberProperty("benign", change.benign());
            to.writeNumberProperty("false_positives", change.falsePositives());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("examples");
        for (var one : preview.examples()) {
            to.writeStartObject();
            to.writeStringProperty("alert_id", one.alert().toString());
            to.writeStringProperty("title", one.title());
            to.writeStringProperty("from", one.from().word());
            to.writeStringProperty("to", one.to().word());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    static void counts(JsonGenerator to, String name, Map<Ruling, ? extends Number> counts) {
        to.writeObjectPropertyStart(name);
        for (Ruling ruling : Ruling.values()) {
            var count = counts.get(ruling);
            to.writeNumberProperty(ruling.word(), count == null ? 0 : count.longValue());
        }
        to.writeEndObject();
    }

    static void record(JsonGenerator to, Done done) {
        var outcomes = done.outcomes();
        to.writeStartObject();
        to.writeStringProperty("rule_id", done.version().ruleId());
        to.writeStringProperty("version", done.version().version());
        to.writeNumberProperty("fired", done.fired());
        to.writeNumberProperty("true_positives", outcomes.truePositives());
        to.writeNumberProperty("benign", outcomes.benign());
        to.writeNumberProperty("false_positives", outcomes.falsePositives());
        rate(to, "precision", Rate.of(outcomes.truePositives(), outcomes.size()));
        rate(to, "false_positive_rate", Rate.of(outcomes.falsePositives(), outcomes.size()));
        to.writeNumberProperty("escalated", done.escalated());
        to.writeNumberProperty("auto_closed", done.autoClosed());
        to.writeNumberProperty("reviewed", done.reviewed());
        to.writeNumberProperty("overridden", done.overridden());
        Json.time(to, "first_at", done.first());
        Json.time(to, "last_at", done.last());
        to.writeEndObject();
    }

    static void rate(JsonGenerator to, String name, Rate rate) {
        to.writeObjectPropertyStart(name);
        to.writeNumberProperty("hits", rate.hits());
        to.writeNumberProperty("size", rate.size());
        to.writeBooleanProperty("measured", rate.measured());
        IntelJson.number(to, "share", rate.share());
        IntelJson.number(to, "low", rate.low());
        IntelJson.number(to, "high", rate.high());
        to.writeStringProperty("text", rate.toString());
        to.writeEndObject();
    }
}
