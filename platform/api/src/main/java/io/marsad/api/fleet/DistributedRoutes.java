package io.marsad.api.fleet;

import static io.marsad.api.fleet.OsqueryDoor.object;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.fleet.live.HostAnswer;
import io.marsad.fleet.live.HostQueries;
import io.marsad.fleet.osquery.OsqueryLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/** Which queries hosts with osquery are to run once, and what they answer. */
final class DistributedRoutes {
    private static final int MAX_ANSWER = 16 << 20;
    private static final int ACCELERATE_SECONDS = 300;
    private static final String ALWAYS = "SELECT 1";

    private final OsqueryDoor door;
    private final HostQueries queries;
    private final Counter answers;
    private final Counter unasked;

    DistributedRoutes(OsqueryDoor door, HostQueries queries, MeterRegistry meters) {
        this.door = door;
        this.queries = queries;
        this.answers = Counter.builder("marsad.live.query.answers")
                .description("Answers of hosts to live queries that were taken")
                .register(meters);
        this.unasked = Counter.builder("marsad.live.query.unasked")
                .description("Answers of hosts that nobody waits for: sent again, cancelled, or never asked")
                .register(meters);
    }

    List<Route> routes() {
        return List.of(
                new Route("readDistributedOsquery", this::read), new Route("writeDistributedOsquery", this::write));
    }

    private void read(Exchange exchange) {
        var node = door.node(exchange, object(exchange, Exchange.SMALL_BODY));
        if (node == null) {
            return;
        }
        var asked = queries.pending(node);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeObjectPropertyStart("queries");
            asked.forEach((id, one) -> to.writeStringProperty(id.toString(), one.sql()));
            to.writeEndObject();
            discovery(to, asked);
            if (!asked.isEmpty()) { // who asks once often asks again: for a while the host looks every five seconds
                to.writeNumberProperty("accelerate", ACCELERATE_SECONDS);
            }
            to.writeBooleanProperty("node_invalid", false);
            to.writeEndObject();
        });
    }

    /**
     * Where one query has a discovery query, osquery runs only queries that have one that finds something; and all, where none
     * does. So each gets one, and there is one that always finds something.
     */
    private static void discovery(JsonGenerator to, Map<UUID, HostQueries.Asked> asked) {
        if (asked.values().stream().allMatch(one -> one.discovery().isEmpty())) {
            return;
        }
        to.writeObjectPropertyStart("discovery");
        asked.forEach((id, one) ->
                to.writeStringProperty(id.toString(), one.discovery().isEmpty() ? ALWAYS : one.discovery()));
        to.writeStringProperty("always", ALWAYS);
        to.writeEndObject();
    }

    private void write(Exchange exchange) {
        var body = object(exchange, MAX_ANSWER);
        var node = door.node(exchange, body);
        if (node == null) {
            return;
        }
        var all = HostAnswer.read(body);
        var wanted = queries.wanted(node, all.stream().map(HostAnswer::query).toList());
        if (!wanted.isEmpty()) {
            door.admit(exchange, node);
        }
        for (var answer : all) {
            boolean taken = false;
            if (wanted.contains(answer.query())) {
                door.keep(exchange, node, to -> OsqueryLog.live(node, answer, to));
                taken = queries.take(node, answer);
            }
            (taken ? answers : unasked).increment();
        }
        exchange.send(200, "application/json", OsqueryDoor.TAKEN);
    }
}
