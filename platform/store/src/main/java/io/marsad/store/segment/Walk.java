package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes over the parts that a question touches and finds in each the rows that fit. One thread. */
final class Walk {
    private final long from;
    private final long to;
    private final Selection selection;
    private final BlockCache cache;
    private final Pace pace;

    /** What is done with them. */
    interface Visitor {
        /** Every row of the block fits. Returns true when knowing that was enough. */
        default boolean whole(Block block) {
            return false;
        }

        /** Is it enough to know how many rows fit? */
        default boolean onlyCounts() {
            return false;
        }

        /** So many of a block's rows fit; only for who {@link #onlyCounts}. */
        default void counted(int rows) {}

        /** At least one row fits. */
        void stored(BlockReader block, BitSet rows) throws IOException;

        /** At least one row fits. */
        void open(EventBatch batch, BitSet rows) throws IOException;

        /** A part is done, whatever it had. */
        default void done() {}
    }

    Walk(long from, long to, Selection selection, BlockCache cache, Pace pace) {
        this.from = from;
        this.to = to;
        this.selection = selection;
        this.cache = cache;
        this.pace = pace;
        selection.pace(pace);
    }

    /** What of the parts is in the time range; their bytes are what there is to do. */
    List<Part> touched(List<Part> parts) {
        var touched = parts.stream()
                .filter(part -> part.maxTime() >= from && part.minTime() < to)
                .toList();
        pace.totalBytes = touched.stream().mapToLong(Part::bytes).sum();
        return touched;
    }

    /** Over all of them, which are {@link #touched}, until the pace says it is enough; what was begun then does not count. */
    void over(List<Part> parts, Visitor visitor) throws IOException {
        for (var part : parts) {
            if (!pace.goOn()) {
                return;
            }
            switch (part) {
                case Part.Open(EventBatch batch, long min, long max) -> open(batch, visitor);
                case Part.Stored(Block block) -> stored(block, visitor);
            }
            pace.scannedBytes += part.bytes();
            visitor.done();
        }
    }

    private void open(EventBatch batch, Visitor visitor) throws IOException {
        var fitting = new BitSet(batch.rows());
        pace.scannedEvents += batch.rows();
        if (!selection.mayFit(batch)) {
            return;
        }
        for (int r = 0; r < batch.rows(); r++) {
            if (batch.time(r) >= from && batch.time(r) < to && selection.test(batch, r)) {
                fitting.set(r);
            }
            if ((r & 255) == 255 && !pace.goOn()) {
                return;
            }
        }
        if (!fitting.isEmpty()) {
            visitor.open(batch, fitting);
        }
    }

    private void stored(Block block, Visitor visitor) throws IOException {
        boolean inside = block.minTime >= from && block.maxTime < to;
        if (inside && selection.everything() && visitor.whole(block)) {
            pace.scannedEvents += block.rows;
            return;
        }
        try {
            var reader = open(block);
            if (reader == null) {
                return;
            }
            int known = inside && visitor.onlyCounts() ? selection.count(reader) : -1;
            if (known >= 0) {
                if (!pace.ended()) {
                    visitor.counted(known);
                }
                return;
            }
            var rows = candidates(reader, inside ? Long.MIN_VALUE : from);
            if (!rows.isEmpty() && !selection.everything()) {
                rows = selection.select(reader, rows);
            }
            if (!rows.isEmpty() && !pace.ended()) {
                visitor.stored(reader, rows);
            }
        } catch (DamagedException e) {
            throw new Search.DamagedBlock(block, e);
        }
    }

    /** A reader of the block, or null when its filter says that nothing in it fits. */
    @Nullable
    BlockReader open(Block block) throws IOException {
        var directory = cache.directory(block);
        BlockFilter filter = null;
        if (!selection.everything()) {
            filter = cache.filter(directory);
            if (!selection.mayFit(directory, filter)) {
                return null;
            }
        }
        pace.scannedEvents += block.rows;
        return new BlockReader(directory, cache.pages(), filter);
    }

    /** The rows from a time on, which may be later than the walk's, that are before the walk's end. */
    BitSet candidates(BlockReader reader, long notBefore) throws IOException {
        int n = reader.rows();
        var rows = new BitSet(n);
        if (notBefore <= reader.minTime() && reader.maxTime() < to) {
            rows.set(0, n);
            return rows;
        }
        var times = reader.times();
        for (int r = 0; r < n; r++) {
            if (times[r] >= notBefore && times[r] < to) {
                rows.set(r);
            }
        }
        return rows;
    }
}
