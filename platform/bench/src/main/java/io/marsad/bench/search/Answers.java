package io.marsad.bench.search;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventStore;
import io.marsad.sigma.SigmaRule;
import io.marsad.store.query.Query;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Follower;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the questions to the product and holds its answers against the naive ones. One thread uses it. */
final class Answers {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int NEWEST = 1000;

    private final EventStore store;
    private final SearchDiff naive;
    private final QueryRun run;
    private final List<String> differences = new ArrayList<>();
    private long hits;
    private long answers;

    Answers(EventStore store, SearchDiff naive) {
        this.store = store;
        this.naive = naive;
        run = new QueryRun(store, Lookups.NONE);
    }

    List<String> differences() {
        return differences;
    }

    /** Of rules and questions together. */
    long hits() {
        return hits;
    }

    /** That were compared. */
    long answers() {
        return answers;
    }

    /** The rule as a search: the events that it finds are those that the reference finds. */
    void rule(SigmaRule rule) throws IOException {
        var query = Query.of(rule.predicate(), rule.logSource()).query();
        var found = new BitSet();
        var rows = answer(query, 0, Long.MAX_VALUE, Ask.MOST_ROWS);
        for (int row = 0; row < rows.rows(); row++) {
            found.set(naive.number(rows.id(row)));
        }
        compare("rule " + rule.id(), naive.hits(rule.id()), found);
    }

    /** All events, the newest, and the events counted by a field. */
    void question(Question question) throws IOException {
        var query = Query.parse(question.text);
        var found = new BitSet();
        store.scan(
                new EventScan(SearchDiff.TENANT, question.from, question.to, query.predicate(), Set.of()),
                (batch, progress) -> {
                    for (int row = 0; row < batch.rows(); row++) {
                        int number = naive.number(batch.id(row));
                        if (found.get(number)) {
                            differ(question.text, "event " + batch.id(row) + " was given twice");
                        }
                        found.set(number);
                    }
                    return true;
                });
        compare(question.text, question.hits, found);
        newest(question, answer(query, question.from, question.to, NEWEST));
        groups(question);
    }

    private void newest(Question question, EventBatch rows) {
        answers++;
        int expected = Math.min(NEWEST, question.hits.cardinality());
        if (rows.rows() != expected) {
            differ(question.text, rows.rows() + " newest events instead of " + expected);
            return;
        }
        var given = new BitSet();
        for (int row = 0; row < rows.rows(); row++) {
            if (row > 0 && rows.time(row) > rows.time(row - 1)) {
                differ(question.text, "not newest first");
            }
            given.set(naive.number(rows.id(row)));
        }
        long oldest = rows.rows() == 0 ? Long.MAX_VALUE : rows.time(rows.rows() - 1);
        for (int hit = question.hits.nextSetBit(0); hit >= 0; hit = question.hits.nextSetBit(hit + 1)) {
            if (naive.time(hit) > oldest && !given.get(hit)) {
                differ(question.text, "a newer event is missing");
                return;
            }
        }
    }

    private void groups(Question question) throws IOException {
        var query = Query.parse(question.text + " | stats count by `." + question.by + "`");
        var answer = run.run(ask(query, question.from, question.to, Ask.MOST_ROWS), Follower.NONE);
        if (!(answer.rows() instanceof Answer.Table(var rows))) {
            differ(question.text, "stats gave no table");
            return;
        }
        answers++;
        var found = new HashMap<String, Long>();
        for (var row : rows) {
            var key = row.get(0);
            found.put(key == null ? "" : key.equals("") ? "\u0000" : key.toString(), ((Number) row.get(1)).longValue());
        }
        Map<String, Long> expected = question.groups;
        boolean whole = expected.size() <= Ask.MOST_ROWS;
        if (whole ? !found.equals(expected) : !expected.entrySet().containsAll(found.entrySet())) {
            differ(question.text, "counted by " + question.by + ": " + some(found, expected));
        }
    }

    private static String some(Map<String, Long> found, Map<String, Long> expected) {
        for (var one : expected.entrySet()) {
            if (!one.getValue().equals(found.get(one.getKey()))) {
                return one + " was counted as " + found.get(one.getKey());
            }
        }
        return "groups that there are not";
    }

    private EventBatch answer(Query query, long from, long to, int limit) throws IOException {
        var answer = run.run(ask(query, from, to, limit), Follower.NONE);
        if (answer.partial() || !(answer.rows() instanceof Answer.Events(var events, var computed))) {
            throw new IOException("no whole answer to " + query);
        }
        return events;
    }

    private static Ask ask(Query query, long from, long to, int limit) {
        return new Ask(SearchDiff.TENANT, query, from, to, 0, limit, null, LONG);
    }

    private void compare(String what, BitSet expected, BitSet found) {
        answers++;
        hits += expected.cardinality();
        if (!expected.equals(found)) {
            var missing = (BitSet) expected.clone();
            missing.andNot(found);
            var wrong = (BitSet) found.clone();
            wrong.andNot(expected);
            differ(
                    what,
                    missing.cardinality() + " missing (event " + missing.nextSetBit(0) + "), " + wrong.cardinality()
                            + " too many (event " + wrong.nextSetBit(0) + ")");
        }
    }

    private void differ(String what, String how) {
        differences.add(what + ": " + how);
    }
}
