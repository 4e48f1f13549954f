package io.marsad.api.fleet;

import static io.marsad.api.fleet.OsqueryDoor.object;
import static io.marsad.api.fleet.OsqueryDoor.text;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.Carve;
import io.marsad.fleet.CarveDoor;
import io.marsad.fleet.Carves;
import io.marsad.kernel.problem.Problem;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Files that hosts with osquery send, and everything below {@code /v1/carves}. */
final class CarveRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CarveRoutes.class);
    private static final int MAX_BLOCK_BODY = 12 << 20; // 8 MiB in base64, and what stands around it

    private final OsqueryDoor door;
    private final CarveDoor hosts;
    private final Carves carves;

    CarveRoutes(OsqueryDoor door, CarveDoor hosts, Carves carves) {
        this.door = door;
        this.hosts = hosts;
        this.carves = carves;
    }

    List<Route> routes() {
        return List.of(
                new Route("beginOsqueryCarve", this::begin),
                new Route("sendOsqueryCarveBlock", this::block),
                new Route("listCarves", this::list),
                new Route("getCarve", this::get),
                new Route("deleteCarve", this::delete),
                new Route("downloadCarve", this::download));
    }

    private void begin(Exchange exchange) {
        var body = object(exchange, Exchange.SMALL_BODY);
        var node = door.node(exchange, body);
        if (node == null) {
            return;
        }
        var session = hosts.begin(
                node,
                new Carve.Announced(
                        text(body, "carve_id"),
                        text(body, "request_id"),
                        number(body, "carve_size"),
                        number(body, "block_size"),
                        number(body, "block_count")));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("success", true);
            to.writeStringProperty("session_id", session);
            to.writeEndObject();
        });
    }

    /** Who sends is said by the session alone: osquery sends no key here. */
    private void block(Exchange exchange) {
        var body = object(exchange, MAX_BLOCK_BODY);
        var session = text(body, "session_id");
        var tenant = CarveDoor.tenantOf(session);
        if (tenant != null) {
            door.standings().requireActive(tenant);
        }
        hosts.block(session, number(body, "block_id"), data(text(body, "data")));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("success", true);
            to.writeEndObject();
        });
    }

    private static byte[] data(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-carve-block", "The data of a block is base64.")
                    .asException();
        }
    }

    /** -1 for what is none: no size, count or number of a block is. */
    private static long number(JsonNode body, String name) {
        var text = text(body, name);
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }

    private void list(Exchange exchange) {
        var all = carves.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("carves");
            all.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void get(Exchange exchange) {
        var one = carves.find(exchange.id().uuid());
        exchange.json(200, to -> write(to, one));
    }

    private void delete(Exchange exchange) {
        carves.delete(exchange.id().uuid());
        exchange.noContent();
    }

    private void download(Exchange exchange) {
        var carve = carves.open(exchange.id().uuid());
        exchange.header("Content-Disposition", "attachment; filename=\"carve-" + carve.id() + ".tar\"");
        exchange.header("X-Marsad-SHA256", String.valueOf(carve.sha256()));
        try (var out = exchange.stream("application/octet-stream")) {
            carves.write(carve, out);
        } catch (IOException e) {
            LOG.debug("the client of download {} left: {}", exchange.requestId(), e.getMessage());
        }
    }

    private static void write(JsonGenerator to, Carve one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("endpoint_id", one.endpoint().toString());
        to.writeStringProperty("hostname", one.hostname());
        to.writeStringProperty("host_carve_id", one.hostCarveId());
        to.writeStringProperty("request_id", one.requestId());
        to.writeStringProperty("state", one.state());
        to.writeNumberProperty("size", one.size());
        to.writeNumberProperty("block_count", one.blockCount());
        to.writeNumberProperty("received", one.received());
        Json.text(to, "sha256", one.sha256());
        Json.time(to, "started_at", one.startedAt());
        to.writeEndObject();
    }
}
