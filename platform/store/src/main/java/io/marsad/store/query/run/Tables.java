package io.marsad.store.query.run;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.store.SummaryTable.Group;
import io.marsad.store.query.Stage;
import io.marsad.store.query.Stage.Aggregation;
import io.marsad.store.query.run.Column.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the tables of {@code stats}, {@code timechart}, {@code top} and {@code rare} from groups. */
final class Tables {
    /** Spans that people find natural, in milliseconds. */
    private static final long[] NATURAL = {
        1_000,
        5_000,
        10_000,
        30_000,
        60_000,
        300_000,
        600_000,
        1_800_000,
        3_600_000,
        10_800_000,
        21_600_000,
        43_200_000,
        86_400_000,
        604_800_000,
        2_592_000_000L
    };

    private static final int FEW_ROWS = 120;

    private final Ask ask;
    private final Shape shape;
    private final Budget budget;

    /** @param shape before the stage */
    Tables(Ask ask, Shape shape, Budget budget) {
        this.ask = ask;
        this.shape = shape;
        this.budget = budget;
    }

    record Made(List<Column> columns, List<@Nullable Object[]> rows) {}

    /** The stage's own span, or one that makes some hundred rows of the range. */
    static long span(Stage.Timechart chart, Ask ask) {
        if (chart.spanMillis() > 0) {
            return chart.spanMillis();
        }
        for (long span : NATURAL) {
            if ((ask.to() - ask.from()) / span <= FEW_ROWS) {
                return span;
            }
        }
        return Math.ceilDiv(ask.to() - ask.from(), FEW_ROWS);
    }

    /** The columns of the groups' keys and measures. */
    private List<Column> columns(Grouping grouping) {
        var columns = new ArrayList<Column>();
        for (var key : grouping.keys()) {
            columns.add(
                    switch (key) {
                        case Stage.BySpan(String name, long millis) ->
                            new Column(name, shape.type(name) == Type.NUMBER ? Type.NUMBER : Type.TIME);
                        case Stage.ByField(String name) -> new Column(name, keyType(name));
                    });
        }
        columns.addAll(grouping.columns(shape));
        return columns;
    }

    private Type keyType(String name) {
        return switch (shape.type(name)) {
            case NUMBER -> Type.NUMBER;
            case TIME -> Type.TIME;
            case TEXT, LIST, ANY -> Type.TEXT;
        };
    }

    /** Groups are made of text; numbers and times become what they were. */
    private static @Nullable Object typed(@Nullable Object value, Type type) {
        boolean number = type == Type.NUMBER || type == Type.TIME;
        return number && value instanceof String ? Values.finite(Values.number(value)) : value;
    }

    private static @Nullable Object[] row(Group group, List<Column> columns) {
        var row = new @Nullable Object[columns.size()];
        int keys = group.keys().size();
        for (int i = 0; i < row.length; i++) {
            var value = i < keys ? group.keys().get(i) : group.measures().get(i - keys);
            row[i] = typed(value, columns.get(i).type());
        }
        return row;
    }

    private void noteDropped(SummaryTable table) {
        if (table.droppedGroups() > 0) {
            budget.cut(table.droppedGroups() + " groups with the fewest events are left out");
        }
    }

    /** Groups over time come in its order, others the largest first. */
    Made stats(Grouping grouping, SummaryTable table) {
        noteDropped(table);
        var columns = columns(grouping);
        var rows = new ArrayList<@Nullable Object[]>();
        for (var group : table.groups()) {
            rows.add(row(group, columns));
        }
        if (rows.isEmpty() && grouping.keys().isEmpty()) {
            rows.add(nothing(grouping));
        }
        if (grouping.keys().stream().anyMatch(Stage.BySpan.class::isInstance)) {
            rows.sort((a, b) -> byKeys(a, b, grouping.keys().size()));
        }
        return new Made(columns, rows);
    }

    /** What measures are of no events at all. */
    private static @Nullable Object[] nothing(Grouping grouping) {
        var row = new @Nullable Object[grouping.measures().size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = nothing(grouping.measures().get(i).aggregation());
        }
        return row;
    }

    private static @Nullable Object nothing(Aggregation aggregation) {
        return switch (aggregation) {
            case COUNT, DC -> 0L;
            case VALUES, LIST -> List.of();
            case SUM, AVG, MIN, MAX, PERC, FIRST, LAST -> null;
        };
    }

