package io.marsad.api.respond;

import io.marsad.api.http.Json;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.cacao.Finding;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookSource;
import io.marsad.respond.service.PlaybookView;
import io.marsad.respond.service.RunView;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Playbooks and runs as the contract writes them. */
final class PlaybookOut {
    private PlaybookOut() {}

    static void summary(JsonGenerator to, PlaybookView one) {
        to.writeStartObject();
        properties(to, one);
        to.writeEndObject();
    }

    static void detail(JsonGenerator to, PlaybookView.Detail detail) {
        var one = detail.playbook();
        to.writeStartObject();
        properties(to, one);
        to.writeStringProperty("source", detail.source());
        tree(to, "document", detail.document());
        to.writeStringProperty("newest", detail.newest());
        findings(to, detail.findings());
        boolean called = one.triggers().stream()
                .anyMatch(trigger -> trigger.kind().word().equals("webhook"));
        Json.text(to, "webhook", called ? "/v1/playbooks/" + one.id() + "/webhook" : null);
        to.writeEndObject();
    }

    /** What a text was read as. */
    static void checked(JsonGenerator to, PlaybookReader.Reading reading) {
        var tree = reading.text().tree();
        to.writeStartObject();
        id(to, "id", PlaybookSource.idOf(tree));
        Json.text(to, "name", tree.path("name").asString(null));
        to.writeBooleanProperty("runnable", reading.playbook() != null);
        findings(to, reading.findings());
        tree(to, "document", tree);
        to.writeStringProperty("yaml", reading.text().yaml());
        to.writeStringProperty("hash", reading.hash());
        to.writeEndObject();
    }

    /** Why a text is no document. */
    static void unreadable(JsonGenerator to, ContentException why) {
        to.writeStartObject();
        to.writeNullProperty("id");
        to.writeNullProperty("name");
        to.writeBooleanProperty("runnable", false);
        findings(
                to,
                why.problems().stream()
                        .map(problem -> new Finding(Finding.Severity.ERROR, problem))
                        .toList());
        to.writeNullProperty("document");
        to.writeNullProperty("yaml");
        to.writeNullProperty("hash");
        to.writeEndObject();
    }

