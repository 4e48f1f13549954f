package io.marsad.api.events;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.store.query.Query;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Search, histogram, one event, its raw record; always of the caller's tenant. */
public final class EventRoutes {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int LIMIT = 100;
    private static final int BUCKETS = 60;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Field LABELS = Field.of("metadata.labels");

    private final EventStore store;
    private final EventJson events;
    private final InstantSource clock;

    public EventRoutes(EventStore store, EventJson events, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                new Route("searchEvents", this::search),
                new Route("histogramEvents", this::histogram),
                new Route("getEvent", this::one),
                new Route("getRawEvent", this::raw));
    }

    private void search(Exchange exchange) throws IOException {
        var body = exchange.json();
        var cursor = Json.text(body, "cursor");
        var page = store.search(wanted(body, number(body, "limit", LIMIT), cursor));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("events");
            for (int row = 0; row < page.events().rows(); row++) {
                to.writeStartObject();
                event(to, page.events(), row);
                to.writeEndObject();
            }
            to.writeEndArray();
            var next = page.next();
            Json.text(to, "next", next == null ? null : Cursor.write(next));
            to.writeBooleanProperty("partial", page.partial());
            to.writeNumberProperty("scanned", page.scannedEvents());
            to.writeNumberProperty("took_ms", page.tookNanos() / 1_000 / 1e3);
            to.writeEndObject();
        });
    }

    /** The buckets are whole milliseconds wide, so the last one may reach a little past {@code to}. */
    private void histogram(Exchange exchange) throws IOException {
        var body = exchange.json();
        var wanted = wanted(body, 1, null);
        long span = wanted.to() - wanted.from();
        long width = Math.ceilDiv(span, number(body, "buckets", BUCKETS));
        int buckets = (int) Math.ceilDiv(span, width);
        long to = wanted.from() + buckets * width;
        var counts = store.histogram(
                new EventSearch(wanted.tenant(), wanted.from(), to, wanted.where(), 1, null, TIME_LIMIT), buckets);
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("from", Json.time(wanted.from()));
            json.writeStringProperty("to", Json.time(to));
            json.writeNumberProperty("bucket_ms", width);
            json.writeArrayPropertyStart("counts");
            long total = 0;
            for (long count : counts) {
                json.writeNumber(count);
                total += count;
            }
            json.writeEndArray();
            json.writeNumberProperty("total", total);
            json.writeBooleanProperty("partial", false);
            json.writeEndObject();
        });
    }

    private void one(Exchange exchange) throws IOException {
        var batch = find(exchange);
        exchange.json(200, to -> {
            to.writeStartObject();
            event(to, batch, 0);
            to.writeName("ocsf");
            Json.value(to, events.nested(batch, 0, false));
            to.writeEndObject();
        });
    }

    private void raw(Exchange exchange) throws IOException {
        var batch = find(exchange);
        exchange.send(200, "text/plain; charset=utf-8", batch.raw(0));
    }

    private EventBatch find(Exchange exchange) throws IOException {
        var batch = store.find(CallerScope.tenant(), exchange.id());
        if (batch == null) {
            throw Problem.notFound("There is no event with this id.").asException();
        }
        return batch;
    }

    private void event(JsonGenerator to, EventBatch batch, int row) {
        to.writeStringProperty("id", batch.id(row).toString());
        to.writeStringProperty("time", Json.time(batch.time(row)));
        to.writeStringProperty("received_at", Json.time(batch.received(row)));
        to.writeStringProperty("origin", batch.origin(row));
        to.writeStringProperty("log_source", batch.source(row).toString());
        to.writeBooleanProperty("synthetic", isSynthetic(batch, row));
        to.writeName("fields");
        Json.value(to, events.flat(batch, row));
    }

    /** The worker labels what came in as synthetic. */
    private static boolean isSynthetic(EventBatch batch, int row) {
        for (int entry = batch.first(row), end = batch.end(row); entry < end; entry++) {
            if (batch.field(entry) == LABELS.id() && batch.text(entry).equals("synthetic")) {
                return true;
            }
        }
        return false;
    }

    private EventSearch wanted(JsonNode body, int limit, @Nullable String cursor) {
        var to = Json.text(body, "to");
        long end = to == null ? clock.millis() : millis(to);
        var from = Json.text(body, "from");
        long start = from == null ? end - DAY : millis(from);
        if (start >= end) {
            throw new Problem(
                            "invalid-body",
                            400,
                            "Bad request",
                            "The time range is empty.",
                            List.of(new Fault("/from", "is not before `to`")))
                    .asException();
        }
        var query = Json.text(body, "query");
        var where = parse(query == null ? "" : query).predicate();
        var after = cursor == null ? null : Cursor.read(cursor);
        return new EventSearch(CallerScope.tenant(), start, end, where, limit, after, TIME_LIMIT);
    }

    /** A fault's place becomes {@code query:COLUMN}, as the contract has it. */
    private static Query parse(String text) {
        try {
            return Query.parse(text);
        } catch (ProblemException e) {
            var problem = e.problem();
            var faults = problem.errors().stream()
                    .map(fault -> new Fault(fault.where().replace("column ", "query:"), fault.reason()))
                    .toList();
            throw new Problem(problem.type(), problem.status(), problem.title(), problem.detail(), faults)
                    .asException();
        }
    }

    private static long millis(String time) {
        var instant = OffsetDateTime.parse(time).toInstant();
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw Problem.badRequest("invalid-body", "A time is out of range.").asException();
        }
        return instant.toEpochMilli();
    }

    private static int number(JsonNode body, String name, int otherwise) {
        var value = body.get(name);
        return value == null || value.isNull() ? otherwise : value.intValue();
    }
}
