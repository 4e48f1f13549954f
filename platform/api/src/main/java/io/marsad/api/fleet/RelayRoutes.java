package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.control.Relays;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/relays}. */
final class RelayRoutes {
    private final Relays relays;

    RelayRoutes(Relays relays) {
        this.relays = relays;
    }

    List<Route> routes() {
        return List.of(new Route("listRelays", this::list));
    }

    private void list(Exchange exchange) {
        var all = relays.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("relays");
            for (var one : all.relays()) {
                write(to, one);
            }
            to.writeEndArray();
            groups(to, "direct", all.direct());
            to.writeEndObject();
        });
    }

    private static void write(JsonGenerator to, Relays.Relay one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("hostname", one.hostname());
        to.writeStringProperty("group", one.group());
        to.writeStringProperty("software_version", one.software());
        to.writeStringProperty("state", one.revoked() ? "revoked" : "active");
        Json.time(to, "enrolled_at", one.enrolledAt());
        Json.time(to, "last_seen_at", one.lastSeenAt());
        to.writeStringProperty("last_address", one.address());
        Json.time(to, "certificate_until", one.certificateUntil());
        to.writeNumberProperty("waiting_records", one.waiting().records());
        to.writeNumberProperty("waiting_bytes", one.waiting().bytes());
        to.writeNumberProperty("lost_records", one.lost().records());
        to.writeNumberProperty("lost_bytes", one.lost().bytes());
        groups(to, "groups", one.groups());
        to.writeEndObject();
    }

    private static void groups(JsonGenerator to, String name, List<Relays.Group> groups) {
        to.writeArrayPropertyStart(name);
        for (var one : groups) {
            to.writeStartObject();
            to.writeStringProperty("group", one.name());
            to.writeNumberProperty("hosts", one.hosts());
            to.writeNumberProperty("heard", one.heard());
            to.writeEndObject();
        }
        to.writeEndArray();
    }
}
