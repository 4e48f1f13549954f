package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.EventSummary.Function;
import io.marsad.kernel.store.EventSummary.Measure;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.store.query.Stage;
import io.marsad.store.query.run.Column.Type;
import io.marsad.store.segment.RowSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a stage that makes groups wants: for the store to count, or to be counted from rows that come by. */
record Grouping(List<Stage.Key> keys, List<Stage.Measured> measures) {
    /** The most groups that are kept. */
    static final int MOST_GROUPS = 100_000;

    /** How many values {@code values} and {@code list} keep. */
    private static final int MOST_VALUES = 100;

    private static final int ROWS = 512;

    Grouping {
        keys = List.copyOf(keys);
        measures = List.copyOf(measures);
    }

    static Grouping of(Stage.Stats stats) {
        return new Grouping(stats.by(), stats.measures());
    }

    static Grouping of(Stage.Timechart chart, long spanMillis) {
        var keys = new ArrayList<Stage.Key>();
        keys.add(new Stage.BySpan(Shape.TIME, spanMillis));
        var by = chart.by();
        if (by != null) {
            keys.add(new Stage.ByField(by));
        }
        return new Grouping(keys, chart.measures());
    }

    static Grouping of(Stage.Frequent frequent) {
        var keys = new ArrayList<Stage.Key>();
        frequent.by().forEach(name -> keys.add(new Stage.ByField(name)));
        frequent.fields().forEach(name -> keys.add(new Stage.ByField(name)));
        return new Grouping(keys, List.of());
    }

    /** What the store is asked, or null when it cannot count this: something is computed, or is no field. */
    @Nullable
    EventSummary summary(Ask ask, Predicate where, Shape shape, java.time.Duration timeout) {
        var wanted = new ArrayList<EventSummary.Key>();
        for (var key : keys) {
            switch (key) {
                case Stage.BySpan(String name, long millis)
                when name.equals(Shape.TIME) && isField(name, shape, true) ->
                    wanted.add(new EventSummary.OfTime(millis));
                case Stage.ByField(String name)
                when isField(name, shape, false) -> wanted.add(new EventSummary.OfField(shape.slots(name)));
                case Stage.BySpan _, Stage.ByField _ -> {
                    return null;
                }
            }
        }
        var numbers = new ArrayList<Measure>();
        for (var measure : measures) {
            var name = measure.name();
            if (name != null && !isField(name, shape, false)) {
                return null;
            }
            numbers.add(measure(measure, name == null ? List.of() : shape.slots(name)));
        }
        return new EventSummary(ask.tenant(), ask.from(), ask.to(), where, wanted, numbers, MOST_GROUPS, timeout);
    }

    private static boolean isField(String name, Shape shape, boolean time) {
        boolean own = name.equals(Shape.TIME) ? time : !name.equals(Shape.ID);
        return !shape.isTable() && shape.find(name) < 0 && own;
    }

    private static Measure measure(Stage.Measured measured, List<Field> fields) {
        var function = switch (measured.aggregation()) {
            case COUNT -> Function.COUNT;
            case DC -> Function.DISTINCT;
            case SUM -> Function.SUM;
            case AVG -> Function.AVG;
            case MIN -> Function.MIN;
            case MAX -> Function.MAX;
            case PERC -> Function.PERCENTILE;
            case VALUES -> Function.VALUES;
            case LIST -> Function.LIST;
            case FIRST -> Function.FIRST;
            case LAST -> Function.LAST;
        };
        boolean many = function == Function.VALUES || function == Function.LIST;
        return new Measure(function, fields, measured.percentile(), many ? MOST_VALUES : 0);
    }

    /** What the columns of the groups' measures hold. */
    List<Column> columns(Shape shape) {
        var columns = new ArrayList<Column>();
        for (var measure : measures) {
            var name = measure.name();
            var of = name == null ? Type.ANY : shape.type(name);
            var type = switch (measure.aggregation()) {
                case COUNT, DC, SUM, AVG -> Type.NUMBER;
                case PERC -> of == Type.TIME ? Type.TIME : Type.NUMBER;
                case MIN, MAX -> of == Type.TIME ? Type.TIME : of == Type.NUMBER ? Type.NUMBER : Type.ANY;
                case FIRST, LAST -> of;
                case VALUES, LIST -> Type.LIST;
            };
            columns.add(new Column(measure.column(), type));
        }
        return columns;
    }

    /** Counts rows that come by, as the store would. */
    final class Counter implements Step {
        private final List<Computed> values = new ArrayList<>();
        private final List<Field> fields = new ArrayList<>();
        private final EventBatch batch;
        private final RowSummary summary;
        private final Budget budget;
        private final boolean table;
        private long rows;

        Counter(Ask ask, Shape shape, Budget budget) throws IOException {
            this.budget = budget;
            table = shape.isTable();
            batch = new EventBatch(ask.tenant());
            var wanted = new ArrayList<EventSummary.Key>();
            for (var key : keys) {
                wanted.add(
                        switch (key) {
                            case Stage.BySpan(String name, long millis)
                            when isField(name, shape, true) && !table && name.equals(Shape.TIME) ->
                                new EventSummary.OfTime(millis);
                            case Stage.BySpan(String name, long millis) -> {
                                var value = shape.get(name);
                                yield new EventSummary.OfField(List.of(add(row -> begin(value.of(row), millis))));
                            }
                            case Stage.ByField(String name) -> new EventSummary.OfField(List.of(add(shape.get(name))));
                        });
            }
            var numbers = new ArrayList<Measure>();
            for (var measured : measures) {
                var name = measured.name();
                numbers.add(measure(measured, name == null ? List.of() : List.of(add(shape.get(name)))));
            }
            summary = new RowSummary(new EventSummary(
                    ask.tenant(), 0, 1, Predicate.EVERYTHING, wanted, numbers, MOST_GROUPS, ask.timeout()));
        }

        private Field add(Computed value) {
            var field = Field.of("*" + fields.size());
            values.add(value);
            fields.add(field);
            return field;
        }

        private static @Nullable Object begin(@Nullable Object value, long millis) {
            double number = Values.number(value);
            return Values.finite(Math.floor(number / millis) * millis);
        }

        /** The order of a table's rows stands for time. */
        @Override
        public boolean take(Row row) throws IOException {
            if (table) {
                batch.beginRow(new EventId(0, rows), rows, -1, "");
            } else {
                var events = row.events();
                batch.beginRow(events.id(row.index()), events.time(row.index()), -1, "");
            }
            rows++;
            for (int i = 0; i < fields.size(); i++) {
                for (var item : Values.items(values.get(i).of(row))) {
                    var text = Values.text(item);
                    if (text != null) {
                        batch.add(fields.get(i), text);
                    }
                }
            }
            batch.endRow();
            return batch.rows() < ROWS && batch.bytes() < 1 << 20 || flush();
        }

        private boolean flush() throws IOException {
            boolean goOn = summary.add(batch);
            batch.clear();
            if (!goOn) {
                budget.end("the groups need more memory than one query may have");
            }
            return goOn;
        }

        @Override
        public void end() throws IOException {
            flush();
        }

        SummaryTable table() {
            return summary.table();
        }
    }
}
