package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes some of a tenant's segments anew: full blocks, sorted by time, a day of receipt and a time to be kept in files of
 * their own, without what has expired. The old files stay as they are until the new ones are in the manifest.
 */
final class Tidying {
    private static final int EVENT_CLASS = Field.of("class_uid").id();

    private final Partition partition;
    private final TenantRows tenant;
    private final List<Segment> inputs;
    private final Retention retention;
    private final long now;
    private final Map<List<Long>, TidyFile> outputs = new HashMap<>();
    private long rows;
    private long dropped;

    Tidying(Partition partition, TenantRows tenant, List<Segment> inputs, Retention retention, long now) {
        this.partition = partition;
        this.tenant = tenant;
        this.inputs = inputs;
        this.retention = retention;
        this.now = now;
    }

    /** Rows that had expired. */
    long dropped() {
        return dropped;
    }

    /**
     * Returns the new segments, durable but in no manifest.
     *
     * @throws Search.DamagedBlock when a block cannot be read; nothing is left of the work
     */
    List<Segment> run(Throttle throttle) throws IOException {
        var fresh = new ArrayList<Segment>();
        boolean finished = false;
        try (var encoder = new BlockEncoder()) {
            for (var block : blocks()) {
                long started = System.nanoTime();
                copy(block, encoder);
                throttle.worked(System.nanoTime() - started);
            }
            for (var output : outputs.values()) {
                fresh.addAll(output.finish());
            }
            if (!fresh.isEmpty()) {
                partition.shared.out().disk().syncFolder(tenant.directory);
            }
            finished = true;
            return fresh;
        } finally {
            if (!finished) {
                for (var output : outputs.values()) {
                    for (var file : output.begun()) {
                        partition.shared.out().disk().delete(file);
                    }
                }
            }
        }
    }

    private List<Block> blocks() throws IOException {
        var blocks = new ArrayList<Block>();
        for (var segment : inputs) {
            var here = segment.blocks(partition.shared.files(), partition.shared.damage());
            if (here.stream().mapToLong(b -> b.rows).sum() != segment.rows) {
                throw new DamagedException(Damage.name(segment.file) + " has blocks that cannot be read");
            }
            blocks.addAll(here);
        }
        blocks.sort(Comparator.comparingLong(b -> b.minTime));
        return blocks;
    }

    private void copy(Block block, BlockEncoder encoder) throws IOException {
        var batch = new EventBatch(tenant.tenant, block.rows, block.rows * 16, block.rows * 256);
        fetch(block, batch, partition.shared.files());
        for (int r = 0; r < batch.rows(); r++) {
            int eventClass = eventClass(batch, r);
            int days = retention.daysOf(eventClass);
            rows++;
            if (batch.received(r) < Retention.cutoff(days, now)) {
                dropped++;
                continue;
            }
            outputs.computeIfAbsent(
                            List.of(Partition.day(batch.received(r)), (long) days),
                            _ -> new TidyFile(partition.shared, tenant, encoder, this::number, this::file))
                    .add(batch, r, eventClass);
        }
    }

    /** All rows of a block. */
    static void fetch(Block block, EventBatch into, OpenFiles files) throws IOException {
        try {
            if (block.damaged) {
                throw new DamagedException("was found damaged before");
            }
            var reader = new BlockReader(block.readDirectory(files), files);
            var all = new BitSet();
            all.set(0, block.rows);
            reader.fetch(reader.cursor(), all, into);
        } catch (DamagedException e) {
            throw new Search.DamagedBlock(block, e);
        }
    }

    private static int eventClass(EventBatch batch, int row) {
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (batch.field(e) == EVENT_CLASS) {
                return number(batch, e);
            }
        }
        return 0;
    }

    /** A value that is no number of some digits is no class. */
    private static int number(EventBatch batch, int entry) {
        int length = batch.length(entry);
        if (length == 0 || length > 9) {
            return 0;
        }
        int value = 0;
        for (int i = batch.offset(entry); i < batch.offset(entry) + length; i++) {
            int digit = batch.arena()[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private long number() {
        synchronized (partition) {
            return tenant.takeNumber();
        }
    }

    private Path file(long number) {
        return partition.segmentFile(tenant.directory, number);
    }
}
