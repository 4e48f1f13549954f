package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.ingest.Durable;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.Enrollment.Node;
import io.marsad.fleet.osquery.OsqueryLog;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.tenant.Standings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What all exchanges of osquery begin with: who it is, and whether it may send. Thread-safe. */
record OsqueryDoor(Enrollment enrollment, Intake intake, Standings standings) {
    static final byte[] UNKNOWN = "{\"node_invalid\":true}".getBytes(StandardCharsets.UTF_8);
    static final byte[] TAKEN = "{}".getBytes(StandardCharsets.UTF_8);

    private static final int MAX_PART = 8 << 20;

    /** Null when it is answered: nobody is known by this key, which stands in the body or the header. */
    @Nullable
    Node node(Exchange exchange, JsonNode body) {
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

    /** @throws io.marsad.kernel.problem.ProblemException 429 when the tenant may send nothing now */
    void admit(Exchange exchange, Node node) {
        var refusal = intake.refusal(node.tenant());
        if (refusal != null) {
            exchange.header("Retry-After", Long.toString(Math.ceilDiv(refusal.retryAfterMillis(), 1000)));
            throw Problem.overloaded(refusal.detail() + " Send again later.").asException();
        }
    }

    /** How many records were taken, and how many were not. */
    record Kept(long accepted, long rejected) {}

    /** Makes all that is said durable, in batches: what is sent again has the same keys and is not doubled. */
    Kept keep(Exchange exchange, Node node, Consumer<OsqueryLog.To> says) {
        var batches = new ArrayList<IntakeBatch>();
        var left = new int[2]; // records and bytes that the newest batch still takes
        says.accept((record, key) -> {
            if (left[0] == 0 || left[1] < record.length) {
                batches.add(intake.begin(new Sender(node.tenant(), "osquery"), "json", null, false));
                left[0] = Intake.MAX_RECORDS;
                left[1] = MAX_PART;
            }
            left[0]--;
            left[1] = Math.max(0, left[1] - record.length);
            batches.getLast().add(record, 0, record.length, key);
        });
        long accepted = 0;
        long rejected = 0;
        for (var batch : batches) {
            var result = Durable.run(exchange, batch::commit);
            accepted += result.accepted();
            rejected += result.rejected();
        }
        return new Kept(accepted, rejected);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 for what is no JSON object */
    static JsonNode object(Exchange exchange, int max) {
        var body = Json.tree(exchange.body(max));
        if (!body.isObject()) {
            throw Problem.badRequest("invalid-body", "A JSON object is expected.")
                    .asException();
        }
        return body;
    }

    static String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() || value.isNumber() ? value.asString() : "";
    }

    static String address(Exchange exchange) {
        var remote = exchange.remote();
        return remote == null ? "" : remote.getHostAddress();
    }
}
