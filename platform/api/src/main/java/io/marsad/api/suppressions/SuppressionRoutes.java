package io.marsad.api.suppressions;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.PreviewJson;
import io.marsad.api.http.Route;
import io.marsad.soc.suppression.Preview;
import io.marsad.soc.suppression.Suppression;
import io.marsad.soc.suppression.Suppression.Content;
import io.marsad.soc.suppression.Suppression.Hit;
import io.marsad.soc.suppression.Suppressions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/suppressions}. */
public final class SuppressionRoutes {
    private final Suppressions suppressions;
    private final InstantSource clock;

    public SuppressionRoutes(Suppressions suppressions, InstantSource clock) {
        this.suppressions = suppressions;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listSuppressions", this::list),
                new Route("createSuppression", this::create),
                new Route("getSuppression", this::one),
                new Route("updateSuppression", this::update),
                new Route("deleteSuppression", this::delete),
                new Route("previewSuppression", this::preview));
    }

    private void list(Exchange exchange) {
        var all = suppressions.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("suppressions");
            for (var one : all) {
                to.writeStartObject();
                properties(to, one);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var made = suppressions.create(content(exchange.json()));
        exchange.json(201, to -> {
            to.writeStartObject();
            properties(to, made);
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var detail = suppressions.find(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            properties(to, detail.suppression());
            to.writeArrayPropertyStart("newest");
            detail.newest().forEach(hit -> hit(to, hit));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var version = body.get("version").intValue();
        var changed = suppressions.update(exchange.id(), content(body), version);
        exchange.json(200, to -> {
            to.writeStartObject();
            properties(to, changed);
            to.writeEndObject();
        });
    }

    private void delete(Exchange exchange) {
        suppressions.delete(exchange.id());
        exchange.noContent();
    }

    private void preview(Exchange exchange) {
        var preview = suppressions.preview(content(exchange.json()));
        exchange.json(200, to -> write(to, preview));
    }

    private Content content(JsonNode body) {
        var rules = new ArrayList<String>();
        var named = body.get("rules");
        if (named != null) {
            named.forEach(rule -> rules.add(rule.stringValue()));
        }
        var query = Json.text(body, "query");
        var reason = Json.text(body, "reason");
        var starts = time(body, "starts_at");
        var expires = time(body, "expires_at");
        return new Content(
                rules,
                query == null ? "" : query,
                Json.text(body, "entity"),
                reason == null ? "" : reason,
                starts == null ? Instant.ofEpochMilli(clock.millis()) : starts,
                expires == null ? Instant.EPOCH : expires);
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private void properties(JsonGenerator to, Suppression one) {
        var content = one.content();
        to.writeStringProperty("id", one.id().toString());
        Json.texts(to, "rules", content.rules());
        to.writeStringProperty("query", content.query());
        Json.text(to, "entity", content.entity());
        to.writeStringProperty("reason", content.reason());
        Json.time(to, "starts_at", content.starts());
        Json.time(to, "expires_at", content.expires());
        to.writeStringProperty("state", one.state(Instant.ofEpochMilli(clock.millis())));
        to.writeStringProperty("owner", one.ownerName());
        Json.time(to, "created_at", one.createdAt());
        Json.time(to, "updated_at", one.updatedAt());
        to.writeNumberProperty("version", one.version());
        to.writeNumberProperty("hits", one.hits());
        Json.time(to, "last_hit_at", one.lastHit());
    }

    private static void hit(JsonGenerator to, Hit hit) {
        to.writeStartObject();
        Json.time(to, "at", hit.at());
        Json.time(to, "time", hit.time());
        to.writeStringProperty("rule_id", hit.ruleId());
        to.writeStringProperty("title", hit.title());
        to.writeStringProperty("event_id", hit.event().toString());
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, Preview preview) {
        to.writeStartObject();
        to.writeNumberProperty("days", preview.days());
        to.writeNumberProperty("candidates", preview.candidates());
        to.writeNumberProperty("looked_at", preview.looked());
        to.writeNumberProperty("hidden", preview.hidden());
        to.writeNumberProperty("gone", preview.gone());
        to.writeArrayPropertyStart("rules");
        for (var rule : preview.byRule()) {
            to.writeStartObject();
            to.writeStringProperty("rule_id", rule.ruleId());
            to.writeStringProperty("title", rule.title());
            to.writeNumberProperty("alerts", rule.alerts());
            to.writeNumberProperty("firings", rule.firings());
            to.writeNumberProperty("true_positives", rule.truePositives());
            to.writeEndObject();
        }
        to.writeEndArray();
        PreviewJson.alerts(
                to,
                "examples",
                preview.examples(),
                one -> new PreviewJson.Of(one.id(), one.time(), one.title()),
                (more, one) -> {
                    more.writeStringProperty("severity", one.severity());
                    more.writeStringProperty("status", one.status());
                });
        to.writeEndObject();
    }
}
