package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SummaryTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Groups the rows that fit and measures the groups. One thread. */
final class Summary implements Walk.Visitor {
    /** Beyond this in memory a summary ends, and says that it is partial. */
    private static final long MOST_BYTES = 256L << 20;

    private final EventSummary summary;
    private final Pace pace;
    private final Groups groups;
    /** For each measure, or null where it is the number of events. */
    private final @Nullable Measuring[] measures;

    /** Nothing but events by one field's values is counted. */
    private final boolean counted;

    private long[] events = new long[64];

    /** Of the row being read: the groups that it is in, and another such list. */
    private int[] current = new int[8];

    private int[] next = new int[8];

    Summary(EventSummary summary, Pace pace) {
        this.summary = summary;
        this.pace = pace;
        groups = new Groups(summary.keys());
        measures = new Measuring[summary.measures().size()];
        counted = summary.keys().size() == 1
                && summary.keys().getFirst() instanceof EventSummary.OfField
                && summary.measures().stream().allMatch(Summary::ofEvents);
        for (int m = 0; m < measures.length; m++) {
            var measure = summary.measures().get(m);
            measures[m] = ofEvents(measure) ? null : Measuring.of(measure);
        }
    }

    private static boolean ofEvents(EventSummary.Measure measure) {
        return measure.function() == EventSummary.Function.COUNT
                && measure.fields().isEmpty();
    }

    SummaryTable run(Walk walk, List<Part> parts) throws IOException {
        walk.over(parts, this);
        return table();
    }

    /** What reads a part's rows. */
    private interface Source {
        RowValues values(List<Field> fields) throws IOException;

        long time(int row) throws IOException;

        Measuring.Moment moment(int row) throws IOException;
    }

    @Override
    public boolean onlyCounts() {
        return summary.keys().isEmpty() && Arrays.stream(measures).allMatch(m -> m == null);
    }

    @Override
    public void counted(int rows) {
        if (rows > 0) {
            count(0, rows);
            pace.found += rows;
        }
    }

    @Override
    public boolean whole(Block block) {
        if (onlyCounts()) {
            count(0, block.rows);
            pace.found += block.rows;
            return true;
        }
        return false;
    }

    @Override
    public void stored(BlockReader block, BitSet rows) throws IOException {
        if (counted && rows.cardinality() == block.rows() && column(block)) {
            pace.found += block.rows();
            return;
        }
        read(rows, new Source() {
            @Override
            public RowValues values(List<Field> fields) throws IOException {
                return new RowValues.Stored(block, fields);
            }

            @Override
            public long time(int row) throws IOException {
                return block.times()[row];
            }

            @Override
            public Measuring.Moment moment(int row) throws IOException {
                return new Measuring.Moment(time(row), block.idHigh(row), block.idLow(row));
            }
        });
    }

    /** Counts all of a block's rows by a column's values without looking at rows; false when it is not that simple. */
    private boolean column(BlockReader block) throws IOException {
        if (!(summary.keys().getFirst() instanceof EventSummary.OfField(var fields))) {
            return false;
        }
        var there = fields.stream()
                .mapToInt(field -> block.directory.column(field.id()))
                .filter(c -> c >= 0)
                .toArray();
        if (there.length == 0) {
            count(0, block.rows());
            return true;
        }
        if (there.length > 1 || !block.isSingle(there[0])) {
            return false;
        }
        var column = block.column(there[0]);
        var values = groups.values(0);
        count(0, block.rows() - column.info.count());
        var frequencies = column.info.dictionary() ? column.frequencies() : null;
        for (int page = 0; page < column.pages(); page++) {
            int n = column.values(page);
            var ids = values.ids(column.data(page), column.starts(page), n);
            for (int i = 0; i < n; i++) {
                count(ids[i], frequencies == null ? 1 : frequencies[i]);
            }
        }
        return true;
    }

    @Override
    public void open(EventBatch batch, BitSet rows) throws IOException {
        read(rows, new Source() {
            @Override
            public RowValues values(List<Field> fields) {
                return new RowValues.Open(batch, fields);
            }

            @Override
            public long time(int row) {
                return batch.time(row);
            }

            @Override
            public Measuring.Moment moment(int row) {
                return new Measuring.Moment(batch.time(row), batch.idHigh(row), batch.idLow(row));
            }
        });
    }

