package io.marsad.api.decisions;

import io.marsad.api.http.Json;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.decision.service.ThresholdPreview;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.report.ThresholdAdvice;
import io.marsad.soc.report.WeeklyReport;
import io.marsad.soc.report.WeeklyReport.Counts;
import io.marsad.soc.report.WeeklyReport.Decided;
import io.marsad.soc.report.WeeklyReport.Lane;
import io.marsad.soc.report.WeeklyReport.ModelUse;
import io.marsad.soc.report.WeeklyReport.RuleRow;
import io.marsad.soc.report.WeeklyReport.Times;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The weekly report as the contract has it. */
final class ReportJsons {
    private ReportJsons() {}

    static void report(JsonGenerator to, WeeklyReport report) {
        to.writeStartObject();
        to.writeStringProperty("week", report.week().toString());
        Json.time(to, "from", report.week().from());
        Json.time(to, "to", report.week().to());
        to.writeBooleanProperty("complete", report.complete());
        decided(to, report.decided());
        closed(to, report.closed());
        rules(to, report.rules());
        thresholds(to, report.thresholds());
        to.writeArrayPropertyStart("model");
        report.model().forEach(one -> model(to, one));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void decided(JsonGenerator to, Decided decided) {
        to.writeObjectPropertyStart("decisions");
        counted(to, decided, null);
        to.writeArrayPropertyStart("kinds");
        for (Ruling ruling : Ruling.values()) {
            to.writeStartObject();
            to.writeStringProperty("decision", ruling.word());
            counted(to, decided, ruling);
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("lanes");
        for (Lane lane : decided.lanes()) {
            to.writeStartObject();
            to.writeStringProperty("lane", lane.name());
            to.writeStringProperty("decision", lane.ruling().word());
            to.writeNumberProperty("count", lane.count());
            to.writeNumberProperty("before", lane.before());
            to.writeNumberProperty("looked_at", lane.lookedAt());
            to.writeNumberProperty("changed", lane.changed());
            DecisionJsons.rate(to, "overridden", lane.overridden());
            to.writeEndObject();
        }
        to.writeEndArray();
        times(to, "time", decided.times());
        times(to, "time_before", decided.timesBefore());
        to.writeEndObject();
    }

    private static void counted(JsonGenerator to, Decided decided, @Nullable Ruling ruling) {
        to.writeNumberProperty("count", decided.sum(ruling, Lane::count));
        to.writeNumberProperty("before", decided.sum(ruling, Lane::before));
        to.writeNumberProperty("looked_at", decided.sum(ruling, Lane::lookedAt));
        to.writeNumberProperty("changed", decided.sum(ruling, Lane::changed));
        DecisionJsons.rate(to, "overridden", decided.overridden(ruling));
    }

    private static void times(JsonGenerator to, String name, @Nullable Times times) {
        to.writeName(name);
        if (times == null) {
            to.writeNull();
        } else {
            to.writeStartObject();
            to.writeNumberProperty("median_ms", times.median());
            to.writeNumberProperty("p95_ms", times.p95());
            to.writeNumberProperty("most_ms", times.most());
            to.writeEndObject();
        }
    }

    private static void closed(JsonGenerator to, WeeklyReport.Closed closed) {
        to.writeObjectPropertyStart("closed");
        to.writeNumberProperty("closed", closed.closed());
        to.writeNumberProperty("closed_attacks", closed.closedAttacks());
        to.writeNumberProperty("sampled", closed.sampled());
        to.writeNumberProperty("judged", closed.judged());
        to.writeNumberProperty("attacks", closed.attacks());
        DecisionJsons.rate(to, "missed", closed.missed());
        to.writeNumberProperty("at_most", closed.atMost());
        to.writeEndObject();
    }

    private static void rules(JsonGenerator to, WeeklyReport.Rules rules) {
        to.writeObjectPropertyStart("rules");
        to.writeNumberProperty("days", WeeklyReport.DAYS);
        to.writeNumberProperty("count", rules.all());
        to.writeArrayPropertyStart("shown");
        for (RuleRow one : rules.shown()) {
            to.writeStartObject();
            to.writeStringProperty("rule_id", one.version().ruleId());
            to.writeStringProperty("version", one.version().version());
            to.writeStringProperty("title", one.title());
            counts(to, "week", one.week());
            counts(to, "record", one.days());
            var cost = one.falseAlerts();
            if (cost == null) {
                to.writeNullProperty("false_alerts");
            } else {
                IntelJson.number(to, "false_alerts", cost);
            }
            to.writeStringProperty("lane", one.tuning().lane().word());
            to.writeStringProperty("why", one.tuning().why());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeObjectPropertyStart("others");
        counts(to, "week", rules.othersInWeek());
        counts(to, "record", rules.others());
        to.writeEndObject();
        to.writeObjectPropertyStart("all");
        counts(to, "week", rules.week());
        counts(to, "record", rules.days());
        to.writeEndObject();
        to.writeEndObject();
    }

    private static void counts(JsonGenerator to, String name, Counts counts) {
        to.writeObjectPropertyStart(name);
        to.writeNumberProperty("fired", counts.fired());
        to.writeNumberProperty("escalated", counts.escalated());
        to.writeNumberProperty("auto_closed", counts.autoClosed());
        to.writeNumberProperty("reviewed", counts.reviewed());
        to.writeNumberProperty("overridden", counts.overridden());
        to.writeNumberProperty("true_positives", counts.outcomes().truePositives());
        to.writeNumberProperty("benign", counts.outcomes().benign());
        to.writeNumberProperty("false_positives", counts.outcomes().falsePositives());
        DecisionJsons.rate(to, "false_positive_rate", counts.falsePositives());
        to.writeEndObject();
    }

    private static void thresholds(JsonGenerator to, ThresholdAdvice advice) {
        to.writeObjectPropertyStart("thresholds");
        values(to, "now", advice.now().thresholds());
        to.writeBooleanProperty("closing", advice.now().inForce().autoClose());
        to.writeNumberProperty("days", ThresholdPreview.DAYS);
        to.writeNumberProperty("decided", advice.decided());
        to.writeNumberProperty("looked_at", advice.looked());
        to.writeNumberProperty("judged", advice.judged());
        to.writeStringProperty("criterion", ThresholdAdvice.CRITERION);
        to.writeArrayPropertyStart("suggested");
        for (var one : advice.suggested()) {
            to.writeStartObject();
            to.writeStringProperty("threshold", one.name().word());
            IntelJson.number(to, "from", one.from());
            IntelJson.number(to, "to", one.to());
            to.writeStringProperty("why", one.why());
            values(to, "thresholds", one.thresholds());
            to.writeName("effect");
            DecisionJsons.preview(to, one.effect());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("not_suggested");
        for (var one : advice.notSuggested()) {
            to.writeStartObject();
            to.writeStringProperty("threshold", one.name().word());
            to.writeStringProperty("why", one.why());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void values(JsonGenerator to, String name, Thresholds thresholds) {
        to.writeObjectPropertyStart(name);
        IntelJson.number(to, "escalate", thresholds.escalate());
        IntelJson.number(to, "close", thresholds.close());
        IntelJson.number(to, "model", thresholds.model());
        to.writeBooleanProperty("auto_close", thresholds.autoClose());
        to.writeEndObject();
    }

    private static void model(JsonGenerator to, ModelUse one) {
        to.writeStartObject();
        to.writeStringProperty("model", one.model());
        to.writeStringProperty("prompt_version", one.promptVersion());
        to.writeNumberProperty("calls", one.calls());
        to.writeNumberProperty("said", one.said());
        to.writeNumberProperty("failed", one.failed());
        to.writeNumberProperty("over_budget", one.overBudget());
        to.writeNumberProperty("tokens", one.tokens());
        to.writeNumberProperty("decided", one.verdicts());
        to.writeNumberProperty("looked_at", one.lookedAt());
        to.writeNumberProperty("changed", one.changed());
        DecisionJsons.rate(to, "overridden", one.overridden());
        to.writeEndObject();
    }
}