    /** @param source null: without its text */
    static void version(JsonGenerator to, PlaybookView.Kept one, @Nullable String source) {
        to.writeStartObject();
        to.writeStringProperty("version", one.version());
        Json.time(to, "modified", one.modified());
        to.writeStringProperty("made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        to.writeBooleanProperty("runnable", one.runnable());
        to.writeBooleanProperty("current", one.current());
        if (source != null) {
            to.writeStringProperty("source", source);
        }
        to.writeEndObject();
    }

    static void findings(JsonGenerator to, List<Finding> findings) {
        to.writeArrayPropertyStart("findings");
        for (var one : findings) {
            to.writeStartObject();
            to.writeStringProperty("severity", one.severity().name().toLowerCase(Locale.ROOT));
            to.writeNumberProperty("line", one.problem().line());
            to.writeNullProperty("path");
            to.writeStringProperty("problem", one.problem().reason());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void properties(JsonGenerator to, PlaybookView one) {
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("name", one.name());
        Json.text(to, "description", one.description());
        Json.texts(to, "labels", one.labels());
        Json.texts(to, "types", one.types());
        to.writeBooleanProperty("enabled", one.enabled());
        to.writeStringProperty("origin", one.shipped() ? "shipped" : "own");
        to.writeBooleanProperty("changed", one.changed());
        Json.text(to, "newer_shipped", one.newerShipped());
        to.writeBooleanProperty("runnable", one.version() != null);
        Json.text(to, "version", one.version());
        Json.time(to, "modified", one.modified());
        Json.time(to, "updated_at", one.updatedAt());
        to.writeArrayPropertyStart("triggers");
        for (var trigger : one.triggers()) {
            to.writeStartObject();
            to.writeStringProperty("on", trigger.kind().word());
            Json.text(to, "when", trigger.when());
            Json.text(to, "cron", trigger.cron());
            to.writeNumberProperty("most_an_hour", trigger.mostAnHour());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeNumberProperty("steps", one.steps());
        Json.texts(to, "actions", one.actions());
        to.writeObjectPropertyStart("runs");
        to.writeNumberProperty("started", one.runs().started());
        to.writeNumberProperty("succeeded", one.runs().succeeded());
        to.writeNumberProperty("failed", one.runs().failed());
        to.writeNumberProperty("running", one.runs().running());
        to.writeEndObject();
        Json.time(to, "last_run_at", one.lastRun());
        left(to, one.left());
    }

    private static void left(JsonGenerator to, PlaybookView.@Nullable Left left) {
        if (left == null) {
            to.writeNullProperty("left");
            return;
        }
        to.writeObjectPropertyStart("left");
        to.writeNumberProperty("count", left.count());
        Json.time(to, "at", left.at());
        to.writeStringProperty("reason", left.reason());
        to.writeEndObject();
    }

    static void run(JsonGenerator to, RunView one) {
        to.writeStartObject();
        properties(to, one);
        to.writeEndObject();
    }

    static void run(JsonGenerator to, RunView.Detail detail) {
        to.writeStartObject();
        properties(to, detail.run());
        tree(to, "document", detail.document());
        to.writeObjectPropertyStart("values");
        detail.values().forEach((name, value) -> Json.text(to, name, value));
        to.writeEndObject();
        to.writeArrayPropertyStart("steps");
        for (var step : detail.steps()) {
            to.writeStartObject();
            to.writeNumberProperty("seq", step.seq());
            to.writeNumberProperty("visit", step.visit());
            to.writeNumberProperty("parent", step.parent());
            to.writeStringProperty("step", step.step());
            Json.text(to, "name", step.name());
            Json.text(to, "type", step.type());
            to.writeStringProperty("status", step.status());
            Json.text(to, "detail", step.detail());
            tree(to, "values", step.values());
            Json.time(to, "at", step.at());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("actions");
        detail.actions().forEach(action -> ActionOut.action(to, action));
        to.writeEndArray();
        to.writeArrayPropertyStart("children");
        detail.children().forEach(child -> run(to, child));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void properties(JsonGenerator to, RunView one) {
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("playbook", one.playbook().toString());
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("version", one.version());
        to.writeStringProperty("status", one.status());
        Json.text(to, "reason", one.reason());
        to.writeStringProperty("started_by", one.startedBy());
        Json.text(to, "about", one.about());
        Json.text(to, "about_title", one.aboutTitle());
        id(to, "parent", one.parent());
        Json.text(to, "waiting", one.waiting());
        to.writeNumberProperty("steps_done", one.stepsDone());
        Json.time(to, "started_at", one.startedAt());
        Json.time(to, "ended_at", one.endedAt());
        id(to, "retried_from", one.retriedFrom());
    }

    static void id(JsonGenerator to, String name, @Nullable UUID id) {
        Json.text(to, name, id == null ? null : id.toString());
    }

    /** A tree that we have read ourselves, or null. */
    static void tree(JsonGenerator to, String name, @Nullable JsonNode tree) {
        to.writeName(name);
        value(to, tree);
    }

    private static void value(JsonGenerator to, @Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            to.writeNull();
        } else if (node.isObject()) {
            to.writeStartObject();
            node.forEachEntry((name, item) -> tree(to, name, item));
            to.writeEndObject();
        } else if (node.isArray()) {
            to.writeStartArray();
            node.forEach(item -> value(to, item));
            to.writeEndArray();
        } else if (node.isBoolean()) {
            to.writeBoolean(node.booleanValue());
        } else if (node.isIntegralNumber()) {
            to.writeNumber(node.bigIntegerValue());
        } else if (node.isNumber()) {
            to.writeNumber(node.decimalValue());
        } else {
            to.writeString(node.asString(""));
        }
    }
}
