package io.marsad.store.query.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stages that have to hold rows back. What they hold is bounded. */
final class Sorting {
    /** The most combinations of values that are told apart. */
    static final int MOST_COMBINATIONS = 100_000;

    private Sorting() {}

    /** One order of several, by a value; rows without one come last. */
    record By(Computed value, boolean descending) {
        int compare(Row a, Row b) {
            var left = Values.scalar(value.of(a));
            var right = Values.scalar(value.of(b));
            if (left == null || right == null) {
                return left == right ? 0 : left == null ? 1 : -1;
            }
            int c = Values.compare(left, right);
            return descending ? -c : c;
        }
    }

    /** A row and how many came before it: the order of rows that are equal otherwise. */
    private record Place(Row row, long number) {}

    /**
     * Gives the first rows in order when all are there.
     *
     * @param all whether rows beyond the most are missed by somebody, which the answer then says
     */
    static Step sort(List<By> orders, int most, boolean all, Budget budget, Step next) {
        Comparator<Place> comparator = (a, b) -> {
            for (var order : orders) {
                int c = order.compare(a.row, b.row);
                if (c != 0) {
                    return c;
                }
            }
            int c = Row.newestFirst(a.row, b.row);
            return c != 0 ? c : Long.compare(a.number, b.number);
        };
        return new Step() {
            private final PriorityQueue<Place> kept = new PriorityQueue<>(comparator.reversed());
            private long seen;

            @Override
            public boolean take(Row row) {
                var place = new Place(row, seen++);
                if (kept.size() == most) {
                    if (all) {
                        budget.cut("sort kept the first " + most + " rows only");
                    }
                    if (comparator.compare(place, kept.element()) >= 0) {
                        return true;
                    }
                    budget.take(-kept.remove().row.weight());
                }
                row.keep();
                kept.add(place);
                return budget.take(row.weight());
            }

            @Override
            public void end() throws IOException {
                var sorted = new ArrayList<>(kept);
                sorted.sort(comparator);
                kept.clear();
                for (var place : sorted) {
                    if (!next.take(place.row)) {
                        break;
                    }
                }
                next.end();
            }
        };
    }

    /** The last rows. */
    static Step tail(int rows, Budget budget, Step next) {
        return new Step() {
            private final ArrayDeque<Row> kept = new ArrayDeque<>();

            @Override
            public boolean take(Row row) {
                if (kept.size() == rows) {
                    budget.take(-kept.removeFirst().weight());
                }
                row.keep();
                kept.add(row);
                return budget.take(row.weight());
            }

            @Override
            public void end() throws IOException {
                for (var row : kept) {
                    if (!next.take(row)) {
                        break;
                    }
                }
                next.end();
            }
        };
    }

    /** The first row of each combination of values; none counts as a value. */
    static Step dedup(List<Computed> of, Budget budget, Step next) {
        return new Step() {
            private final Set<List<@Nullable Object>> seen = new HashSet<>();

            @Override
            public boolean take(Row row) throws IOException {
                var key = new ArrayList<@Nullable Object>(of.size());
                long weight = 80;
                for (var one : of) {
                    var value = one.of(row);
                    weight += Values.weight(value);
                    key.add(value);
                }
                if (seen.contains(key)) {
                    return true;
                }
                if (seen.size() == MOST_COMBINATIONS) {
                    budget.cut("dedup told the first " + MOST_COMBINATIONS + " combinations of values apart only");
                    return false;
                }
                seen.add(key);
                return budget.take(weight) && next.take(row);
            }

            @Override
            public void end() throws IOException {
                next.end();
            }
        };
    }
}
