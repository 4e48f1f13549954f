package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.Endpoint;
import io.marsad.fleet.Endpoints;
import io.marsad.kernel.problem.Problem;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Everything below {@code /v1/endpoints}. */
final class EndpointRoutes {
    private final Endpoints endpoints;

    EndpointRoutes(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    List<Route> routes() {
        return List.of(
                new Route("listEndpoints", this::list),
                new Route(
                        "getEndpoint",
                        exchange ->
                                answer(exchange, endpoints.find(exchange.id().uuid()))),
                new Route(
                        "revokeEndpoint",
                        exchange ->
                                answer(exchange, endpoints.revoke(exchange.id().uuid()))),
                new Route("deleteEndpoint", this::delete));
    }

    private void list(Exchange exchange) {
        int limit = exchange.queryNumber("limit");
        var wanted = new Endpoints.Wanted(
                Objects.requireNonNullElse(exchange.query("q"), ""),
                Objects.requireNonNullElse(exchange.query("group"), ""),
                cursor(exchange.query("cursor")),
                limit + 1);
        var found = endpoints.list(wanted);
        boolean more = found.size() > limit;
        var page = more ? found.subList(0, limit) : found;
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("endpoints");
            for (var one : page) {
                write(to, one);
            }
            to.writeEndArray();
            Json.text(to, "next", more ? page.getLast().id().toString() : null);
            to.writeEndObject();
        });
    }

    private static @Nullable UUID cursor(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-cursor", "The cursor is none of this list.")
                    .asException();
        }
    }

    private void delete(Exchange exchange) {
        endpoints.delete(exchange.id().uuid());
        exchange.noContent();
    }

    private static void answer(Exchange exchange, Endpoint one) {
        exchange.json(200, to -> write(to, one));
    }

    private static void write(JsonGenerator to, Endpoint one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("kind", one.kind());
        to.writeStringProperty("host_identifier", one.host().identifier());
        to.writeStringProperty("hardware_uuid", one.host().hardwareId());
        to.writeStringProperty("hostname", one.host().name());
        to.writeStringProperty("platform", one.host().platform());
        to.writeStringProperty("os_version", one.host().osVersion());
        to.writeStringProperty("software_version", one.host().software());
        to.writeStringProperty("group", one.group());
        to.writeStringProperty("state", one.state());
        Json.time(to, "enrolled_at", one.enrolledAt());
        Json.time(to, "last_seen_at", one.lastSeenAt());
        to.writeStringProperty("last_address", one.address());
        if (one.kind().equals("agent")) {
            to.writeNumberProperty("lost_records", one.spool().lostRecords());
            to.writeNumberProperty("lost_bytes", one.spool().lostBytes());
            to.writeNumberProperty("policy_version", one.policy().version());
            to.writeStringProperty("policy_refused", one.policy().refused());
            to.writeStringProperty("update_refused", one.policy().notUpdated());
        }
        to.writeEndObject();
    }
}
