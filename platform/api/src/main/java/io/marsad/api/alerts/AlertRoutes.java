package io.marsad.api.alerts;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.AlertPage;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.AlikeAlerts;
import io.marsad.soc.alert.BulkActs;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Triage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** The queue, one alert, its way through the states; always of the caller's tenant. */
public final class AlertRoutes {
    private final Alerts alerts;
    private final Triage triage;
    private final BulkActs bulk;
    private final AlikeAlerts alike;

    public AlertRoutes(AlertServices services) {
        this.alerts = services.alerts();
        this.triage = services.triage();
        this.bulk = services.bulk();
        this.alike = services.alike();
    }

    public List<Route> routes() {
        return List.of(
                new Route("listAlerts", this::list),
                new Route("getAlert", this::one),
                new Route("alikeAlerts", this::alike),
                new Route("transitionAlert", this::transition),
                new Route("escalateAlert", this::escalate),
                new Route("tagAlert", this::tag),
                new Route("actOnAlerts", this::many),
                new Route("undoAlertBulk", this::undo));
    }

    private void list(Exchange exchange) {
        var filter = new AlertFilter(
                words(exchange, "status", AlertStatus::ofWord),
                words(exchange, "severity", Severity::ofWord),
                exchange.query("rule_id"),
                exchange.query("entity"),
                exchange.query("tag"),
                exchange.query("q"),
                time(exchange, "from"),
                time(exchange, "to"));
        var page = alerts.list(filter, exchange.queryNumber("limit"), exchange.query("cursor"));
        exchange.json(200, to -> page(to, page));
    }

    private static void page(JsonGenerator to, AlertPage page) {
        to.writeStartObject();
        to.writeArrayPropertyStart("alerts");
        for (var alert : page.alerts()) {
            AlertJson.write(to, alert);
        }
        to.writeEndArray();
        Json.text(to, "next", page.next());
        to.writeNumberProperty("total", page.total());
        to.writeObjectPropertyStart("counts");
        to.writeObjectPropertyStart("severity");
        page.bySeverity().forEach((severity, count) -> to.writeNumberProperty(severity.word(), count));
        to.writeEndObject();
        to.writeObjectPropertyStart("status");
        page.byStatus().forEach((status, count) -> to.writeNumberProperty(status.word(), count));
        to.writeEndObject();
        to.writeEndObject();
        to.writeStringProperty("live_seq", Long.toString(page.liveSeq()));
        to.writeEndObject();
    }

    private void one(Exchange exchange) {
        var detail = alerts.detail(exchange.id());
        exchange.json(200, to -> DetailJson.write(to, detail));
    }

    private void alike(Exchange exchange) {
        var found = alike.of(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.text(to, "signature", found.signature());
            to.writeNumberProperty("total", found.total());
            to.writeArrayPropertyStart("alerts");
            found.alerts().forEach(alert -> AlertJson.write(to, alert));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void transition(Exchange exchange) {
        var body = exchange.json();
        act(exchange, body, ActJson.move(body));
    }

    private void escalate(Exchange exchange) {
        var body = exchange.json();
        var wanted = body.get("escalated");
        act(exchange, body, new Act.Escalate(wanted == null || wanted.booleanValue()));
    }

    private void tag(Exchange exchange) {
        var body = exchange.json();
        act(exchange, body, new Act.Tag(ActJson.texts(body, "add"), ActJson.texts(body, "remove")));
    }

    private void act(Exchange exchange, JsonNode body, Act act) {
        var version = body.get("version");
        var alert =
                triage.act(exchange.id(), act, Json.text(body, "comment"), version == null ? null : version.intValue());
        exchange.json(200, to -> AlertJson.write(to, alert));
    }

    private void many(Exchange exchange) {
        var body = exchange.json();
        var dry = body.get("dry_run");
        var result = bulk.act(
                ActJson.which(body),
                ActJson.act(body.get("act")),
                Json.text(body, "comment"),
                dry != null && dry.booleanValue());
        exchange.json(200, to -> ActJson.write(to, result));
    }

    private void undo(Exchange exchange) {
        var undone = bulk.undo(EventId.parse(exchange.json().get("undo").stringValue()));
        exchange.json(200, to -> ActJson.write(to, undone));
    }

    private static <T> Set<T> words(Exchange exchange, String name, Function<String, T> read) {
        return exchange.queryList(name).stream().map(read).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Instant time(Exchange exchange, String name) {
        var text = exchange.query(name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
