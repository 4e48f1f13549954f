package io.marsad.store.query;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.predicate.Predicate.Comparison;
import java.util.ArrayList;
import java.util.List;

/** A filter as written, with the names that were written; {@link Lowering} turns it into a predicate. */
public sealed interface Expression {
    /** All of at least two. */
    record And(List<Expression> all) implements Expression {
        public And {
            all = List.copyOf(all);
        }
    }

    /** Any of at least two. */
    record Or(List<Expression> any) implements Expression {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Expression of) implements Expression {}

    /** No condition at all. */
    enum Everything implements Expression {
        EVERYTHING
    }

    /** Free text: found in any value or in the record. */
    record Words(Glob glob) implements Expression {}

    /** The field's value fits any of the patterns. */
    record Compare(String field, Operator operator, boolean cased, List<Glob> values) implements Expression {
        public Compare {
            values = List.copyOf(values);
        }
    }

    /** Where in the value a pattern has to be. */
    enum Operator {
        EQUALS("=", "=="),
        CONTAINS("contains", "contains_cs"),
        STARTS_WITH("startswith", "startswith_cs"),
        ENDS_WITH("endswith", "endswith_cs");

        private final String word;
        private final String casedWord;

        Operator(String word, String casedWord) {
            this.word = word;
            this.casedWord = casedWord;
        }

        String word(boolean cased) {
            return cased ? casedWord : word;
        }
    }

    record Matches(String field, String regex, boolean cased) implements Expression {}

    record InNetwork(String field, List<String> networks) implements Expression {
        public InNetwork {
            networks = List.copyOf(networks);
        }
    }

    record Measure(String field, Comparison comparison, double value) implements Expression {}

    /** One of the fields behind the name is in the range, both ends of which belong to it. */
    record Between(String field, double low, double high) implements Expression {}

    record Exists(String field) implements Expression {}

    record IsNull(String field) implements Expression {}

    /** The event is from any of such logs. */
    record OfSources(List<Predicate.OfSource> sources) implements Expression {
        public OfSources {
            sources = List.copyOf(sources);
        }
    }

    /** Joins; an "and" in an "and" becomes one, so that equal queries are equal. */
    static Expression and(List<Expression> parts) {
        var all = new ArrayList<Expression>();
        for (var part : parts) {
            if (part instanceof And(List<Expression> inner)) {
                all.addAll(inner);
            } else if (part != Everything.EVERYTHING) {
                all.add(part);
            }
        }
        return all.isEmpty() ? Everything.EVERYTHING : all.size() == 1 ? all.getFirst() : new And(all);
    }

    static Expression or(List<Expression> parts) {
        var any = new ArrayList<Expression>();
        for (var part : parts) {
            if (part instanceof Or(List<Expression> inner)) {
                any.addAll(inner);
            } else {
                any.add(part);
            }
        }
        return any.size() == 1 ? any.getFirst() : new Or(any);
    }
}
