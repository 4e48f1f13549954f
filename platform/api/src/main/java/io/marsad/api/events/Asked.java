package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.store.query.Query;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What requests about events have in common: a query and a range of event time.
 *
 * @param from inclusive, epoch milliseconds
 * @param to exclusive
 * @param now when it was asked
 */
record Asked(Query query, long from, long to, long now) {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** @throws ProblemException 400 when the query is none or the range is empty */
    static Asked read(JsonNode body, long now) {
        var text = Json.text(body, "query");
        return read(body, parse(text == null ? "" : text), now);
    }

    /**
     * The same of events on which a rule fires, when the body names one.
     *
     * @throws ProblemException 404 when there is no such rule, 409 when it cannot be searched with
     */
    Asked ofRule(JsonNode body, RuleCatalog rules) {
        var id = Json.text(body, "rule");
        if (id == null) {
            return this;
        }
        return new Asked(ofRule(query, id, rules), from, to, now);
    }

    static Query ofRule(Query query, String id, RuleCatalog rules) {
        var rule = rules.searched(id);
        return query.within(rule.predicate(), rule.logSource());
    }

    /** The range alone, whatever the query is. */
    static Asked range(JsonNode body, long now) {
        return read(body, Query.parse(""), now);
    }

    private static Asked read(JsonNode body, Query query, long now) {
        var range = query.range(now);
        if (range != null) {
            return new Asked(query, range.from(), range.to(), now);
        }
        var to = Json.text(body, "to");
        long end = to == null ? now : millis(to);
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
        return new Asked(query, start, end, now);
    }

    /** The same, where a table cannot be the answer. */
    static Asked readFilter(JsonNode body, long now) {
        var asked = read(body, now);
        if (!asked.query.isFilter()) {
            throw new Problem(
                            "invalid-query",
                            400,
                            "Bad request",
                            "Only a filter can be asked here, without stages behind |.",
                            List.of(new Fault("/query", "has stages")))
                    .asException();
        }
        return asked;
    }

    static int number(JsonNode body, String name, int otherwise) {
        var value = body.get(name);
        return value == null || value.isNull() ? otherwise : value.intValue();
    }

    /** A fault's place becomes {@code query:COLUMN}, as the contract has it. */
    static Query parse(String text) {
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
}
