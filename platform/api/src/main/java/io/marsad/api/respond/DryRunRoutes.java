package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.respond.dry.DryRun;
import io.marsad.respond.dry.DryStep;
import io.marsad.respond.service.DryRuns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/playbooks/{id}/dry-run}: each step that a run would go through, with nothing to send with. */
final class DryRunRoutes {
    private static final int MOST_BODY = 4 << 20;

    private final DryRuns dryRuns;

    DryRunRoutes(DryRuns dryRuns) {
        this.dryRuns = dryRuns;
    }

    List<Route> routes() {
        return List.of(new Route("dryRunPlaybook", this::run));
    }

    private void run(Exchange exchange) {
        var body = exchange.json(MOST_BODY);
        var tried = dryRuns.run(new DryRuns.Wanted(
                PlaybookRoutes.id(exchange),
                Json.text(body, "source"),
                Json.text(body, "about"),
                PlaybookRoutes.values(body.path("given")),
                assumed(body.path("assume"))));
        exchange.json(200, to -> write(to, tried));
    }

    private static Map<String, Boolean> assumed(JsonNode assume) {
        Map<String, Boolean> all = new LinkedHashMap<>();
        assume.forEachEntry((step, what) -> all.put(step, what.asString("").equals("done")));
        return all;
    }

    private static void write(JsonGenerator to, DryRuns.Tried tried) {
        var result = tried.result();
        to.writeStartObject();
        to.writeStringProperty("status", word(result.end().status()));
        Json.text(to, "reason", result.end().reason());
        values(to, "given", tried.given());
        to.writeNumberProperty("outbound", 0);
        to.writeArrayPropertyStart("steps");
        int seq = 0;
        for (var step : result.steps()) {
            step(to, step, seq++);
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("missing");
        result.missing().forEach(one -> missing(to, one));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void step(JsonGenerator to, DryStep step, int seq) {
        to.writeStartObject();
        to.writeNumberProperty("seq", seq);
        to.writeNumberProperty("visit", step.visit());
        to.writeNumberProperty("parent", step.parent());
        to.writeStringProperty("step", step.step());
        to.writeStringProperty("name", step.name());
        to.writeStringProperty("type", step.type());
        to.writeStringProperty("status", word(step.status()));
        Json.text(to, "detail", step.detail());
        to.writeNumberProperty("at", step.at().toMillis());
        values(to, "values", step.values());
        asked(to, step.asked());
        to.writeEndObject();
    }

    private static void asked(JsonGenerator to, DryStep.@Nullable Asked asked) {
        var verdict = asked == null ? null : asked.verdict();
        Json.text(to, "action", asked == null ? null : asked.action());
        if (asked == null) {
            to.writeNullProperty("parameters");
        } else {
            to.writeObjectPropertyStart("parameters");
            asked.parameters().forEach((name, value) -> {
                to.writeName(name);
                to.writeRawValue(value.toString());
            });
            to.writeEndObject();
        }
        Json.text(to, "target", asked == null ? null : asked.target());
        Json.text(to, "radius", verdict == null ? null : word(verdict.radius()));
        Json.text(to, "consent", verdict == null ? null : word(verdict.consent()));
        Json.texts(to, "reasons", verdict == null ? List.of() : verdict.reasons());
        Json.text(to, "carried_by", asked == null ? null : asked.by());
        to.writeBooleanProperty("read", asked != null && asked.read());
        to.writeBooleanProperty("assumed", asked != null && asked.assumed());
        Json.text(to, "would", asked == null ? null : asked.would());
    }

    private static void missing(JsonGenerator to, DryRun.Missing one) {
        to.writeStartObject();
        to.writeStringProperty("step", one.step());
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("problem", one.problem());
        to.writeEndObject();
    }

    private static void values(JsonGenerator to, String name, Map<String, @Nullable String> values) {
        to.writeObjectPropertyStart(name);
        values.forEach((key, value) -> Json.text(to, key, value));
        to.writeEndObject();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
