package io.marsad.api.ingest;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.ingest.intake.IntakeResult;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.tenant.CallerScope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The doors that speak HTTP: what is answered 202 is durable. The sender is who the credential says, never the body. */
public final class IngestRoutes {
    private final Intake intake;
    private final Counter accepted;
    private final Counter rejected;
    private final Counter bytes;
    private final Counter refused;

    public IngestRoutes(Intake intake, MeterRegistry meters) {
        this.intake = intake;
        this.accepted = records(meters, "accepted");
        this.rejected = records(meters, "rejected");
        this.refused = refused(meters);
        this.bytes = Counter.builder("marsad.ingest.bytes")
                .description("Bytes of request bodies that brought records, unpacked")
                .register(meters);
    }

    private static Counter refused(MeterRegistry meters) {
        return Counter.builder("marsad.ingest.refused")
                .description("Requests that brought records and were refused because of their tenant's quota")
                .register(meters);
    }

    private static Counter records(MeterRegistry meters, String result) {
        return Counter.builder("marsad.ingest.records")
                .description("Records by what the HTTP doors answered")
                .tag("result", result)
                .register(meters);
    }

    public List<Route> routes() {
        return List.of(
                new Route("ingestEvent", this::event),
                new Route("ingestBatch", this::batch),
                new Route("ingestFalco", this::falco),
                new Route("ingestFalcoByUrl", this::falco));
    }

    private void event(Exchange exchange) {
        admit(exchange);
        var body = exchange.body(Exchange.SMALL_BODY);
        var key = key(exchange);
        one(exchange, body, () -> intake.event(sender(exchange, null), body, key));
    }

    private void falco(Exchange exchange) {
        admit(exchange);
        var body = exchange.body(Exchange.SMALL_BODY);
        one(exchange, body, () -> intake.falco(sender(exchange, null), body));
    }

    private void one(Exchange exchange, byte[] body, Durable.Append<EventId> append) {
        var id = Durable.run(exchange, append);
        accepted.increment();
        bytes.increment(body.length);
        exchange.json(202, to -> {
            to.writeStartObject();
            to.writeStringProperty("event_id", id.toString());
            to.writeStringProperty("status", "accepted");
            to.writeEndObject();
        });
    }

    /** Before the body is read: who sends too much costs next to nothing. */
    private void admit(Exchange exchange) {
        var refusal = intake.refusal(CallerScope.tenant());
        if (refusal != null) {
            refused.increment();
            exchange.header("Retry-After", Long.toString(Math.ceilDiv(refusal.retryAfterMillis(), 1000)));
            var type = "quota-" + refusal.kind().name().toLowerCase(Locale.ROOT);
            throw new Problem(type, 429, "Too many requests", refusal.detail() + " Send again later.", List.of())
                    .asException();
        }
    }

    private void batch(Exchange exchange) {
        admit(exchange);
        var body = exchange.body(Intake.MAX_BATCH);
        var into = switch (exchange.mediaType()) {
            case "", "application/json" -> ofJson(exchange, body);
            case "application/x-ndjson", "text/plain" -> {
                var lines = begin(exchange, null, null, false, body.length);
                lines.addLines(body);
                yield lines;
            }
            default -> throw mediaType();
        };
        var result = Durable.run(exchange, into::commit);
        accepted.increment(result.accepted());
        rejected.increment(result.rejected());
        bytes.increment(body.length);
        answer(exchange, result);
    }

    private IntakeBatch ofJson(Exchange exchange, byte[] body) {
        var batch = BatchBody.ofJson(body);
        var records = batch.records();
        var into = begin(exchange, batch.connector(), batch.format(), batch.synthetic(), body.length);
        for (int i = 0; i < records.size(); i++) {
            if (records.isFit(i)) {
                into.add(records.bytes(i), records.offset(i), records.length(i));
            } else {
                into.reject("an object or a text is expected");
            }
        }
        return into;
    }

    private IntakeBatch begin(
            Exchange exchange, @Nullable String connector, @Nullable String format, boolean synthetic, int bytes) {
        return intake.begin(sender(exchange, connector), format(exchange, format), key(exchange), synthetic, bytes);
    }

    private static void answer(Exchange exchange, IntakeResult result) {
        boolean ids = "true".equals(exchange.query("ids"));
        exchange.json(202, to -> {
            to.writeStartObject();
            to.writeNumberProperty("accepted", result.accepted());
            to.writeNumberProperty("rejected", result.rejected());
            to.writeStringProperty("request_id", exchange.requestId());
            if (ids) {
                to.writeArrayPropertyStart("event_ids");
                result.ids().forEach(id -> to.writeString(id.toString()));
                to.writeEndArray();
            }
            to.writeArrayPropertyStart("errors");
            for (var error : result.errors()) {
                to.writeStartObject();
                to.writeNumberProperty("index", error.index());
                to.writeStringProperty("reason", error.reason());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private static Sender sender(Exchange exchange, @Nullable String connector) {
        var named = connector == null ? connectorOfQuery(exchange) : connector;
        if (named == null || named.isBlank()) {
            return new Sender(CallerScope.tenant(), exchange.credential().name());
        }
        if (!Sender.isOrigin(named)) {
            var fault = new Fault("connector_id", "1 to 128 printable characters are expected");
            throw new Problem(
                            "invalid-parameter",
                            400,
                            "Bad request",
                            "A parameter is not as the contract has it.",
                            List.of(fault))
                    .asException();
        }
        return new Sender(CallerScope.tenant(), named);
    }

    private static @Nullable String connectorOfQuery(Exchange exchange) {
        return exchange.has("connector_id") ? exchange.query("connector_id") : null;
    }

    private static String format(Exchange exchange, @Nullable String ofBody) {
        if (ofBody == null) {
            var ofQuery = exchange.query("source_format");
            return ofQuery == null ? "auto" : ofQuery;
        }
        var fault = exchange.fault("source_format", ofBody);
        if (fault != null) {
            throw new Problem(
                            "invalid-body",
                            400,
                            "Bad request",
                            "The body is not as the contract has it.",
                            List.of(new Fault("/source_format", fault)))
                    .asException();
        }
        return ofBody;
    }

    private static @Nullable String key(Exchange exchange) {
        var key = exchange.header("Idempotency-Key");
        return key == null || key.isBlank() ? null : key;
    }

    private static RuntimeException mediaType() {
        return new Problem(
                        "media-type",
                        415,
                        "Unsupported media type",
                        "A batch is application/json, or application/x-ndjson or text/plain with a record a line.",
                        List.of())
                .asException();
    }
}
