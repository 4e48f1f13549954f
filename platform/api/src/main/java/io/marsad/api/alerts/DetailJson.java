package io.marsad.api.alerts;

import io.marsad.api.http.Json;
import io.marsad.soc.alert.AlertDetail;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.Evidence;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An alert with all there is to it, as the contract has it. */
final class DetailJson {
    private DetailJson() {}

    static void write(JsonGenerator to, AlertDetail detail) {
        to.writeStartObject();
        AlertJson.properties(to, detail.alert());
        to.writeName("rule");
        AlertJson.rule(to, detail.rule());
        to.writeStringProperty("narrative", detail.narrative());
        to.writeNumberProperty("narrative_version", AlertDetail.NARRATIVE_VERSION);
        to.writeArrayPropertyStart("evidence");
        detail.evidence().forEach(evidence -> evidence(to, evidence));
        to.writeEndArray();
        to.writeArrayPropertyStart("history");
        for (var entry : detail.history()) {
            to.writeStartObject();
            to.writeStringProperty("at", Json.time(entry.at()));
            to.writeStringProperty("actor", entry.actor());
            to.writeStringProperty("action", entry.action());
            optional(to, "detail", entry.detail());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeObjectPropertyStart("rule_record");
        to.writeNumberProperty("fired", detail.ruleRecord().fired());
        to.writeNumberProperty("closed", detail.ruleRecord().closed());
        to.writeNumberProperty("false_positives", detail.ruleRecord().falsePositives());
        to.writeEndObject();
        var confidence = detail.confidence();
        if (confidence == null) {
            to.writeNullProperty("confidence");
        } else {
            to.writeObjectPropertyStart("confidence");
            AlertJson.confidence(to, confidence);
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    private static void evidence(JsonGenerator to, Evidence evidence) {
        to.writeStartObject();
        to.writeStringProperty("event_id", evidence.event().toString());
        to.writeStringProperty("time", Json.time(evidence.time()));
        AlertJson.matches(to, evidence.matches());
        to.writeEndObject();
    }

    private static void optional(JsonGenerator to, String name, @Nullable String text) {
        if (text != null) {
            to.writeStringProperty(name, text);
        }
    }
}
