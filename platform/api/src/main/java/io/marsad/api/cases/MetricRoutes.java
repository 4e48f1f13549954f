package io.marsad.api.cases;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.cases.CaseMetrics;
import io.marsad.soc.cases.CaseMetrics.Measure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** How long cases took, and what was late. */
final class MetricRoutes {
    private final CaseMetrics metrics;

    MetricRoutes(CaseServices services) {
        this.metrics = services.metrics();
    }

    List<Route> routes() {
        return List.of(new Route("caseMetrics", this::report));
    }

    private void report(Exchange exchange) {
        var report = metrics.of(exchange.queryNumber("weeks"));
        exchange.json(200, to -> write(to, report));
    }

    private static void write(JsonGenerator to, CaseMetrics.Report report) {
        to.writeStartObject();
        to.writeStringProperty("from", report.from().toString());
        to.writeArrayPropertyStart("rows");
        for (var row : report.rows()) {
            to.writeStartObject();
            to.writeStringProperty("week", row.week().toString());
            to.writeStringProperty("severity", row.severity().word());
            to.writeNumberProperty("opened", row.opened());
            measure(to, "detect", row.detect());
            measure(to, "acknowledge", row.acknowledge());
            measure(to, "contain", row.contain());
            measure(to, "resolve", row.resolve());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeNumberProperty("breaches", report.breaches());
        to.writeArrayPropertyStart("late");
        for (var late : report.late()) {
            to.writeStartObject();
            to.writeStringProperty("case", late.kase().toString());
            to.writeNumberProperty("number", late.number());
            to.writeStringProperty("title", late.title());
            to.writeStringProperty("severity", late.severity().word());
            to.writeStringProperty("goal", late.goal().word());
            Json.time(to, "due", late.due());
            Json.time(to, "breached_at", late.at());
            Json.time(to, "met_at", late.met());
            Json.text(to, "assignee", late.assignee());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void measure(JsonGenerator to, String name, Measure measure) {
        to.writeObjectPropertyStart(name);
        to.writeNumberProperty("n", measure.n());
        seconds(to, "median", measure.median());
        seconds(to, "p90", measure.p90());
        to.writeEndObject();
    }

    private static void seconds(JsonGenerator to, String name, @Nullable Long seconds) {
        if (seconds == null) {
            to.writeNullProperty(name);
        } else {
            to.writeNumberProperty(name, seconds);
        }
    }
}
