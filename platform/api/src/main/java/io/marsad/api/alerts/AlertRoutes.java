package io.marsad.api.alerts;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.AlertPage;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Transition;
import io.marsad.soc.alert.Verdict;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The queue, one alert, its way through the states; always of the caller's tenant. */
public final class AlertRoutes {
    private final Alerts alerts;

    public AlertRoutes(Alerts alerts) {
        this.alerts = alerts;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listAlerts", this::list),
                new Route("getAlert", this::one),
                new Route("transitionAlert", this::transition));
    }

    private void list(Exchange exchange) {
        var filter = new AlertFilter(
                words(exchange, "status", AlertStatus::ofWord),
                words(exchange, "severity", Severity::ofWord),
                exchange.query("rule_id"),
                exchange.query("entity"),
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

    private void transition(Exchange exchange) {
        var body = exchange.json();
        var verdict = Json.text(body, "verdict");
        var version = body.get("version");
        var wanted = new Transition(
                AlertStatus.ofWord(body.get("to").stringValue()),
                verdict == null ? null : Verdict.ofWord(verdict),
                Json.text(body, "comment"),
                version == null ? null : version.intValue());
        var alert = alerts.transition(exchange.id(), wanted);
        exchange.json(200, to -> AlertJson.write(to, alert));
    }

    private static <T> Set<T> words(Exchange exchange, String name, Function<String, T> read) {
        return exchange.queryList(name).stream().map(read).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Instant time(Exchange exchange, String name) {
        var text = exchange.query(name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
