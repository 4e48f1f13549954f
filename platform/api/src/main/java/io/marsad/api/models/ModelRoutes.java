package io.marsad.api.models;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.model.ModelCalls;
import io.marsad.soc.model.ModelContent;
import io.marsad.soc.model.ModelProvider;
import io.marsad.soc.model.ModelSetting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** {@code /v1/models}. */
public final class ModelRoutes {
    private final ModelServices services;

    public ModelRoutes(ModelServices services) {
        this.services = services;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getModel", this::find),
                new Route("setModel", this::set),
                new Route("deleteModel", this::remove),
                new Route("testModel", this::test),
                new Route("listModelCalls", this::calls));
    }

    private void find(Exchange exchange) {
        var setting = services.settings().find();
        exchange.json(200, to -> shown(to, setting));
    }

    private void set(Exchange exchange) {
        var setting = services.settings().set(content(exchange.json()));
        exchange.json(200, to -> shown(to, setting));
    }

    private void remove(Exchange exchange) {
        services.settings().remove();
        exchange.noContent();
    }

    private void test(Exchange exchange) {
        var test = services.settings().test(content(exchange.json()));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("usable", test.usable());
            to.writeStringProperty("model", test.model());
            to.writeNumberProperty("tokens", test.tokens());
            to.writeNumberProperty("millis", test.took().toMillis());
            Json.text(to, "fault", test.fault());
            Json.text(to, "said", test.said());
            to.writeEndObject();
        });
    }

    private void calls(Exchange exchange) {
        var cursor = exchange.query("cursor");
        int limit = exchange.queryNumber("limit");
        var found = services.calls()
                .list(
                        cursor == null ? null : place(cursor),
                        exchange.query("outcome"),
                        limit + 1); // one more: is there?
        var calls = found.subList(0, Math.min(limit, found.size()));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("calls");
            calls.forEach(call -> call(to, call));
            to.writeEndArray();
            Json.text(to, "next", found.size() > limit ? calls.getLast().id().toString() : null);
            to.writeEndObject();
        });
    }

    private static EventId place(String cursor) {
        try {
            return EventId.parse(cursor);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-cursor", "The cursor is none that this API gave.")
                    .asException();
        }
    }

    private static ModelContent content(JsonNode body) {
        return new ModelContent(
                body.get("enabled").booleanValue(),
                ModelProvider.ofWord(body.get("provider").stringValue()),
                body.get("url").stringValue().strip().replaceAll("/+$", ""),
                body.get("model").stringValue().strip(),
                body.get("seconds").intValue(),
                body.get("calls_per_day").intValue(),
                body.get("tokens_per_day").longValue(),
                Json.text(body, "key"));
    }

    private static void shown(JsonGenerator to, @Nullable ModelSetting setting) {
        to.writeStartObject();
        to.writeName("setting");
        if (setting == null) {
            to.writeNull();
        } else {
            setting(to, setting);
        }
        to.writeEndObject();
    }

    private static void setting(JsonGenerator to, ModelSetting setting) {
        var content = setting.content();
        to.writeStartObject();
        to.writeBooleanProperty("enabled", content.enabled());
        to.writeStringProperty("provider", content.provider().word());
        to.writeStringProperty("url", content.url());
        to.writeStringProperty("model", content.model());
        to.writeNumberProperty("seconds", content.seconds());
        to.writeNumberProperty("calls_per_day", content.callsPerDay());
        to.writeNumberProperty("tokens_per_day", content.tokensPerDay());
        to.writeBooleanProperty("has_key", setting.hasKey());
        to.writeNumberProperty("calls_used", setting.callsUsed());
        to.writeNumberProperty("tokens_used", setting.tokensUsed());
        Json.time(to, "answered_at", setting.answered());
        Json.time(to, "failed_at", setting.failed());
        Json.text(to, "failure", setting.failure());
        to.writeEndObject();
    }

    private static void call(JsonGenerator to, ModelCalls.Call call) {
        to.writeStartObject();
        to.writeStringProperty("id", call.id().toString());
        to.writeStringProperty("alert_id", call.alert().toString());
        to.writeStringProperty("model", call.model());
        to.writeStringProperty("prompt_version", call.promptVersion());
        to.writeStringProperty("prompt_hash", call.promptHash());
        Json.time(to, "asked_at", call.asked());
        Json.time(to, "answered_at", call.answered());
        to.writeStringProperty("outcome", call.outcome());
        to.writeNumberProperty("tokens", call.tokens());
        Json.text(to, "reply", call.reply());
        to.writeEndObject();
    }
}
