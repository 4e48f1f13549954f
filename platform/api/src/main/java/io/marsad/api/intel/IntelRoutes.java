package io.marsad.api.intel;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.intel.service.Intelligence;
import io.marsad.soc.intel.service.SourceSetting;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/intel} and the services that are asked. */
public final class IntelRoutes {
    private final Intelligence intelligence;

    public IntelRoutes(Intelligence intelligence) {
        this.intelligence = intelligence;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getIntel", this::look),
                new Route("listIntelSources", this::sources),
                new Route("updateIntelSource", this::update),
                new Route("testIntelSource", this::test));
    }

    private void look(Exchange exchange) {
        var indicator = Indicator.of(exchange.path("type"), exchange.path("value"));
        if (indicator.kind() == Indicator.Kind.UNKNOWN) {
            var fault = indicator.fault();
            throw Problem.badRequest(
                            "invalid-indicator",
                            fault == null
                                    ? "Ask about an ip, domain, hash, url or email."
                                    : "'" + indicator.value() + "' " + fault + ".")
                    .asException();
        }
        var asked = intelligence.look(CallerScope.tenant(), indicator);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("cached", asked.cached());
            to.writeNumberProperty("ttl", Intelligence.KEPT.toSeconds());
            to.writeName("result");
            IntelJson.write(to, asked.result());
            to.writeEndObject();
        });
    }

    private void sources(Exchange exchange) {
        var all = intelligence.settings();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("sources");
            for (var one : all) {
                source(to, one);
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var setting = intelligence.set(
                exchange.path("source"),
                body.get("enabled").booleanValue(),
                body.get("per_minute").intValue(),
                body.get("per_day").intValue(),
                Json.text(body, "key"));
        exchange.json(200, to -> source(to, setting));
    }

    private void test(Exchange exchange) {
        var tested = intelligence.test(exchange.path("source"));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("answered", tested.failure() == null);
            Json.text(to, "failure", tested.failure());
            to.writeNumberProperty("took_ms", tested.took().toNanos() / 1_000_000.0);
            to.writeName("setting");
            source(to, tested.setting());
            to.writeEndObject();
        });
    }

    private static void source(JsonGenerator to, SourceSetting one) {
        to.writeStartObject();
        to.writeStringProperty("source", one.service().name());
        to.writeStringProperty("title", one.service().title());
        to.writeBooleanProperty("enabled", one.enabled());
        to.writeBooleanProperty("has_key", one.hasKey());
        to.writeNumberProperty("per_minute", one.perMinute());
        to.writeNumberProperty("per_day", one.perDay());
        to.writeNumberProperty("used_minute", one.usedThisMinute());
        to.writeNumberProperty("used_today", one.usedToday());
        Json.time(to, "answered_at", one.answered());
        Json.time(to, "failed_at", one.failed());
        Json.text(to, "failure", one.failure());
        to.writeEndObject();
    }
}
