package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.FieldCounts;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Counts which fields events have: by shapes, so that no value is read. One thread. */
final class FieldCounting implements Walk.Visitor {
    private final Set<Field> only;
    private final Pace pace;
    private long[] events = new long[1024];
    /** For each field the row or shape that it was seen in last, so that it counts once in it. */
    private long[] seen = new long[1024];

    private long mark;

    FieldCounting(Set<Field> only, Pace pace) {
        this.only = only;
        this.pace = pace;
    }

    FieldCounts run(Walk walk, List<Part> parts) throws IOException {
        walk.over(parts, this);
        var counts = IntStream.range(0, events.length)
                .filter(f -> events[f] > 0)
                .mapToObj(f -> new FieldCounts.Count(Field.byId(f), events[f]))
                .filter(count -> only.isEmpty() || only.contains(count.field()))
                .sorted(Comparator.comparingLong(FieldCounts.Count::events)
                        .reversed()
                        .thenComparing(count -> count.field().path()))
                .toList();
        return new FieldCounts(counts, pace.found, pace.ended(), pace.scannedEvents, pace.tookNanos());
    }

    @Override
    public void stored(BlockReader block, BitSet rows) throws IOException {
        var shapes = block.shapes();
        var shapeOf = block.shapeOf();
        var count = new int[shapes.length];
        int found = 0;
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            count[shapeOf[r]]++;
            found++;
        }
        for (int s = 0; s < shapes.length; s++) {
            if (count[s] > 0) {
                mark++;
                for (int entry : shapes[s]) {
                    count(block.directory.columns[entry >>> 2].field(), (byte) ((entry & 3) + 1), count[s]);
                }
            }
        }
        pace.found += found;
    }

    @Override
    public void open(EventBatch batch, BitSet rows) {
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            mark++;
            for (int e = batch.first(r), end = batch.end(r); e < end; e++) {
                count(batch.field(e), batch.type(e), 1);
            }
            pace.found++;
        }
    }

    private void count(int field, byte type, int times) {
        if (type == EventBatch.NULL) {
            return;
        }
        if (field >= events.length) {
            int size = Math.max(field + 1, events.length * 2);
            events = Arrays.copyOf(events, size);
            seen = Arrays.copyOf(seen, size);
        }
        if (seen[field] != mark) {
            seen[field] = mark;
            events[field] += times;
        }
    }
}
