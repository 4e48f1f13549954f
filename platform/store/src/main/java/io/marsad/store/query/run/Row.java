package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row on its way through stages: an event and what was computed for it, or a row of a table.
 *
 * <p>Values are null, String, Long, Double, Boolean, or a List of those.
 */
final class Row {
    /** Of a table's rows there is none. */
    private @Nullable EventBatch batch;

    private static final @Nullable Object[] NONE = {};

    private int index;
    /** Computed columns, or a table's. */
    private @Nullable Object[] values;

    private Row(@Nullable EventBatch batch, int index, @Nullable Object[] values) {
        this.batch = batch;
        this.index = index;
        this.values = values;
    }

    static Row ofEvent(EventBatch batch, int index) {
        return new Row(batch, index, NONE);
    }

    static Row ofTable(@Nullable Object[] values) {
        return new Row(null, 0, values);
    }

    @Nullable
    Object get(int column) {
        return column < values.length ? values[column] : null;
    }

    void set(int column, @Nullable Object value) {
        if (column >= values.length) {
            values = Arrays.copyOf(values, column + 1);
        }
        values[column] = value;
    }

    EventBatch events() {
        var events = batch;
        if (events == null) {
            throw new IllegalStateException("a table's row is no event");
        }
        return events;
    }

    int index() {
        return index;
    }

    /** Makes the row its own: from now on it outlives the batch that it came in. */
    void keep() {
        var shared = batch;
        if (shared != null && shared.rows() > 1) {
            int first = shared.first(index);
            int entries = shared.end(index) - first;
            int bytes = shared.rawLength(index);
            for (int e = first; e < first + entries; e++) {
                bytes += shared.length(e);
            }
            var own = new EventBatch(shared.tenant(), 1, entries, bytes);
            own.copyRow(shared, index);
            batch = own;
            index = 0;
        }
    }

    /** What the row takes in memory, roughly. */
    long weight() {
        long weight = 64 + 16L * values.length;
        for (var value : values) {
            weight += Values.weight(value);
        }
        var events = batch;
        return events == null
                ? weight
                : weight + 400 + events.bytes() + 16L * (events.end(index) - events.first(index));
    }

    /** Newest first, as the store orders events. */
    static int newestFirst(Row a, Row b) {
        if (a.batch == null || b.batch == null) {
            return 0;
        }
        int c = Long.compare(b.batch.time(b.index), a.batch.time(a.index));
        c = c != 0 ? c : Long.compareUnsigned(b.batch.idHigh(b.index), a.batch.idHigh(a.index));
        return c != 0 ? c : Long.compareUnsigned(b.batch.idLow(b.index), a.batch.idLow(a.index));
    }
}
