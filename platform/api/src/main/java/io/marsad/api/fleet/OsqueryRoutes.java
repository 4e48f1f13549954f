package io.marsad.api.fleet;

import static io.marsad.api.fleet.OsqueryDoor.address;
import static io.marsad.api.fleet.OsqueryDoor.object;
import static io.marsad.api.fleet.OsqueryDoor.text;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.fleet.Endpoint.Host;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.osquery.OsqueryLog;
import io.marsad.fleet.osquery.QueryPacks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * osquery's remote API. What osquery understands is answered 200: who is not known is told so in the body, and enrolls
 * again. What it may send again later is answered 429 or 503.
 */
final class OsqueryRoutes {
    private static final int MAX_LOG = 16 << 20;

    private final OsqueryDoor door;
    private final QueryPacks packs;
    private final Counter refused;
    private final Counter rows;
    private final Counter unread;

    OsqueryRoutes(OsqueryDoor door, QueryPacks packs, MeterRegistry meters) {
        this.door = door;
        this.packs = packs;
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
            door.standings().requireActive(tenant);
        }
        var key = door.enrollment().enroll(secret, host(body), address(exchange));
        if (key == null) {
            refused.increment();
            exchange.send(200, "application/json", OsqueryDoor.UNKNOWN);
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
        var node = door.node(exchange, object(exchange, Exchange.SMALL_BODY));
        if (node != null) {
            exchange.send(200, "application/json", packs.config(node.tenant(), node.group()));
        }
    }

    private void log(Exchange exchange) {
        var body = object(exchange, MAX_LOG);
        var node = door.node(exchange, body);
        if (node == null) {
            return;
        }
        door.admit(exchange, node);
        boolean status = text(body, "log_type").equals("status");
        var kept =
                door.keep(exchange, node, to -> unread.increment(OsqueryLog.read(node, body.path("data"), status, to)));
        rows.increment(kept.accepted());
        unread.increment(kept.rejected());
        exchange.send(200, "application/json", OsqueryDoor.TAKEN);
    }
}
