package io.marsad.store.query;

import io.marsad.kernel.predicate.Glob;
import io.marsad.store.query.Stage.Aggregation;
import io.marsad.store.query.Stage.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes queries of every stage, measure, function and operator that there is. */
final class RandomQueries {
    static final Set<String> ALL_KINDS = Stream.of(
                    Arrays.stream(Stage.class.getPermittedSubclasses()),
                    Arrays.stream(Value.class.getPermittedSubclasses()),
                    Arrays.stream(Range.class.getPermittedSubclasses()),
                    Arrays.stream(Stage.Key.class.getPermittedSubclasses()))
            .flatMap(one -> one)
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));

    static {
        for (var function : Function.values()) {
            ALL_KINDS.add(function.toString());
        }
        for (var aggregation : Aggregation.values()) {
            ALL_KINDS.add(aggregation.toString());
        }
        for (var operator : Value.Operator.values()) {
            ALL_KINDS.add(operator.toString());
        }
    }

    private static final List<String> NAMES =
            List.of("user", "process.cmd_line", "by", "odd name", "a`b", "time", "x", "unmapped.Odd-Name", "NULL", "é");
    private static final List<String> TEXTS =
            List.of("", "a", "it's", "\"", "\\", "\\\"", "a|b", "%Y", "\n", "é\uD83D\uDE00");

    private final Random random;
    private final Set<String> kinds = new TreeSet<>();
    private List<String> columns = List.of();
    private int fresh;

    RandomQueries(Random random) {
        this.random = random;
    }

    Set<String> kinds() {
        return kinds;
    }

    Pipeline pipeline() {
        columns = List.of();
        var range = switch (random.nextInt(3)) {
            case 0 -> new Range.Last(1 + random.nextInt(100_000_000));
            case 1 -> {
                long from = random.nextInt(2_000_000_000) * 1000L;
                yield new Range.Between(from, from + 1 + random.nextInt(100_000));
            }
            default -> null;
        };
        if (range != null) {
            kinds.add(range.getClass().getSimpleName());
        }
        var stages = new ArrayList<Stage>();
        for (int n = random.nextInt(4); n > 0; n--) {
            var stage = stage();
            kinds.add(stage.getClass().getSimpleName());
            stages.add(stage);
        }
        return new Pipeline(range, random.nextBoolean() ? Expression.Everything.EVERYTHING : condition("user"), stages);
    }

    private Expression condition(String name) {
        return switch (random.nextInt(4)) {
            case 0 -> new Expression.Words(Glob.literal("word " + random.nextInt(9)));
            case 1 -> new Expression.Not(new Expression.Exists(name));
            case 2 -> new Expression.Matches(name, "a|b", false);
            default ->
                new Expression.Compare(
                        name,
                        Expression.Operator.CONTAINS,
                        false,
                        List.of(Glob.literal(pick(List.of("a|b", "x y", "é")))));
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** A name that may be used where the query stands. */
    private String name() {
        return pick(columns.isEmpty() ? NAMES : columns);
    }

    private String made() {
        return random.nextInt(4) == 0 ? "odd " + fresh++ : "made" + fresh++;
    }

    private <T> List<T> several(Supplier<T> make) {
        return Stream.generate(make).limit(1 + random.nextInt(3)).distinct().toList();
    }

    private Stage stage() {
        return switch (random.nextInt(12)) {
            case 0 -> new Stage.Where(condition(name()));
            case 1 -> stats();
            case 2 -> timechart();
            case 3 -> frequent();
            case 4 -> new Stage.Sort(several(() -> new Stage.Order(name(), random.nextBoolean())));
            case 5 -> new Stage.Head(1 + random.nextInt(10_000));
            case 6 -> new Stage.Tail(1 + random.nextInt(10_000));
            case 7 -> {
                var names = several(this::name);
                if (!columns.isEmpty() || random.nextBoolean()) {
                    columns = names;
                    yield new Stage.Fields(false, names);
                }
                yield new Stage.Fields(true, names);
            }
            case 8 -> new Stage.Dedup(several(this::name));
            case 9 -> {
                var values = several(() -> new Stage.Assignment(made(), value(4)));
                values.forEach(value -> add(value.name()));
                yield new Stage.Eval(values);
            }
            case 10 -> {
                var renaming = new Stage.Renaming(name(), made());
                if (!columns.isEmpty()) {
                    var left = new ArrayList<>(columns);
                    left.set(left.indexOf(renaming.from()), renaming.to());
                    columns = left;
                }
                yield new Stage.Rename(List.of(renaming));
            }
            default -> {
                var output = several(() -> random.nextBoolean()
                        ? new Stage.Renaming("column", made())
                        : new Stage.Renaming("c" + ++fresh, "c" + fresh));
                var lookup = new Stage.Lookup("assets", name(), output);
                output.forEach(one -> add(one.to()));
                yield lookup;
            }
        };
    }

    private void add(String name) {
        if (!columns.isEmpty()) {
            var more = new ArrayList<>(columns);
            more.add(name);
            columns = more;
        }
    }

    private Measured measured() {
        var aggregation = pick(List.of(Aggregation.values()));
        kinds.add(aggregation.toString());
        var name = aggregation == Aggregation.COUNT && random.nextBoolean() ? null : name();
        double part = aggregation == Aggregation.PERC ? pick(List.of(50.0, 99.9, 5.0, 0.25, 99.12345)) : 0;
        return new Measured(aggregation, name, part, made());
    }

    private Stage stats() {
        var measures = several(this::measured);
        var keys = random.nextBoolean() ? List.<Stage.Key>of() : distinct(several(this::key));
        columns = Stream.concat(
                        keys.stream().map(Stage.Key::column), measures.stream().map(Measured::column))
                .toList();
        return new Stage.Stats(measures, keys);
    }

    private static List<Stage.Key> distinct(List<Stage.Key> keys) {
        var seen = new TreeSet<String>();
        return keys.stream().filter(key -> seen.add(key.column())).toList();
    }

    private Stage.Key key() {
        var key = random.nextBoolean()
                ? new Stage.ByField(name())
                : new Stage.BySpan(name(), pick(List.of(1L, 60_000L, 86_400_000L, 90_000L)));
        kinds.add(key.getClass().getSimpleName());
        return key;
    }

    private Stage timechart() {
        if (!columns.isEmpty() && !columns.contains("time")) {
            return new Stage.Head(5);
        }
        long span = random.nextBoolean() ? 0 : 3_600_000;
        var measures = several(this::measured);
        if (random.nextBoolean()) {
            var chart = new Stage.Timechart(span, List.of(measures.getFirst()), name(), 1 + random.nextInt(100));
            columns = List.of(); // any name is taken from here
            return chart;
        }
        columns = Stream.concat(Stream.of("time"), measures.stream().map(Measured::column))
                .toList();
        return new Stage.Timechart(span, measures, null, 10);
    }

    private Stage frequent() {
        var fields = several(this::name);
        var by = several(this::name).stream()
                .filter(name -> !fields.contains(name) && random.nextBoolean())
                .toList();
        var all = new ArrayList<>(by);
        all.addAll(fields);
        if (all.contains("count") || all.contains("percent")) {
            return new Stage.Tail(1);
        }
        all.add("count");
        all.add("percent");
        columns = all;
        return new Stage.Frequent(random.nextBoolean(), 1 + random.nextInt(10_000), fields, by);
    }

    private Value value(int depth) {
        var value = depth == 0 ? leaf() : random.nextInt(3) == 0 ? leaf() : node(depth - 1);
        kinds.add(value.getClass().getSimpleName());
        return value;
    }

    private Value leaf() {
        return switch (random.nextInt(6)) {
            case 0 -> new Value.Text(pick(TEXTS));
            case 1 -> new Value.Number(pick(List.of(0.0, -5.0, 1.5, 1e20, -2.5e-7, 123456789.0)));
            case 2 -> new Value.Span(pick(List.of(0L, 1L, 300_000L, 3_600_000L)));
            case 3 -> new Value.Bool(random.nextBoolean());
            case 4 -> Value.Null.NULL;
            default -> new Value.Name(name());
        };
    }

    private Value node(int depth) {
        switch (random.nextInt(6)) {
            case 0 -> {
                return new Value.Negative(value(depth));
            }
            case 1 -> {
                return new Value.Not(value(depth));
            }
            case 2, 3 -> {
                var function = pick(List.of(Function.values()));
                kinds.add(function.toString());
                int most = Math.min(function.most(), function.least() + 2);
                var arguments = new ArrayList<Value>();
                for (int n = function.least() + random.nextInt(most - function.least() + 1); n > 0; n--) {
                    arguments.add(value(depth));
                }
                if (function == Function.CIDRMATCH) {
                    arguments.set(0, new Value.Text("10.0.0.0/8"));
                } else if (function == Function.MATCHES || function == Function.EXTRACT) {
                    arguments.set(1, new Value.Text("a\\.(b+)"));
                }
                return new Value.Call(function, arguments);
            }
            default -> {
                var operator = pick(List.of(Value.Operator.values()));
                kinds.add(operator.toString());
                return new Value.Pair(operator, value(depth), value(depth));
            }
        }
    }
}
