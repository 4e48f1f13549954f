package io.marsad.store.query.run;

import io.marsad.store.query.Value;
import io.marsad.store.query.run.Column.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what {@code eval} says ready to be computed for many rows. */
final class Evaluator {
    private final Shape shape;
    private final Functions functions;

    /** @param now what {@code now()} is, epoch milliseconds */
    Evaluator(Shape shape, long now) {
        this.shape = shape;
        this.functions = new Functions(now);
    }

    Computed compile(Value value) {
        return switch (value) {
            case Value.Text(String text) -> row -> text;
            case Value.Number(double number) -> row -> number;
            case Value.Span(long millis) -> row -> (double) millis;
            case Value.Bool(boolean truth) -> row -> truth;
            case Value.Null nothing -> row -> null;
            case Value.Name(String name) -> shape.get(name);
            case Value.Call(var function, List<Value> arguments) ->
                functions.compile(
                        function,
                        arguments,
                        arguments.stream().map(this::compile).toArray(Computed[]::new));
            case Value.Negative(Value of) -> {
                var inner = compile(of);
                yield row -> Values.finite(-Values.number(inner.of(row)));
            }
            case Value.Not(Value of) -> {
                var inner = compile(of);
                yield row -> !Values.truth(inner.of(row));
            }
            case Value.Pair(var operator, Value left, Value right) -> pair(operator, compile(left), compile(right));
        };
    }

    private static Computed pair(Value.Operator operator, Computed left, Computed right) {
        return switch (operator) {
            case OR -> row -> Values.truth(left.of(row)) || Values.truth(right.of(row));
            case AND -> row -> Values.truth(left.of(row)) && Values.truth(right.of(row));
            case EQUAL -> row -> anyEqual(left.of(row), right.of(row), false);
            case NOT_EQUAL -> row -> !anyEqual(left.of(row), right.of(row), false);
            case SAME -> row -> anyEqual(left.of(row), right.of(row), true);
            case NOT_SAME -> row -> !anyEqual(left.of(row), right.of(row), true);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                row -> anyOrdered(operator, left.of(row), right.of(row));
            case PLUS, MINUS, TIMES, DIVIDED, MODULO -> row -> calculate(operator, left.of(row), right.of(row));
        };
    }

    private static boolean anyEqual(@Nullable Object left, @Nullable Object right, boolean cased) {
        for (var a : Values.items(left)) {
            for (var b : Values.items(right)) {
                if (Values.equal(a, b, cased)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Numbers compare with numbers and text with text; a number and a text do not. */
    private static boolean anyOrdered(Value.Operator operator, @Nullable Object left, @Nullable Object right) {
        for (var a : Values.items(left)) {
            for (var b : Values.items(right)) {
                if (Double.isNaN(Values.number(a)) == Double.isNaN(Values.number(b))) {
                    int c = Values.compare(a, b);
                    boolean holds = operator == Value.Operator.LESS && c < 0
                            || operator == Value.Operator.LESS_OR_EQUAL && c <= 0
                            || operator == Value.Operator.GREATER && c > 0
                            || operator == Value.Operator.GREATER_OR_EQUAL && c >= 0;
                    if (holds) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Null where either side is no number. Dividing by zero gives null too. */
    private static @Nullable Object calculate(Value.Operator operator, @Nullable Object left, @Nullable Object right) {
        double a = Values.number(left);
        double b = Values.number(right);
        return Values.finite(
                switch (operator) {
                    case PLUS -> a + b;
                    case MINUS -> a - b;
                    case TIMES -> a * b;
                    case DIVIDED -> a / b;
                    default -> a % b;
                });
    }

    /** What the values of a computed column will be. */
    Type type(Value value) {
        return switch (value) {
            case Value.Text text -> Type.TEXT;
            case Value.Number number -> Type.NUMBER;
            case Value.Span span -> Type.NUMBER;
            case Value.Name(String name) -> shape.type(name);
            case Value.Call(var function, List<Value> arguments) ->
                switch (function) {
                    case NOW, TOTIME -> Type.TIME;
                    case BIN -> type(arguments.getFirst()) == Type.TIME ? Type.TIME : Type.NUMBER;
                    case LOWER, UPPER, TRIM, CONCAT, SUBSTR, REPLACE, EXTRACT, URLDECODE, BASE64DECODE, PART, JOIN ->
                        Type.TEXT;
                    case STRFTIME, TOSTRING -> Type.TEXT;
                    case LEN, COUNT, ABS, CEIL, FLOOR, ROUND, SQRT, LOG, POW, TONUMBER, HOUR, WEEKDAY -> Type.NUMBER;
                    case SPLIT -> Type.LIST;
                    default -> Type.ANY;
                };
            case Value.Pair(var operator, Value left, Value right) ->
                switch (operator) {
                    case PLUS -> type(left) == Type.TIME ^ type(right) == Type.TIME ? Type.TIME : Type.NUMBER;
                    case MINUS -> type(left) == Type.TIME && type(right) != Type.TIME ? Type.TIME : Type.NUMBER;
                    case TIMES, DIVIDED, MODULO -> Type.NUMBER;
                    default -> Type.ANY;
                };
            case Value.Negative negative -> Type.NUMBER;
            case Value.Bool bool -> Type.ANY;
            case Value.Not not -> Type.ANY;
            case Value.Null nothing -> Type.ANY;
        };
    }
}
