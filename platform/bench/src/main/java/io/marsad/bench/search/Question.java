package io.marsad.bench.search;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A query in the search language, what it means said once more, and what a naive filter found with that. One thread uses it. */
final class Question {
    final String text;
    /** Event time, inclusive and exclusive. */
    final long from;

    final long to;
    /** The field that its events are counted by. */
    final String by;

    final BitSet hits = new BitSet();
    /** Of {@link #by}; the empty key is that of events without a value. */
    final Map<String, Long> groups = new HashMap<>();

    private final Predicate<Subject> test;

    Question(String text, Predicate<Subject> test, long from, long to, String by) {
        this.text = text;
        this.test = test;
        this.from = from;
        this.to = to;
        this.by = by;
    }

    /** Asks about the event with this number. */
    void ask(Subject subject, int number) {
        if (subject.time() < from || subject.time() >= to || !test.test(subject)) {
            return;
        }
        hits.set(number);
        var keys = subject.keys(by);
        if (keys.isEmpty()) {
            groups.merge("", 1L, Long::sum);
        }
        keys.forEach(key -> groups.merge(key.isEmpty() ? "\u0000" : key, 1L, Long::sum));
    }
}
