package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.schedule.Schedule;
import io.marsad.soc.schedule.ScheduleRun;
import io.marsad.soc.schedule.Searching;
import io.marsad.store.query.Query;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Follower;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import tools.jackson.core.JsonGenerator;

/** Runs the searches of schedules. Thread-safe. */
public final class ScheduledQueries implements Searching {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);
    private static final int EVIDENCE = 50;

    /** The rows that are kept of a run are no longer than this together, in bytes of JSON. */
    private static final int MOST_BYTES = 1 << 20;

    /** Whatever times events have: all that came are looked at. */
    private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
    private static final Field SMALL = Field.of("class_uid");

    private final EventStore store;
    private final EventLines lines;
    private final QueryRun queries;
    private final RuleCatalog rules;
    private final LongSupplier searchable;
    private final InstantSource clock;

    /** @param searchable log offset up to which all events are in the store */
    public ScheduledQueries(
            EventStore store,
            EventJson json,
            Lookups lookups,
            RuleCatalog rules,
            LongSupplier searchable,
            InstantSource clock) {
        this.store = store;
        lines = new EventLines(json);
        queries = new QueryRun(store, lookups);
        this.rules = rules;
        this.searchable = searchable;
        this.clock = clock;
    }

    @Override
    public long searchable() {
        return searchable.getAsLong();
    }

    @Override
    public Found search(TenantId tenant, Schedule.Content content, LogRange came) throws IOException {
        return CallerScope.<Found, IOException>callAs(
                Caller.system(tenant, "schedule"), () -> run(ask(tenant, content, came)));
    }

    private Ask ask(TenantId tenant, Schedule.Content content, LogRange came) {
        var parsed = Asked.parse(content.query());
        var rule = content.ruleId();
        var query = rule == null ? parsed : Asked.ofRule(parsed, rule, rules);
        long now = clock.millis();
        var range = query.range(now);
        return new Ask(
                tenant,
                query,
                range == null ? FIRST : range.from(),
                range == null ? LAST : range.to(),
                now,
                content.maxHits(),
                null,
                TIME_LIMIT,
                came);
    }

    private Found run(Ask ask) throws IOException {
        if (ask.came().from() >= ask.came().to()) {
            var none = new EventBatch(ask.tenant(), 1, 1, 64);
            return new Found(new ScheduleRun.Outcome(0, true, 0, 0, 0), false, empty(ask), none);
        }
        var answer = queries.run(ask, Follower.NONE);
        long rows = Exported.rows(answer);
        boolean more = answer.next() != null || !answer.cut().isEmpty();
        boolean exact = !answer.partial();
        long hits = rows;
        if (more && ask.query().isFilter()) {
            hits = count(ask);
        } else {
            exact &= !more;
        }
        var kept = new int[1];
        var text = new String(Json.bytes(to -> kept[0] = write(to, answer, ask.limit())), StandardCharsets.UTF_8);
        var outcome = new ScheduleRun.Outcome(
                hits, exact, kept[0], answer.progress().scannedEvents(), answer.tookNanos() / 1e6);
        return new Found(outcome, answer.partial(), text, rows == 0 ? none(ask) : evidence(ask));
    }

    private static EventBatch none(Ask ask) {
        return new EventBatch(ask.tenant(), 1, 1, 64);
    }

    private String empty(Ask ask) throws IOException {
        var kind = queries.kind(ask);
        return new String(
                Json.bytes(to -> {
                    to.writeStartObject();
                    to.writeStringProperty("kind", kind.table() ? "table" : "events");
                    EventLines.columns(to, kind.columns());
                    to.writeArrayPropertyStart(kind.table() ? "rows" : "events");
                    to.writeEndArray();
                    to.writeEndObject();
                }),
                StandardCharsets.UTF_8);
    }

    /** All events that fit, also those beyond what is kept. */
    private long count(Ask ask) throws IOException {
        var count = new long[1];
        long deadline = System.nanoTime() + TIME_LIMIT.toNanos();
        store.scan(
                new EventScan(ask.tenant(), ask.from(), ask.to(), ask.query().predicate(), Set.of(SMALL), ask.came()),
                (batch, _) -> {
                    count[0] += batch.rows();
                    return System.nanoTime() < deadline;
                });
        return count[0];
    }

    /** The newest events that the filter takes, whatever stages make of them. */
    private EventBatch evidence(Ask ask) throws IOException {
        var query = Query.parse("").within(ask.query().predicate(), LogSource.NONE);
        var filter =
                new Ask(ask.tenant(), query, ask.from(), ask.to(), ask.now(), EVIDENCE, null, TIME_LIMIT, ask.came());
        return queries.run(filter, Follower.NONE).rows() instanceof Answer.Events found ? found.events() : none(ask);
    }

    /** Returns how many rows were written. */
    private int write(JsonGenerator to, Answer answer, int most) {
        int written = 0;
        long bytes = 0;
        to.writeStartObject();
        switch (answer.rows()) {
            case Answer.Events(var events, var computed) -> {
                to.writeStringProperty("kind", "events");
                EventLines.columns(to, answer.columns());
                to.writeArrayPropertyStart("events");
                for (; written < Math.min(most, events.rows()) && bytes < MOST_BYTES; written++) {
                    bytes += 200 + events.rawLength(written);
                    for (int e = events.first(written), end = events.end(written); e < end; e++) {
                        bytes += 20 + events.length(e);
                    }
                    lines.event(to, events, written, answer.columns(), computed.get(written));
                }
            }
            case Answer.Table(var rows) -> {
                to.writeStringProperty("kind", "table");
                EventLines.columns(to, answer.columns());
                to.writeArrayPropertyStart("rows");
                for (; written < Math.min(most, rows.size()) && bytes < MOST_BYTES; written++) {
                    to.writeStartArray();
                    for (int i = 0; i < answer.columns().size(); i++) {
                        var value = rows.get(written).get(i);
                        bytes += String.valueOf(value).length() + 4;
                        EventLines.value(to, answer.columns().get(i), value);
                    }
                    to.writeEndArray();
                }
            }
        }
        to.writeEndArray();
        to.writeEndObject();
        return written;
    }
}