    private static int byKeys(@Nullable Object[] a, @Nullable Object[] b, int keys) {
        for (int i = 0; i < keys; i++) {
            var left = a[i];
            var right = b[i];
            int c = left == null || right == null
                    ? Boolean.compare(left != null, right != null)
                    : left instanceof String first && right instanceof String second
                            ? Values.bytes(first, second)
                            : Values.compare(left, right);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    /** Events without one of the fields do not count. */
    Made frequent(Stage.Frequent frequent, SummaryTable table) {
        noteDropped(table);
        int by = frequent.by().size();
        var sections = new LinkedHashMap<List<@Nullable Object>, List<Group>>();
        var totals = new HashMap<List<@Nullable Object>, Long>();
        for (var group : table.groups()) {
            if (!group.keys().subList(by, group.keys().size()).contains(null)) {
                var section = group.keys().subList(0, by);
                sections.computeIfAbsent(section, _ -> new ArrayList<>()).add(group);
                totals.merge(section, group.events(), Long::sum);
            }
        }
        var order = new ArrayList<>(sections.keySet());
        order.sort(Comparator.comparingLong((List<@Nullable Object> key) -> totals.getOrDefault(key, 0L))
                .reversed());
        var columns = new ArrayList<>(columns(Grouping.of(frequent)));
        columns.add(new Column("count", Type.NUMBER));
        columns.add(new Column("percent", Type.NUMBER));
        var rows = new ArrayList<@Nullable Object[]>();
        for (var section : order) {
            var groups = sections.getOrDefault(section, List.of());
            if (frequent.rare()) {
                groups.sort(Comparator.comparingLong(Group::events));
            }
            long total = totals.getOrDefault(section, 1L);
            for (var group : groups.subList(0, Math.min(frequent.most(), groups.size()))) {
                var row = new @Nullable Object[columns.size()];
                for (int i = 0; i < group.keys().size(); i++) {
                    row[i] = typed(group.keys().get(i), columns.get(i).type());
                }
                row[row.length - 2] = group.events();
                row[row.length - 1] = Math.round(1e4 * group.events() / total) / 1e2;
                rows.add(row);
            }
        }
        return new Made(columns, rows);
    }

    /** A row for every span of the range; of a table, from its first to its last. */
    Made timechart(Stage.Timechart chart, long span, SummaryTable table) {
        var groups = table.groups().stream()
                .filter(group -> group.keys().getFirst() != null)
                .toList();
        var measures = Grouping.of(chart, span).columns(shape);
        var columns = new ArrayList<Column>();
        columns.add(new Column(Shape.TIME, Type.TIME));
        var series = chart.by() == null ? null : series(chart, groups, columns, measures.getFirst());
        if (series == null) {
            columns.addAll(measures);
        }
        var rows = rows(span, groups, columns, chart);
        for (var group : groups) {
            var row = rows.get(Math.floorDiv((long) Values.number(group.keys().getFirst()), span));
            if (row == null) {
                continue; // outside of the range that is shown
            }
            if (series == null) {
                for (int i = 0; i < measures.size(); i++) {
                    row[1 + i] = typed(group.measures().get(i), measures.get(i).type());
                }
            } else {
                int at = series.getOrDefault(name(group.keys().getLast()), 0);
                if (at > 0) {
                    var value = typed(
                            group.measures().getFirst(), measures.getFirst().type());
                    row[at] = merged(chart, row[at], value);
                }
            }
        }
        return new Made(columns, List.copyOf(rows.values()));
    }

    private Map<Long, @Nullable Object[]> rows(
            long span, List<Group> groups, List<Column> columns, Stage.Timechart chart) {
        long first = Math.floorDiv(ask.from(), span);
        long last = Math.floorDiv(ask.to() - 1, span);
        if (shape.isTable()) {
            var times = groups.stream()
                    .map(group ->
                            Math.floorDiv((long) Values.number(group.keys().getFirst()), span))
                    .collect(Collectors.summarizingLong(Long::longValue));
            first = groups.isEmpty() ? 0 : times.getMin();
            last = groups.isEmpty() ? -1 : times.getMax();
        }
        if (last - first >= Ask.MOST_ROWS) {
            throw Problem.badRequest(
                            "invalid-query",
                            "timechart would have " + (last - first + 1) + " rows, more than " + Ask.MOST_ROWS
                                    + "; a longer span makes fewer.")
                    .asException();
        }
        var rows = new LinkedHashMap<Long, @Nullable Object[]>();
        for (long i = first; i <= last; i++) {
            var row = new @Nullable Object[columns.size()];
            row[0] = i * span;
            for (int c = 1; c < row.length; c++) {
                var measure = chart.measures().get(chart.by() == null ? c - 1 : 0);
                row[c] = nothing(measure.aggregation());
            }
            rows.put(i, row);
        }
        return rows;
    }

    private static String name(@Nullable Object key) {
        return key == null ? "(none)" : String.valueOf(Values.text(key));
    }

    /** Adds a column for each of the most frequent values, and one for the others where their numbers can be put together. */
    private Map<String, Integer> series(
            Stage.Timechart chart, List<Group> groups, List<Column> columns, Column measure) {
        var totals = new HashMap<String, Long>();
        for (var group : groups) {
            totals.merge(name(group.keys().getLast()), group.events(), Long::sum);
        }
        var names = new ArrayList<>(totals.keySet());
        names.sort(Comparator.comparingLong((String name) -> totals.getOrDefault(name, 0L))
                .reversed()
                .thenComparing(Values::bytes));
        var places = new HashMap<String, Integer>();
        for (var name : names.subList(0, Math.min(chart.most(), names.size()))) {
            places.put(name, columns.size());
            columns.add(new Column(free(name, columns), measure.type()));
        }
        if (names.size() > chart.most()) {
            if (adds(chart)) {
                for (var name : names.subList(chart.most(), names.size())) {
                    places.put(name, columns.size());
                }
                columns.add(new Column(free("other", columns), measure.type()));
            } else {
                budget.cut((names.size() - chart.most()) + " further values of '" + chart.by()
                        + "' are not shown; limit=N shows more");
            }
        }
        return places;
    }

    private static String free(String name, List<Column> columns) {
        var wanted = name;
        while (taken(wanted, columns)) {
            wanted += "_";
        }
        return wanted;
    }

    private static boolean taken(String name, List<Column> columns) {
        return columns.stream().anyMatch(column -> column.name().equals(name));
    }

    private static boolean adds(Stage.Timechart chart) {
        var aggregation = chart.measures().getFirst().aggregation();
        return aggregation == Aggregation.COUNT || aggregation == Aggregation.SUM;
    }

    private static @Nullable Object merged(Stage.Timechart chart, @Nullable Object before, @Nullable Object more) {
        if (before == null || more == null || !adds(chart)) {
            return more == null ? before : more;
        }
        return before instanceof Long a && more instanceof Long b
                ? (Object) (a + b)
                : Values.finite(Values.number(before) + Values.number(more));
    }
}
