package io.marsad.api.events;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.FieldCounts;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.CallerScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts what the store cannot count by itself: events that a rule looks at, which depends on their log source. Of the
 * caller's tenant.
 */
final class OfSources {
    /** More different values than this are not told apart. */
    private static final int MOST_VALUES = 100_000;

    /** Wanted where no field is: a scan without fields would give whole events. */
    private static final Field SMALL = Field.of("class_uid");

    private final EventStore store;
    private final Asked asked;
    private final LogSource source;
    private final long deadline;
    private long scanned;
    private boolean partial;

    OfSources(EventStore store, Asked asked, Duration limit) {
        this.store = store;
        this.asked = asked;
        source = asked.query().source();
        deadline = System.nanoTime() + limit.toNanos();
    }

    /** Whether the time limit came first. */
    boolean isPartial() {
        return partial;
    }

    private interface Each {
        void row(EventBatch rows, int row);
    }

    private void each(Set<Field> fields, Each each) throws IOException {
        var scan = new EventScan(
                CallerScope.tenant(), asked.from(), asked.to(), asked.query().predicate(), fields);
        store.scan(scan, (rows, progress) -> {
            for (int row = 0; row < rows.rows(); row++) {
                if (rows.source(row).satisfies(source)) {
                    each.row(rows, row);
                }
            }
            scanned = progress.scannedEvents();
            partial = System.nanoTime() > deadline;
            return !partial;
        });
    }

    /** @param width of a bucket, milliseconds */
    long[] histogram(int buckets, long width) throws IOException {
        var counts = new long[buckets];
        each(Set.of(SMALL), (rows, row) -> counts[(int) ((rows.time(row) - asked.from()) / width)]++);
        return counts;
    }

    FieldCounts fields() throws IOException {
        var counts = new HashMap<Integer, Long>();
        var seen = new HashSet<Integer>();
        var events = new long[1];
        each(Set.of(), (rows, row) -> {
            events[0]++;
            seen.clear();
            for (int e = rows.first(row), end = rows.end(row); e < end; e++) {
                if (rows.type(e) != EventBatch.NULL && seen.add(rows.field(e))) {
                    counts.merge(rows.field(e), 1L, Long::sum);
                }
            }
        });
        var found = new ArrayList<FieldCounts.Count>();
        counts.forEach((field, count) -> found.add(new FieldCounts.Count(Field.byId(field), count)));
        found.sort(Comparator.comparingLong(FieldCounts.Count::events)
                .reversed()
                .thenComparing(count -> count.field().path()));
        return new FieldCounts(found, events[0], partial, scanned, 0);
    }

    /** The values of the first of these fields that an event has, most frequent first. */
    SummaryTable values(List<Field> fields, int most) throws IOException {
        Map<String, Long> counts = new HashMap<>();
        var numbers = new long[2]; // events, events without any
        var own = new HashSet<String>();
        each(Set.copyOf(fields), (rows, row) -> {
            numbers[0]++;
            own.clear();
            values(rows, row, fields, own);
            if (own.isEmpty()) {
                numbers[1]++;
            }
            for (var value : own) {
                if (counts.size() < MOST_VALUES || counts.containsKey(value)) {
                    counts.merge(value, 1L, Long::sum);
                } else {
                    partial = true;
                }
            }
        });
        var groups = new ArrayList<SummaryTable.Group>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry ->
                        groups.add(new SummaryTable.Group(List.of(entry.getKey()), entry.getValue(), List.of())));
        if (numbers[1] > 0) {
            groups.add(new SummaryTable.Group(Collections.singletonList(null), numbers[1], List.of()));
        }
        return new SummaryTable(groups, numbers[0], Math.max(0, counts.size() - most), partial, scanned, 0);
    }

    private static void values(EventBatch rows, int row, List<Field> fields, Set<String> into) {
        for (var field : fields) {
            for (int e = rows.first(row), end = rows.end(row); e < end; e++) {
                if (rows.field(e) == field.id() && rows.type(e) != EventBatch.NULL) {
                    into.add(rows.text(e));
                }
            }
            if (!into.isEmpty()) {
                return;
            }
        }
    }
}
