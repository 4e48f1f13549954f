package io.marsad.store.query;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands between two {@code |}, as written. */
public sealed interface Stage {
    /** The filter language once more, over what the stages before have made. */
    record Where(Expression condition) implements Stage {}

    record Stats(List<Measured> measures, List<Key> by) implements Stage {
        public Stats {
            measures = List.copyOf(measures);
            by = List.copyOf(by);
        }
    }

    /**
     * A table over time with a row for every span, also for empty ones.
     *
     * @param spanMillis 0: as fits the time range
     * @param by a column for each of the most frequent values of this field, or null
     * @param most how many such columns; the others are one more
     */
    record Timechart(
            long spanMillis,
            List<Measured> measures,
            @Nullable String by,
            int most) implements Stage {
        public Timechart {
            measures = List.copyOf(measures);
        }
    }

    /** The most frequent combinations of values, or the least. */
    record Frequent(boolean rare, int most, List<String> fields, List<String> by) implements Stage {
        public Frequent {
            fields = List.copyOf(fields);
            by = List.copyOf(by);
        }
    }

    record Sort(List<Order> orders) implements Stage {
        public Sort {
            orders = List.copyOf(orders);
        }
    }

    record Order(String name, boolean descending) {}

    record Head(int rows) implements Stage {}

    record Tail(int rows) implements Stage {}

    /** Keeps these columns only, or drops them. */
    record Fields(boolean drop, List<String> names) implements Stage {
        public Fields {
            names = List.copyOf(names);
        }
    }

    /** The first row of each combination of values. */
    record Dedup(List<String> names) implements Stage {
        public Dedup {
            names = List.copyOf(names);
        }
    }

    record Eval(List<Assignment> assignments) implements Stage {
        public Eval {
            assignments = List.copyOf(assignments);
        }
    }

    record Assignment(String name, Value value) {}

    record Rename(List<Renaming> renamings) implements Stage {
        public Rename {
            renamings = List.copyOf(renamings);
        }
    }

    record Renaming(String from, String to) {}

    /** @param output none: every column of the list */
    record Lookup(String list, String on, List<Renaming> output) implements Stage {
        public Lookup {
            output = List.copyOf(output);
        }
    }

    /** What rows are grouped by. */
    sealed interface Key {
        /** What its column is called. */
        String column();
    }

    record ByField(String name) implements Key {
        @Override
        public String column() {
            return name;
        }
    }

    record BySpan(String name, long millis) implements Key {
        @Override
        public String column() {
            return name;
        }
    }

    /**
     * One number or value of a group.
     *
     * @param name null for {@link Aggregation#COUNT} of rows
     * @param percentile of {@link Aggregation#PERC}, else 0
     * @param column what its column is called
     */
    record Measured(Aggregation aggregation, @Nullable String name, double percentile, String column) {
        /** What the column is called when the query does not say. */
        static String column(Aggregation aggregation, @Nullable String name, double percentile) {
            var word = aggregation == Aggregation.PERC ? "p" + Printer.number(percentile) : aggregation.word();
            return name == null ? word : word + "_" + name;
        }
    }

    /** The kinds of measures. */
    enum Aggregation {
        COUNT,
        DC,
        SUM,
        AVG,
        MIN,
        MAX,
        PERC,
        VALUES,
        LIST,
        FIRST,
        LAST;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
