package io.marsad.store.log;

import io.marsad.kernel.log.EventLog.Damage;
import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFile;
import io.marsad.store.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a partition, by first offset: which there are, how much space they take, which may go. Thread-safe;
 * only the committer rolls.
 */
final class SegmentSet {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

    private final LogConfig config;
    private final Disk files;
    private final Path folder;
    private final int partition;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final DamageList damage;

    private final ConcurrentSkipListMap<Long, LogSegment> segments = new ConcurrentSkipListMap<>();
    private final AtomicLong usedBytes = new AtomicLong();
    private final ReentrantLock dropping = new ReentrantLock();
    private volatile long released;

    SegmentSet(
            LogConfig config,
            Disk files,
            int partition,
            InstantSource clock,
            RandomGenerator random,
            DamageList damage) {
        this.config = config;
        this.files = files;
        this.folder = config.folder().resolve(String.format(Locale.ROOT, "p%03d", partition));
        this.partition = partition;
        this.clock = clock;
        this.random = random;
        this.damage = damage;
    }

    /** Finds what there is and returns the offset that the partition goes on at: the given one or a later one. */
    long open(long least) throws IOException {
        files.makeFolder(folder);
        long end = new LogRecovery(files, folder, partition, damage).recover(segments);
        if (end < least) {
            damaged(end, least, folder.getFileName().toString(), "the log ends before what its reader has read");
            end = least;
        }
        if (!segments.isEmpty() && active().tail().end() != end) {
            active().seal();
        }
        for (var segment : segments.values()) {
            usedBytes.addAndGet(
                    segment.sealed() ? segment.allocated() : segment.tail().bytes());
        }
        if (segments.isEmpty() || active().sealed()) {
            roll(end);
        }
        return end;
    }

    // ---- writing

    LogSegment active() {
        return segments.lastEntry().getValue();
    }

    /** Begins a new segment at the offset. */
    LogSegment roll(long base) throws IOException {
        checkReserve(LogSegment.DATA);
        var segment = LogSegment.create(files, folder, partition, base, random.nextLong() | 1);
        segments.put(base, segment);
        usedBytes.addAndGet(LogSegment.DATA);
        return segment;
    }

    void checkReserve(long more) throws IOException {
        if (config.reserveBytes() > 0 && files.usable(config.folder()) - more < config.reserveBytes()) {
            throw new DiskFullException("less than " + (config.reserveBytes() >> 20) + " MiB are free on the disk");
        }
    }

    void grown(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    long bytes() {
        return usedBytes.get();
    }

    // ---- reading

    long firstOffset() {
        return segments.firstKey();
    }

    long lastBase() {
        return segments.lastKey();
    }

    /** The segment that holds the offset, or the next one there is. */
    LogSegment holding(long offset) {
        var floor = segments.floorEntry(offset);
        if (floor == null) {
            return segments.firstEntry().getValue();
        }
        var segment = floor.getValue();
        if (segment.sealed() && segment.tail().end() <= offset) {
            var higher = segments.higherEntry(offset);
            return higher == null ? segment : higher.getValue();
        }
        return segment;
    }

    DiskFile openForReading(LogSegment segment) throws IOException {
        return files.open(segment.path());
    }

    void damaged(long from, long to, String file, String reason) {
        damage.add(new Damage(partition, from, to, file, reason));
    }

    // ---- releasing

    void release(long offset) {
        released = Math.max(released, offset);
        drop(false);
    }

    /** Deletes released segments, oldest first: those that age or space call for, or all of them. */
    void drop(boolean all) {
        dropping.lock();
        try {
            boolean dropped = false;
            for (var segment : segments.values()) {
                if (!segment.sealed() || segment.tail().end() > released || !(all || due(segment))) {
                    break;
                }
                files.delete(segment.path());
                segment.file().close();
                segments.remove(segment.base());
                usedBytes.addAndGet(-segment.allocated());
                dropped = true;
            }
            if (dropped) {
                files.syncFolder(folder);
            }
        } catch (IOException e) {
            LOG.warn("event log, partition {}: a released segment was not deleted; tried again later", partition, e);
        } finally {
            dropping.unlock();
        }
    }

    private boolean due(LogSegment segment) throws IOException {
        return bytes() > config.retainBytes()
                || files.modified(segment.path())
                        < clock.millis() - config.retainFor().toMillis();
    }

    void close() throws IOException {
        for (var segment : segments.values()) {
            segment.file().close();
        }
    }
}
