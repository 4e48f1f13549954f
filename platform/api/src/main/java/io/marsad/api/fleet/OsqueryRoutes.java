package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.ingest.Durable;
import io.marsad.fleet.Endpoint.Host;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.Enrollment.Node;
import io.marsad.fleet.osquery.OsqueryConfig;
import io.marsad.fleet.osquery.OsqueryLog;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.tenant.Standings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * osquery's remote API. What osquery understands is answered 200: who is not known is told so in the body, and enrolls
 * again. What it may send again later is answered 429 or 503.
 */
final class OsqueryRoutes {
    private static final int MAX_LOG = 16 << 20;
    private static final int MAX_PART = 8 << 20;
    private static final byte[] UNKNOWN = "{\"node_invalid\":true}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAKEN = "{}".getBytes(StandardCharsets.UTF_8);

    private final Enrollment enrollment;
    private final Intake intake;
    private final Standings standings;
    private final OsqueryConfig config = OsqueryConfig.baseline();
    private final Counter refused;
    private final Counter rows;
    private final Counter unread;

    OsqueryRoutes(Enrollment enrollment, Intake intake, Standings standings, MeterRegistry meters) {
        this.enrollment = enrollment;
        this.intake = intake;
        this.standings = standings;
        this.refused = Counter.builder("marsad.osquery.enroll.refused")
                .description("Hosts that were not let in")
                .register(meters);
        this.rows = Counter.builder("marsad.osquery.rows")
                .description("Rows and status lines of osquery that were made durable")
                .register(meters);
        this.unread = Counter.builder("marsad.osquery.unread")
                .description("Entries of osquery's logs that are none, or are too long")
                .register(meters);
    }

    List<Route> routes() {
        return List.of(
                new Route("enrollOsquery", this::enroll),
                new Route("configureOsquery", this::config),
                new Route("logOsquery", this::log));
    }

    private void enroll(Exchange exchange) {
        var body = object(exchange, Exchange.SMALL_BODY);
        var secret = text(body, "enroll_secret");
        var tenant = Enrollment.tenantOf(secret);
        if (tenant != null) {
            standings.requireActive(tenant);
        }
        var key = enrollment.enroll(secret, host(body), address(exchange));
        if (key == null) {
            refused.increment();
            exchange.send(200, "application/json", UNKNOWN);
            return;
        }
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("node_key", key);
            to.writeBooleanProperty("node_invalid", false);
            to.writeEndObject();
        });
    }

    private static Host host(JsonNode body) {
        var details = body.path("host_details");
        var system = details.path("system_info");
        var os = details.path("os_version");
        var platform = text(os, "platform");
        var name = text(system, "hostname");
        return new Host(
                text(body, "host_identifier"),
                text(system, "uuid"),
                name.isEmpty() ? text(body, "host_identifier") : name,
                platform.isEmpty() ? text(body, "platform_type") : platform,
                (text(os, "name") + " " + text(os, "version")).strip(),
                text(details.path("osquery_info"), "version"));
    }

    private void config(Exchange exchange) {
        if (node(exchange, object(exchange, Exchange.SMALL_BODY)) != null) {
            exchange.send(200, "application/json", config.json());
        }
    }

    private void log(Exchange exchange) {
        var body = object(exchange, MAX_LOG);
        var node = node(exchange, body);
        if (node == null) {
            return;
        }
        admit(exchange, node);
        var batches = new ArrayList<IntakeBatch>();
        var left = new int[2]; // records and bytes that the newest batch still takes
        int none =
                OsqueryLog.read(node, body.path("data"), text(body, "log_type").equals("status"), (record, key) -> {
                    if (left[0] == 0 || left[1] < record.length) {
                        batches.add(intake.begin(new Sender(node.tenant(), "osquery"), "json", null, false));
                        left[0] = Intake.MAX_RECORDS;
                        left[1] = MAX_PART;
                    }
                    left[0]--;
                    left[1] = Math.max(0, left[1] - record.length);
                    batches.getLast().add(record, 0, record.length, key);
                });
        unread.increment(none);
        for (var batch : batches) { // what is sent again has the same keys: a part that is durable is not doubled
            var result = Durable.run(exchange, batch::commit);
            rows.increment(result.accepted());
            unread.increment(result.rejected());
        }
        exchange.send(200, "application/json", TAKEN);
    }

    private void admit(Exchange exchange, Node node) {
        var refusal = intake.refusal(node.tenant());
        if (refusal != null) {
            exchange.header("Retry-After", Long.toString(Math.ceilDiv(refusal.retryAfterMillis(), 1000)));
            throw Problem.overloaded(refusal.detail() + " Send again later.").asException();
        }
    }

    /** Null when it is answered: nobody is known by this key. */
    private @Nullable Node node(Exchange exchange, JsonNode body) {
        var header = exchange.header("Authorization");
        var key = text(body, "node_key");
        if (key.isEmpty() && header != null && header.regionMatches(true, 0, "NodeKey ", 0, 8)) {
            key = header.substring(8).strip();
        }
        var node = enrollment.authenticate(key, address(exchange));
        if (node == null) {
            exchange.send(200, "application/json", UNKNOWN);
            return null;
        }
        standings.requireActive(node.tenant());
        return node;
    }

    private static JsonNode object(Exchange exchange, int max) {
        var body = Json.tree(exchange.body(max));
        if (!body.isObject()) {
            throw Problem.badRequest("invalid-body", "A JSON object is expected.")
                    .asException();
        }
        return body;
    }

    private static String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() || value.isNumber() ? value.asString() : "";
    }

    private static String address(Exchange exchange) {
        var remote = exchange.remote();
        return remote == null ? "" : remote.getHostAddress();
    }
}
