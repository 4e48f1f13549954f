package io.marsad.store.log;

import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded event log: a folder of checksummed segment files for each partition. An append returns after the
 * fdatasync that its bytes are in; appends of many threads share one. Opening it looks for damage: a tail that was torn
 * by a crash is cut off, flipped bits are skipped up to the next whole batch; both are in {@link #damage}.
 *
 * <p>Thread-safe; virtual threads may append and read. An interrupt never ends an append early.
 */
public final class SegmentLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

    private final List<LogPartition> partitions = new ArrayList<>();
    private final DamageList damage = new DamageList();
    private @Nullable Thread scrub;
    private volatile boolean closed;

    private SegmentLog() {}

    /**
     * Opens the log, making it when the folder is empty. One process at a time may have it open; the caller sees to that.
     *
     * @param random names the segments' markers: a source that nobody can guess
     * @param processed for a partition, the offset that its reader goes on from: a log that ends earlier (it was lost or
     *     put back from a copy) goes on there, so that no offset is given twice
     * @throws IOException when the folder is not a log with so many partitions, or cannot be read or written
     */
    public static SegmentLog open(
            LogConfig config, Disk files, InstantSource clock, RandomGenerator random, IntToLongFunction processed)
            throws IOException {
        files.makeFolder(config.folder());
        long there = files.list(config.folder()).stream()
                .filter(n -> n.matches("p\\d{3}"))
                .count();
        if (there > 0 && there != config.partitions()) {
            throw new IOException("the event log was made with " + there + " partitions, and " + config.partitions()
                    + " are configured; that cannot be changed once it holds records");
        }
        var log = new SegmentLog();
        try {
            for (int p = 0; p < config.partitions(); p++) {
                var partition =
                        new LogPartition(config, p, new SegmentSet(config, files, p, clock, random, log.damage));
                log.partitions.add(partition);
                partition.open(processed.applyAsLong(p));
            }
            files.syncFolder(config.folder());
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        log.startScrub();
        return log;
    }

    private void startScrub() {
        var upTo = partitions.stream().mapToLong(p -> p.segments().lastBase()).toArray();
        boolean any = false;
        for (int p = 0; p < upTo.length; p++) {
            any |= partitions.get(p).segments().firstOffset() < upTo[p];
        }
        if (any) {
            scrub = Thread.ofPlatform().daemon().name("log-scrub").start(() -> scrub(upTo));
        }
    }

    /** Reads through what was there on start but the last segments, which recovery has read: for its damage. */
    private void scrub(long[] upTo) {
        for (int p = 0; p < upTo.length; p++) {
            var partition = partitions.get(p);
            try (var reader = new SegmentReader(partition, partition.segments().firstOffset())) {
                boolean more = true;
                while (more && !closed) {
                    more = reader.step(upTo[p]) != null;
                }
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("event log, partition {}: could not be read through for damage", p, e);
                }
            }
        }
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public int partitionOf(TenantId tenant) {
        int hash = tenant.value().hashCode() * 0x9E3779B1;
        return Math.floorMod(hash ^ hash >>> 16, partitions.size());
    }

    @Override
    public long append(RecordBatch batch) throws IOException, LogFullException {
        return partitions.get(partitionOf(batch.tenant())).append(batch);
    }

    @Override
    public Reader read(int partition, long fromOffset) {
        return new SegmentReader(partitions.get(partition), fromOffset);
    }

    @Override
    public long firstOffset(int partition) {
        return partitions.get(partition).segments().firstOffset();
    }

    @Override
    public long endOffset(int partition) {
        return partitions.get(partition).end();
    }

    @Override
    public void release(int partition, long offset) {
        partitions.get(partition).segments().release(offset);
    }

    @Override
    public List<Damage> damage() {
        return damage.list();
    }

    @Override
    public long bytes() {
        return partitions.stream().mapToLong(p -> p.segments().bytes()).sum();
    }

    /** Writes what waits, then closes. */
    @Override
    public void close() throws IOException {
        closed = true;
        IOException first = null;
        for (var partition : partitions) {
            try {
                partition.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
