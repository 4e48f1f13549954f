package io.marsad.store.query;

import java.util.List;

/** What {@code eval} computes, as written. Evaluating one never fails: where there is no answer it is null. */
public sealed interface Value {
    record Text(String text) implements Value {}

    /** Finite. */
    record Number(double number) implements Value {}

    /** A duration, in milliseconds. */
    record Span(long millis) implements Value {}

    record Bool(boolean truth) implements Value {}

    enum Null implements Value {
        NULL
    }

    /** A field or a column, as written. */
    record Name(String name) implements Value {}

    record Call(Function function, List<Value> arguments) implements Value {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** The negative of a value that is no number as written. */
    record Negative(Value of) implements Value {}

    record Not(Value of) implements Value {}

    record Pair(Operator operator, Value left, Value right) implements Value {}

    /** Between two values; later ones bind more tightly, those of one level from left to right. */
    enum Operator {
        OR("or", 1),
        AND("and", 2),
        EQUAL("=", 4),
        NOT_EQUAL("!=", 4),
        SAME("==", 4),
        NOT_SAME("!==", 4),
        LESS("<", 4),
        LESS_OR_EQUAL("<=", 4),
        GREATER(">", 4),
        GREATER_OR_EQUAL(">=", 4),
        PLUS("+", 5),
        MINUS("-", 5),
        TIMES("*", 6),
        DIVIDED("/", 6),
        MODULO("%", 6);

        private final String word;
        private final int binds;

        Operator(String word, int binds) {
            this.word = word;
            this.binds = binds;
        }

        public String word() {
            return word;
        }

        int binds() {
            return binds;
        }
    }

    /** How tightly {@code not} and a minus sign bind. */
    int NOT_BINDS = 3;

    int NEGATIVE_BINDS = 7;
}
