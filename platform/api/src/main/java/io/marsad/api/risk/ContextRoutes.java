package io.marsad.api.risk;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.PreviewJson;
import io.marsad.api.http.Route;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.context.ContextFact;
import io.marsad.soc.context.ContextFact.Content;
import io.marsad.soc.context.ContextPreview;
import io.marsad.soc.context.Contexts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/context}: what is known of entities. */
public final class ContextRoutes {
    private final Contexts context;
    private final InstantSource clock;

    public ContextRoutes(Contexts context, InstantSource clock) {
        this.context = context;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listContext", this::list),
                new Route("createContext", this::create),
                new Route("updateContext", this::update),
                new Route("deleteContext", this::delete),
                new Route("previewContext", this::preview));
    }

    private void list(Exchange exchange) {
        var all = context.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("facts");
            all.forEach(fact -> write(to, fact));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var made = context.create(content(exchange.json()));
        exchange.json(201, to -> write(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var changed =
                context.update(exchange.id(), content(body), body.get("version").intValue());
        exchange.json(200, to -> write(to, changed));
    }

    private void delete(Exchange exchange) {
        context.delete(exchange.id());
        exchange.noContent();
    }

    private void preview(Exchange exchange) {
        var preview = context.preview(content(exchange.json()));
        exchange.json(200, to -> write(to, preview));
    }

    private Content content(JsonNode body) {
        var type = Json.text(body, "entity_type");
        var risk = body.get("risk");
        var shift = body.get("severity_shift");
        var starts = time(body, "starts_at");
        var expires = time(body, "expires_at");
        return new Content(
                text(body, "name"),
                text(body, "kind"),
                type == null ? null : Entity.Kind.ofWord(type),
                text(body, "pattern"),
                risk == null ? BigDecimal.ZERO : risk.decimalValue(),
                shift == null ? 0 : shift.intValue(),
                text(body, "reason"),
                starts == null ? start(text(body, "kind")) : starts,
                expires == null ? Instant.EPOCH : expires);
    }

    /** What something is it was yesterday too; work on it begins when it is said. */
    private Instant start(String kind) {
        var now = Instant.ofEpochMilli(clock.millis());
        return kind.equals("maintenance") ? now : now.minus(Contexts.WEIGHED_ANEW);
    }

    private static String text(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? "" : text;
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private void write(JsonGenerator to, ContextFact fact) {
        var content = fact.content();
        var kind = content.entityKind();
        to.writeStartObject();
        to.writeStringProperty("id", fact.id().toString());
        to.writeStringProperty("name", content.name());
        to.writeStringProperty("kind", content.kind());
        Json.text(to, "entity_type", kind == null ? null : kind.word());
        to.writeStringProperty("pattern", content.pattern());
        to.writeNumberProperty("risk", content.risk());
        to.writeNumberProperty("severity_shift", content.severityShift());
        to.writeStringProperty("reason", content.reason());
        Json.time(to, "starts_at", content.starts());
        Json.time(to, "expires_at", content.expires());
        to.writeStringProperty("state", fact.state(Instant.ofEpochMilli(clock.millis())));
        to.writeStringProperty("owner", fact.ownerName());
        Json.time(to, "created_at", fact.createdAt());
        Json.time(to, "updated_at", fact.updatedAt());
        to.writeNumberProperty("version", fact.version());
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, ContextPreview preview) {
        to.writeStartObject();
        to.writeNumberProperty("days", preview.days());
        to.writeNumberProperty("alerts", preview.alerts());
        to.writeNumberProperty("severities", preview.severities());
        to.writeNumberProperty("entities", preview.entities());
        PreviewJson.alerts(
                to,
                "examples",
                preview.examples(),
                one -> new PreviewJson.Of(one.id(), one.time(), one.title()),
                (more, one) -> {
                    more.writeStringProperty("entity", one.entity());
                    more.writeStringProperty("severity", one.severityBefore());
                    more.writeStringProperty("severity_after", one.severityAfter());
                    more.writeNumberProperty("points", one.pointsBefore());
                    more.writeNumberProperty("points_after", one.pointsAfter());
                });
        to.writeEndObject();
    }
}
