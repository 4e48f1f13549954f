package io.marsad.store.query;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes a query with its stages so that reading it gives the same again. */
final class StagePrinter {
    private static final Pattern SHORT_PERCENTILE = Pattern.compile("[1-9][0-9]?(\\.[0-9]{1,3})?");

    private final StringBuilder out = new StringBuilder();

    private StagePrinter() {}

    static String print(Pipeline query) {
        var printer = new StagePrinter();
        var out = printer.out;
        switch (query.range()) {
            case null -> {}
            case Range.Last(long millis) -> out.append("last ").append(Durations.write(millis));
            case Range.Between(long from, long to) ->
                out.append("between ")
                        .append(Instant.ofEpochMilli(from))
                        .append(" and ")
                        .append(Instant.ofEpochMilli(to));
        }
        boolean all = query.filter() == Expression.Everything.EVERYTHING;
        if (!all || query.range() == null) {
            out.append(out.isEmpty() ? "" : " ").append(Printer.print(query.filter()));
        }
        for (var stage : query.stages()) {
            out.append(" | ");
            printer.stage(stage);
        }
        return out.toString();
    }

    static String print(Value value) {
        var printer = new StagePrinter();
        printer.value(value, 0);
        return printer.out.toString();
    }

    private void stage(Stage stage) {
        switch (stage) {
            case Stage.Where(Expression condition) -> out.append("where ").append(Printer.print(condition));
            case Stage.Stats stats -> {
                out.append("stats ");
                list(stats.measures(), this::measured);
                by(stats.by(), this::key);
            }
            case Stage.Timechart chart -> timechart(chart);
            case Stage.Frequent frequent -> {
                out.append(frequent.rare() ? "rare " : "top ")
                        .append(frequent.most())
                        .append(' ');
                list(frequent.fields(), this::name);
                by(frequent.by(), this::name);
            }
            case Stage.Sort(List<Stage.Order> orders) -> {
                out.append("sort ");
                list(orders, order -> {
                    out.append(order.descending() ? "-" : "");
                    name(order.name());
                });
            }
            case Stage.Head(int rows) -> out.append("head ").append(rows);
            case Stage.Tail(int rows) -> out.append("tail ").append(rows);
            case Stage.Fields(boolean drop, List<String> names) -> {
                out.append(drop ? "fields - " : "fields ");
                list(names, this::name);
            }
            case Stage.Dedup(List<String> names) -> {
                out.append("dedup ");
                list(names, this::name);
            }
            case Stage.Eval(List<Stage.Assignment> assignments) -> {
                out.append("eval ");
                list(assignments, assignment -> {
                    name(assignment.name());
                    out.append(" = ");
                    value(assignment.value(), 0);
                });
            }
            case Stage.Rename(List<Stage.Renaming> renamings) -> {
                out.append("rename ");
                list(renamings, renaming -> renaming(renaming, true));
            }
            case Stage.Lookup lookup -> {
                out.append("lookup ");
                name(lookup.list());
                out.append(" on ");
                name(lookup.on());
                if (!lookup.output().isEmpty()) {
                    out.append(" output ");
                    list(lookup.output(), renaming -> renaming(renaming, false));
                }
            }
        }
    }

    private void timechart(Stage.Timechart chart) {
        out.append("timechart ");
        if (chart.spanMillis() > 0) {
            out.append("span=").append(Durations.write(chart.spanMillis())).append(' ');
        }
        list(chart.measures(), this::measured);
        var by = chart.by();
        if (by != null) {
            out.append(" by ");
            name(by);
            out.append(" limit=").append(chart.most());
        }
    }

    private void renaming(Stage.Renaming renaming, boolean always) {
        name(renaming.from());
        if (always || !renaming.from().equals(renaming.to())) {
            out.append(" as ");
            name(renaming.to());
        }
    }

    private void measured(Stage.Measured measured) {
        var name = measured.name();
        var part = Printer.number(measured.percentile());
        boolean percentile = measured.aggregation() == Stage.Aggregation.PERC;
        boolean brief = percentile && SHORT_PERCENTILE.matcher(part).matches();
        out.append(brief ? "p" + part : measured.aggregation().word());
        if (name != null) {
            out.append('(');
            name(name);
            out.append(percentile && !brief ? ", " + part : "").append(')');
        }
        if (!measured.column().equals(Stage.Measured.column(measured.aggregation(), name, measured.percentile()))) {
            out.append(" as ");
            name(measured.column());
        }
    }

    private void key(Stage.Key key) {
        switch (key) {
            case Stage.ByField(String name) -> name(name);
            case Stage.BySpan(String name, long millis) -> {
                out.append("span(");
                name(name);
                out.append(", ").append(Durations.write(millis)).append(')');
            }
        }
    }

    private <T> void by(List<T> items, Consumer<T> write) {
        if (!items.isEmpty()) {
            out.append(" by ");
            list(items, write);
        }
    }

    private <T> void list(List<T> items, Consumer<T> write) {
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write.accept(items.get(i));
        }
    }

    private void name(String name) {
        if (Tokens.isPlain(name)) {
            out.append(name);
        } else {
            out.append('`').append(name.replace("`", "``")).append('`');
        }
    }

    /** @param around how tightly what stands around binds */
    private void value(Value value, int around) {
        switch (value) {
            case Value.Text(String text) ->
                out.append('"')
                        .append(text.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            case Value.Number(double number) -> out.append(Printer.number(number));
            case Value.Span(long millis) -> out.append(Durations.write(millis));
            case Value.Bool(boolean truth) -> out.append(truth);
            case Value.Null nothing -> out.append("null");
            case Value.Name(String name) -> name(name);
            case Value.Call(Function function, List<Value> arguments) -> {
                out.append(function.word()).append('(');
                list(arguments, argument -> value(argument, 0));
                out.append(')');
            }
            case Value.Negative(Value of) -> {
                // A minus sign right before a number is part of the number.
                boolean apart = of instanceof Value.Number;
                boolean parentheses = around > Value.NEGATIVE_BINDS;
                out.append(parentheses ? "(-" : "-").append(apart ? "(" : "");
                value(of, Value.NEGATIVE_BINDS);
                out.append(apart ? ")" : "").append(parentheses ? ")" : "");
            }
            case Value.Not(Value of) -> {
                boolean parentheses = around > Value.NOT_BINDS;
                out.append(parentheses ? "(not " : "not ");
                value(of, Value.NOT_BINDS);
                out.append(parentheses ? ")" : "");
            }
            case Value.Pair(Value.Operator operator, Value left, Value right) -> {
                boolean parentheses = around > operator.binds();
                out.append(parentheses ? "(" : "");
                value(left, operator.binds());
                out.append(' ').append(operator.word()).append(' ');
                value(right, operator.binds() + 1);
                out.append(parentheses ? ")" : "");
            }
        }
    }
}
