package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.provide.EventQuestions;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Follower;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.core.JsonGenerator;

/** Answers what playbooks ask of stored events. Thread-safe. */
public final class EventAnswers implements EventQuestions {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** Values of a run are kept with it, and shown. */
    private static final int MOST_BYTES = 64 << 10;

    private final EventLines lines;
    private final QueryRun queries;
    private final InstantSource clock;

    public EventAnswers(EventStore store, EventJson json, Lookups lookups, InstantSource clock) {
        lines = new EventLines(json);
        queries = new QueryRun(store, lookups);
        this.clock = clock;
    }

    @Override
    public EventQuestions.Found ask(TenantId tenant, String query, Duration back, int limit) throws IOException {
        var parsed = Asked.parse(query);
        long now = clock.millis();
        var range = parsed.range(now);
        var ask = new Ask(
                tenant,
                parsed,
                range == null ? now - back.toMillis() : range.from(),
                range == null ? now : range.to(),
                now,
                limit,
                null,
                TIME_LIMIT);
        var answer = queries.run(ask, Follower.NONE);
        int rows = Math.min(limit, Exported.rows(answer));
        var written = new int[1];
        var text = new String(Json.bytes(to -> written[0] = write(to, answer, rows)), StandardCharsets.UTF_8);
        boolean whole = !answer.partial()
                && answer.next() == null
                && answer.cut().isEmpty()
                && written[0] == Exported.rows(answer);
        return new EventQuestions.Found(rows, text, whole);
    }

    /** Returns how many rows were written. */
    private int write(JsonGenerator to, Answer answer, int most) {
        int row = 0;
        long bytes = 0;
        to.writeStartArray();
        switch (answer.rows()) {
            case Answer.Events(var events, var computed) -> {
                for (; row < most && bytes < MOST_BYTES; row++) {
                    bytes += 200;
                    for (int e = events.first(row), end = events.end(row); e < end; e++) {
                        bytes += 20 + events.length(e);
                    }
                    lines.event(to, events, row, answer.columns(), computed.get(row));
                }
            }
            case Answer.Table(var table) -> {
                for (; row < most && bytes < MOST_BYTES; row++) {
                    to.writeStartObject();
                    for (int i = 0; i < answer.columns().size(); i++) {
                        var value = table.get(row).get(i);
                        var column = answer.columns().get(i);
                        bytes += String.valueOf(value).length()
                                + 4
                                + column.name().length();
                        to.writeName(column.name());
                        EventLines.value(to, column, value);
                    }
                    to.writeEndObject();
                }
            }
        }
        to.writeEndArray();
        return row;
    }
}
