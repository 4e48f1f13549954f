package io.marsad.api.events;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.search.SearchHistory;
import io.marsad.soc.search.SearchHistory.Cost;
import io.marsad.soc.search.SearchHistory.Outcome;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Column;
import io.marsad.store.query.run.Follower;
import io.marsad.store.query.run.QueryRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Queries with stages: run as a stream, estimated, exported; always of the caller's tenant. */
final class QueryRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(QueryRoutes.class);
    private static final Logger AUDIT = LoggerFactory.getLogger("io.marsad.audit");
    private static final int LIMIT = 100;
    private static final int TIME_LIMIT = 30_000;
    private static final int EXPORT_TIME_LIMIT = 60_000;

    /** So many rows of a table go into a line. */
    private static final int ROWS_A_LINE = 500;

    /** From so many bytes on disk a query is called wide: some seconds of work. */
    private static final long WIDE = 1L << 30;

    private final QueryRun queries;
    private final EventLines lines;
    private final RuleCatalog rules;
    private final SearchHistory history;
    private final InstantSource clock;
    private final QuerySlots slots;

    QueryRoutes(
            QueryRun queries,
            EventLines lines,
            RuleCatalog rules,
            SearchHistory history,
            InstantSource clock,
            QuerySlots slots) {
        this.slots = slots;
        this.queries = queries;
        this.lines = lines;
        this.rules = rules;
        this.history = history;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route("queryEvents", this::query),
                new Route("estimateEvents", this::estimate),
                new Route("exportEvents", this::export));
    }

    private Ask ask(JsonNode body, int limit, int timeLimit) {
        var asked = Asked.read(body, clock.millis()).ofRule(body, rules);
        var cursor = Json.text(body, "cursor");
        return new Ask(
                CallerScope.tenant(),
                asked.query(),
                asked.from(),
                asked.to(),
                asked.now(),
                Asked.number(body, "limit", limit),
                cursor == null ? null : Cursor.read(cursor),
                Duration.ofMillis(Asked.number(body, "timeout_ms", timeLimit)));
    }

    private void query(Exchange exchange) throws IOException {
        var body = exchange.json();
        var ask = ask(body, LIMIT, TIME_LIMIT);
        var kind = queries.kind(ask);
        var cost = new AtomicReference<>(new Cost(0, 0, 0, 0, Outcome.FAILED));
        try (var _ = slots.take(ask.tenant())) {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no"); // proxies would hold lines back
            var stream = new QueryStream(lines);
            begin(stream, ask, kind);
            var running = Thread.ofVirtual()
                    .name("query-" + exchange.requestId())
                    .start(() -> cost.set(run(stream, ask, exchange.requestId())));
            try (var out = exchange.stream("application/x-ndjson")) {
                stream.write(out);
            } catch (IOException e) {
                LOG.debug("the client of query {} left: {}", exchange.requestId(), e.getMessage());
            }
            join(running);
        }
        remember(body, ask, cost.get());
    }

    /** An answer that was given does not fail because it cannot be remembered. */
    private void remember(JsonNode body, Ask ask, Cost cost) {
        var text = Json.text(body, "query");
        var rule = Json.text(body, "rule");
        boolean empty = (text == null || text.isBlank()) && rule == null;
        if (empty || ask.after() != null || !body.path("remember").asBoolean(true)) {
            return;
        }
        try {
            history.remember(
                    new SearchHistory.Asked(
                            text == null ? "" : text,
                            rule,
                            Instant.ofEpochMilli(ask.from()),
                            Instant.ofEpochMilli(ask.to())),
                    cost);
        } catch (RuntimeException e) {
            LOG.warn("a query is not in its asker's history", e);
        }
    }

    /** Once the client is gone the query ends within its next look at the watch. */
    private static void join(Thread running) {
        try {
            running.join();
        } catch (InterruptedException e) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private static void begin(QueryStream stream, Ask ask, QueryRun.Kind kind) {
        stream.line(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "begin");
            kind(to, ask, kind);
            to.writeEndObject();
        });
    }

    private static void kind(JsonGenerator to, Ask ask, QueryRun.Kind kind) {
        to.writeStringProperty("kind", kind.table() ? "table" : "events");
        EventLines.columns(to, kind.columns());
        to.writeStringProperty("from", Json.time(ask.from()));
        to.writeStringProperty("to", Json.time(ask.to()));
    }

    private Cost run(QueryStream stream, Ask ask, String requestId) {
        try {
            var answer = queries.run(ask, stream);
            answer(stream, answer);
            return new Cost(
                    answer.tookNanos() / 1e6,
                    Exported.rows(answer),
                    answer.progress().scannedEvents(),
                    answer.progress().scannedBytes(),
                    !answer.partial() ? Outcome.DONE : stream.isLeft() ? Outcome.CANCELLED : Outcome.PARTIAL);
        } catch (ProblemException e) {
            problem(stream, e.problem());
        } catch (IOException | RuntimeException e) {
            LOG.error("query of request {} failed", requestId, e);
            problem(
                    stream,
                    new Problem(
                            "internal",
                            500,
                            "Internal error",
                            "The query failed on our side; the server's log has it under request " + requestId + ".",
                            List.of()));
        } finally {
            stream.end();
        }
        return new Cost(0, 0, 0, 0, Outcome.FAILED);
    }

    private void answer(QueryStream stream, Answer answer) {
        int rows = switch (answer.rows()) {
            case Answer.Events events -> {
                rest(stream, events, answer.columns());
                yield events.events().rows();
            }
            case Answer.Table(var all) -> {
                table(stream, all, answer.columns());
                yield all.size();
            }
        };
        stream.line(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "end");
            to.writeNumberProperty("rows", rows);
            to.writeBooleanProperty("partial", answer.partial());
            Json.texts(to, "cut", answer.cut());
            var next = answer.next();
            Json.text(to, "next", next == null ? null : Cursor.write(next));
            QueryStream.numbers(to, answer.progress(), answer.tookNanos());
            to.writeEndObject();
        });
    }

    /** Events that were not settled on the way. */
    private void rest(QueryStream stream, Answer.Events answer, List<Column> computed) {
        for (int from = stream.sent(); from < answer.events().rows(); from += ROWS_A_LINE) {
            int first = from;
            int end = Math.min(answer.events().rows(), from + ROWS_A_LINE);
            stream.line(to -> {
                to.writeStartObject();
                to.writeStringProperty("type", "events");
                to.writeArrayPropertyStart("events");
                for (int row = first; row < end; row++) {
                    lines.event(
                            to,
                            answer.events(),
                            row,
                            computed,
                            answer.computed().get(row));
                }
                to.writeEndArray();
                to.writeEndObject();
            });
        }
    }

    private static void table(QueryStream stream, List<List<@Nullable Object>> rows, List<Column> columns) {
        for (int from = 0; from == 0 || from < rows.size(); from += ROWS_A_LINE) {
            var some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_LINE));
            stream.line(to -> {
                to.writeStartObject();
                to.writeStringProperty("type", "rows");
                EventLines.columns(to, columns);
                EventLines.rows(to, columns, some);
                to.writeEndObject();
            });
        }
    }

    private static void problem(QueryStream stream, Problem problem) {
        stream.line(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "problem");
            to.writeObjectPropertyStart("problem");
            to.writeStringProperty("type", "urn:marsad:problem:" + problem.type());
            to.writeStringProperty("title", problem.title());
            to.writeNumberProperty("status", problem.status());
            to.writeStringProperty("detail", problem.detail());
            to.writeEndObject();
            to.writeEndObject();
        });
    }

    private void estimate(Exchange exchange) throws IOException {
        var ask = ask(exchange.json(), LIMIT, TIME_LIMIT);
        var kind = queries.kind(ask);
        long bytes = queries.bytes(ask);
        exchange.json(200, to -> {
            to.writeStartObject();
            kind(to, ask, kind);
            to.writeNumberProperty("total_bytes", bytes);
            to.writeBooleanProperty("wide", bytes >= WIDE);
            to.writeEndObject();
        });
    }

    private void export(Exchange exchange) throws IOException {
        var body = exchange.json();
        var ask = ask(body, Ask.MOST_ROWS, EXPORT_TIME_LIMIT);
        var format = Format.of(Json.text(body, "format"));
        try (var _ = slots.take(ask.tenant())) {
            var answer = queries.run(ask, Follower.NONE);
            var file = switch (format) {
                case CSV -> Exported.csv(answer, lines);
                case NDJSON -> Exported.lines(answer, lines);
                case PARQUET -> ParquetExport.file(answer, lines);
            };
            var caller = CallerScope.current();
            AUDIT.info(
                    "export of events: tenant {}, by {}, request {}, {} rows as {}, from {} to {}, query {}",
                    ask.tenant(),
                    caller.subject(),
                    exchange.requestId(),
                    Exported.rows(answer),
                    format.ending,
                    Json.time(ask.from()),
                    Json.time(ask.to()),
                    ask.query().toString().replaceAll("\\p{Cntrl}", " "));
            exchange.header(
                    "Content-Disposition",
                    "attachment; filename=\"events-" + Json.time(ask.now()).replaceAll("[^0-9TZ]", "") + "."
                            + format.ending + "\"");
            exchange.header(
                    "X-Marsad-Partial",
                    Boolean.toString(answer.partial() || !answer.cut().isEmpty()));
            exchange.send(200, format.mediaType, file);
        }
    }

    /** What an export is written as. */
    private enum Format {
        CSV("csv", "text/csv; charset=utf-8"),
        NDJSON("ndjson", "application/x-ndjson"),
        PARQUET("parquet", "application/vnd.apache.parquet");

        private final String ending;
        private final String mediaType;

        Format(String ending, String mediaType) {
            this.ending = ending;
            this.mediaType = mediaType;
        }

        static Format of(@Nullable String word) {
            return word == null ? CSV : valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