    private void read(BitSet rows, Source source) throws IOException {
        var keys = new @Nullable RowValues[summary.keys().size()];
        for (int k = 0; k < keys.length; k++) {
            keys[k] = summary.keys().get(k) instanceof EventSummary.OfField(var fields) ? source.values(fields) : null;
        }
        var values = new @Nullable RowValues[measures.length];
        for (int m = 0; m < values.length; m++) {
            values[m] = measures[m] == null
                    ? null
                    : source.values(summary.measures().get(m).fields());
        }
        int read = 0;
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            int n = group(keys, source, r);
            for (int g = 0; g < n; g++) {
                count(current[g], 1);
            }
            measure(values, source, r, n);
            pace.found++;
            if ((++read & 1023) == 0 && !pace.goOn()) {
                return;
            }
        }
    }

    /** Puts the row's groups into {@link #current} and returns how many there are. */
    private int group(@Nullable RowValues[] keys, Source source, int row) throws IOException {
        current[0] = 0;
        int n = 1;
        for (int k = 0; k < keys.length; k++) {
            var values = keys[k];
            if (values != null) {
                n = ofValues(k, values, row, n);
            } else if (summary.keys().get(k) instanceof EventSummary.OfTime(long span)) {
                int number = groups.time(k, source.time(row), span);
                for (int g = 0; g < n; g++) {
                    current[g] = groups.group(current[g], k, number);
                }
            }
        }
        return n;
    }

    private int ofValues(int key, RowValues values, int row, int before) throws IOException {
        int count = values.read(row);
        if (count <= 1) {
            int number = count == 0 ? 0 : values.id(0, groups.values(key));
            for (int g = 0; g < before; g++) {
                current[g] = groups.group(current[g], key, number);
            }
            return before;
        }
        int n = 0;
        for (int v = 0; v < count; v++) {
            int number = values.id(v, groups.values(key));
            for (int g = 0; g < before; g++) {
                int group = groups.group(current[g], key, number);
                boolean known = false;
                for (int i = 0; i < n && !known; i++) {
                    known = next[i] == group;
                }
                if (!known) {
                    next = n < next.length ? next : Arrays.copyOf(next, n * 2);
                    next[n++] = group;
                }
            }
        }
        var swap = current;
        current = next;
        next = swap;
        return n;
    }

    private void measure(@Nullable RowValues[] values, Source source, int row, int n) throws IOException {
        for (int m = 0; m < values.length; m++) {
            var of = values[m];
            var measure = measures[m];
            if (of != null && measure != null) {
                int count = of.read(row);
                for (int g = 0; g < n && count > 0; g++) {
                    measure.add(current[g], of, count, () -> source.moment(row));
                }
            }
        }
    }

    private void count(int group, long by) {
        if (group >= events.length) {
            events = Arrays.copyOf(events, Measuring.room(group, events.length));
        }
        events[group] += by;
    }

    @Override
    public void done() {
        long weight = groups.weight() + events.length * 8L;
        for (var measure : measures) {
            weight += measure == null ? 0 : measure.weight();
        }
        if (weight > MOST_BYTES) {
            pace.end();
        }
    }

    SummaryTable table() {
        Comparator<Integer> order =
                (a, b) -> events[a] != events[b] ? Long.compare(events[b], events[a]) : groups.compare(a, b);
        var best = new PriorityQueue<>(order.reversed());
        long dropped = 0;
        for (int g = 0; g < events.length; g++) {
            if (events[g] == 0) {
                continue;
            }
            if (best.size() < summary.maxGroups()) {
                best.add(g);
                continue;
            }
            dropped++;
            if (events[g] >= events[best.element()] && order.compare(g, best.element()) < 0) {
                best.remove();
                best.add(g);
            }
        }
        var table = best.stream().sorted(order).map(this::group).toList();
        return new SummaryTable(table, pace.found, dropped, pace.ended(), pace.scannedEvents, pace.tookNanos());
    }

    private SummaryTable.Group group(int group) {
        var results = new ArrayList<@Nullable Object>();
        for (var measure : measures) {
            results.add(measure == null ? (Object) events[group] : measure.result(group));
        }
        return new SummaryTable.Group(groups.keys(group), events[group], results);
    }
}
