package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.fleet.live.LiveAnswer;
import io.marsad.fleet.live.LiveQueries;
import io.marsad.fleet.live.LiveQuery;
import io.marsad.fleet.live.QueryTargets;
import io.marsad.kernel.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/live-queries}. */
final class LiveQueryRoutes {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int PART = 100;

    private final LiveQueries queries;
    private final LiveStreams streams;
    private final InstantSource clock;

    LiveQueryRoutes(LiveQueries queries, LiveStreams streams, InstantSource clock) {
        this.queries = queries;
        this.streams = streams;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route("listLiveQueries", this::list),
                new Route("createLiveQuery", this::create),
                new Route("getLiveQuery", exchange -> answer(exchange, 200, queries.find(id(exchange)))),
                new Route("cancelLiveQuery", exchange -> answer(exchange, 200, queries.cancel(id(exchange)))),
                new Route("listLiveQueryAnswers", this::answers),
                new Route("listSilentHosts", this::silent),
                new Route("followLiveQuery", this::follow));
    }

    private static UUID id(Exchange exchange) {
        return exchange.id().uuid();
    }

    private void list(Exchange exchange) {
        var all = queries.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("live_queries");
            all.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var targets = body.get("targets");
        var who = new QueryTargets(
                targets.path("all").asBoolean(false),
                texts(targets, "endpoint_ids").stream().map(UUID::fromString).toList(),
                texts(targets, "groups"),
                Objects.requireNonNullElse(Json.text(targets, "text"), ""));
        var made = queries.create(
                body.get("sql").stringValue(),
                Objects.requireNonNullElse(Json.text(body, "discovery"), ""),
                who,
                Duration.ofSeconds(body.path("expires_in_seconds").asInt(900)));
        answer(exchange, 201, made);
    }

    private static List<String> texts(JsonNode object, String name) {
        var all = new ArrayList<String>();
        object.path(name).forEach(one -> all.add(one.stringValue()));
        return all;
    }

    private void answers(Exchange exchange) {
        var found = queries.answers(id(exchange), exchange.queryNumber("after"), exchange.queryNumber("limit"));
        hosts(exchange, found);
    }

    private void silent(Exchange exchange) {
        hosts(exchange, queries.silent(id(exchange), exchange.queryNumber("limit")));
    }

    private static void hosts(Exchange exchange, List<LiveAnswer> found) {
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("hosts");
            found.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void follow(Exchange exchange) {
        var id = id(exchange);
        queries.find(id); // a problem can be said only before the stream begins
        var position = new int[] {after(exchange)};
        streams.follow(exchange, teller -> tell(id, position, teller), LOOK);
    }

    /** What is new behind the position, then how far it is; when that is read first, no answer comes after the end. */
    private boolean tell(UUID id, int[] position, LiveStreams.Teller teller) throws IOException {
        var query = queries.find(id);
        boolean running = query.state(clock.instant()).equals("running");
        List<LiveAnswer> found;
        boolean any = position[0] == 0;
        do {
            found = queries.answers(id, position[0], PART);
            for (var one : found) {
                position[0] = one.seq();
                teller.tell("answer", Integer.toString(one.seq()), line(to -> write(to, one)));
            }
            any |= !found.isEmpty();
        } while (found.size() == PART);
        if (any || !running) {
            teller.tell(running ? "progress" : "end", null, line(to -> write(to, query)));
        }
        return running;
    }

    private static String line(Json.Writer writer) {
        return new String(Json.bytes(writer), StandardCharsets.UTF_8);
    }

    /** Browsers that come back say it in the header. */
    private static int after(Exchange exchange) {
        var header = exchange.header("Last-Event-ID");
        if (header == null || header.isEmpty()) {
            return exchange.queryNumber("after");
        }
        if (!header.matches("[0-9]{1,9}")) {
            throw Problem.badRequest("invalid-parameter", "Last-Event-ID is none that this API gave.")
                    .asException();
        }
        return Integer.parseInt(header);
    }

    private void answer(Exchange exchange, int status, LiveQuery one) {
        exchange.json(status, to -> write(to, one));
    }

    private void write(JsonGenerator to, LiveQuery one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("sql", one.sql());
        to.writeStringProperty("discovery", one.discovery());
        to.writeStringProperty("state", one.state(clock.instant()));
        to.writeStringProperty("created_by", one.createdBy());
        Json.time(to, "created_at", one.createdAt());
        Json.time(to, "expires_at", one.expiresAt());
        Json.time(to, "cancelled_at", one.cancelledAt());
        to.writeNumberProperty("hosts", one.hosts());
        to.writeNumberProperty("answered", one.answered());
        to.writeNumberProperty("failed", one.failed());
        to.writeNumberProperty("rows", one.rows());
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, LiveAnswer one) {
        to.writeStartObject();
        to.writeNumberProperty("seq", one.seq());
        to.writeStringProperty("endpoint_id", one.endpoint().toString());
        to.writeStringProperty("hostname", one.hostname());
        to.writeStringProperty("state", one.state());
        to.writeNumberProperty("status", one.status());
        to.writeStringProperty("message", one.message());
        to.writeNumberProperty("row_count", one.rowCount());
        to.writeBooleanProperty("truncated", one.truncated());
        to.writeName("rows");
        to.writeRawValue(one.rows());
        var wall = one.wallMillis();
        if (wall != null) {
            to.writeNumberProperty("wall_ms", wall);
        }
        Json.time(to, "answered_at", one.answeredAt());
        to.writeEndObject();
    }
}
