package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one kind (a day of receipt, kept equally long) into new segments: sorted by time as far as a window of
 * memory goes, in full blocks. Not durable before {@link #finish}. One thread.
 */
final class TidyFile {
    static final int BLOCK_ROWS = Partition.BLOCK_ROWS;
    private static final int WINDOW_ROWS = 8 * BLOCK_ROWS;
    private static final int WINDOW_BYTES = 24 << 20;

    private final Partition.Shared shared;
    private final TenantRows tenant;
    private final BlockEncoder encoder;
    private final LongSupplier numbers;
    private final LongFunction<Path> files;
    private final List<Segment> done = new ArrayList<>();
    private final TreeSet<Integer> classes = new TreeSet<>();
    private EventBatch window;
    private @Nullable Segment growing;

    TidyFile(
            Partition.Shared shared,
            TenantRows tenant,
            BlockEncoder encoder,
            LongSupplier numbers,
            LongFunction<Path> files) {
        this.shared = shared;
        this.tenant = tenant;
        this.encoder = encoder;
        this.numbers = numbers;
        this.files = files;
        this.window = new EventBatch(tenant.tenant);
    }

    void add(EventBatch from, int row, int eventClass) throws IOException {
        window.copyRow(from, row);
        classes.add(eventClass);
        if (window.rows() >= WINDOW_ROWS || window.bytes() >= WINDOW_BYTES) {
            write(window.rows() / 2);
        }
    }

    /** Writes at least so many of the window's rows, the oldest. */
    private void write(int least) throws IOException {
        var rows = new ArrayList<Integer>(window.rows());
        for (int r = 0; r < window.rows(); r++) {
            rows.add(r);
        }
        rows.sort(Comparator.<Integer>comparingLong(window::time).thenComparingLong(window::logOffset));
        int at = 0;
        while (at < least) {
            var block = new EventBatch(tenant.tenant, BLOCK_ROWS, BLOCK_ROWS * 16, BLOCK_ROWS * 256);
            while (at < rows.size() && block.rows() < BLOCK_ROWS && block.bytes() < Partition.BLOCK_BYTES) {
                block.copyRow(window, rows.get(at++));
            }
            write(block);
        }
        var rest = new EventBatch(tenant.tenant);
        for (; at < rows.size(); at++) {
            rest.copyRow(window, rows.get(at));
        }
        window = rest;
    }

    private void write(EventBatch rows) throws IOException {
        var chunks = List.of(rows);
        var block = encoder.encode(chunks, 0, true);
        var segment = growing;
        if (segment != null && segment.length + block.size > shared.options().segmentBytes()) {
            close(segment);
            segment = null;
        }
        if (segment == null) {
            long number = numbers.getAsLong();
            segment = Segment.empty(files.apply(number), number);
            growing = segment;
        }
        shared.out().write(segment.file, segment.length, block.bytes, block.size);
        var parsed = Block.parse(block.bytes, 0, segment.file, segment.length);
        growing = segment.plus(parsed, SegmentFacts.Rows.of(chunks), shared.files(), shared.damage());
    }

    private void close(Segment segment) throws IOException {
        shared.out().sync(segment.file);
        done.add(segment.tidied(classes));
        growing = null;
    }

    /** Writes the rest and makes all of it durable, but for the files' names. */
    List<Segment> finish() throws IOException {
        write(window.rows());
        if (growing != null) {
            close(growing);
        }
        return done;
    }

    /** The files that were begun. */
    List<Path> begun() {
        var all = new ArrayList<Path>();
        done.forEach(segment -> all.add(segment.file));
        if (growing != null) {
            all.add(growing.file);
        }
        return all;
    }
}
