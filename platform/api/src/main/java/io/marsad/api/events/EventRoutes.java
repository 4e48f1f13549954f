package io.marsad.api.events;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.store.query.Query;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Search, histogram, one event, its raw record, what was around it; always of the caller's tenant. */
final class EventRoutes {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    private static final int LIMIT = 100;
    private static final int BUCKETS = 60;
    private static final List<String> ENTITIES = List.of("host", "user", "ip", "process", "hash", "domain");

    private final EventStore store;
    private final EventLines lines;
    private final RuleCatalog rules;
    private final InstantSource clock;

    EventRoutes(EventStore store, EventLines lines, RuleCatalog rules, InstantSource clock) {
        this.store = store;
        this.lines = lines;
        this.rules = rules;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route("searchEvents", this::search),
                new Route("histogramEvents", this::histogram),
                new Route("getEvent", this::one),
                new Route("getRawEvent", this::raw),
                new Route("surroundingEvents", this::surrounding));
    }

    private void search(Exchange exchange) throws IOException {
        var body = exchange.json();
        var cursor = Json.text(body, "cursor");
        var after = cursor == null ? null : Cursor.read(cursor);
        var asked = Asked.readFilter(body, clock.millis());
        var page = store.search(search(asked, Asked.number(body, "limit", LIMIT), after));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("events");
            for (int row = 0; row < page.events().rows(); row++) {
                lines.event(to, page.events(), row);
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

    private static EventSearch search(Asked asked, int limit, EventSearch.@Nullable Position after) {
        return new EventSearch(
                CallerScope.tenant(), asked.from(), asked.to(), asked.query().predicate(), limit, after, TIME_LIMIT);
    }

    /** The buckets are whole milliseconds wide, so the last one may reach a little past {@code to}. */
    private void histogram(Exchange exchange) throws IOException {
        var body = exchange.json();
        var asked = Asked.read(body, clock.millis()).ofRule(body, rules);
        long span = asked.to() - asked.from();
        long width = Math.ceilDiv(span, Asked.number(body, "buckets", BUCKETS));
        int buckets = (int) Math.ceilDiv(span, width);
        long to = asked.from() + buckets * width;
        var whole = new Asked(asked.query(), asked.from(), to, asked.now());
        var counts = store.histogram(search(whole, 1, null), buckets);
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("from", Json.time(asked.from()));
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
            lines.properties(to, batch, 0);
            to.writeName("ocsf");
            Json.value(to, lines.nested(batch, 0));
            to.writeEndObject();
        });
    }

    private void raw(Exchange exchange) throws IOException {
        var batch = find(exchange);
        exchange.send(200, "text/plain; charset=utf-8", batch.raw(0));
    }

    private void surrounding(Exchange exchange) throws IOException {
        var event = find(exchange);
        var asked = exchange.query("around");
        String around = "none";
        String value = null;
        for (var entity : asked == null ? ENTITIES : List.of(asked)) {
            value = valueOf(event, entity);
            if (value != null) {
                around = entity;
                break;
            }
        }
        if (asked != null && value == null && !asked.equals("none")) {
            throw Problem.badRequest("no-such-entity", "The event has no " + asked + ".")
                    .asException();
        }
        var query = value == null ? Query.parse("") : Query.equal(around, value);
        long reach = Duration.ofMinutes(exchange.queryNumber("minutes")).toMillis();
        long from = event.time(0) - reach;
        long to = event.time(0) + reach + 1;
        answer(exchange, new Asked(query, from, to, 0), around, value, event);
    }

    /** Half of the rows are before the event and half after it, where there are so many. */
    private void answer(Exchange exchange, Asked asked, String around, @Nullable String value, EventBatch event)
            throws IOException {
        int limit = exchange.queryNumber("limit");
        // From the event itself on, back in time; then what is newer, of which the oldest are wanted.
        var here = new EventSearch.Position(
                event.time(0), event.id(0).high(), event.id(0).low());
        var older = store.search(search(asked, Math.max(1, limit / 2), here));
        var newer = new Asked(asked.query(), event.time(0), asked.to(), 0);
        var after = store.search(search(newer, 10_000, null));
        int last = 0;
        while (last < after.events().rows() && !after.events().id(last).equals(event.id(0))) {
            last++;
        }
        int first = Math.max(0, last - (limit - older.events().rows() - 1));
        int end = last;
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("events");
            for (int row = first; row < end; row++) {
                lines.event(json, after.events(), row);
            }
            lines.event(json, event, 0);
            for (int row = 0; row < older.events().rows() && row < limit - 1; row++) {
                lines.event(json, older.events(), row);
            }
            json.writeEndArray();
            json.writeStringProperty("around", around);
            Json.text(json, "value", value);
            json.writeStringProperty("query", asked.query().toString());
            json.writeStringProperty("from", Json.time(asked.from()));
            json.writeStringProperty("to", Json.time(asked.to()));
            json.writeBooleanProperty("partial", older.partial() || after.partial());
            json.writeEndObject();
        });
    }

    private static @Nullable String valueOf(EventBatch event, String entity) {
        if (entity.equals("none")) {
            return null;
        }
        for (var field : Query.fields(entity)) {
            var text = event.text(0, field);
            if (text != null && !text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    private EventBatch find(Exchange exchange) throws IOException {
        var batch = store.find(CallerScope.tenant(), exchange.id());
        if (batch == null) {
            throw Problem.notFound("There is no event with this id.").asException();
        }
        return batch;
    }
}
