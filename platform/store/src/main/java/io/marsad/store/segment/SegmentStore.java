package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.FieldCounts;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link EventStore}: per tenant, columnar blocks in segment files, and open rows in memory that a journal
 * makes durable. The files are described in {@code docs/reference/segment-format.md}.
 *
 * <p>Thread-safe: one thread at a time appends for a partition, any number search meanwhile. A search by an interrupted
 * thread ends with {@link java.io.InterruptedIOException}.
 */
public final class SegmentStore implements EventStore {
    private final Path directory;
    private final Options options;
    private final FileChannel lock;
    private final OpenFiles files = new OpenFiles();
    private final Searches searches;
    private final Damage damage = new Damage();
    private final AtomicLong openBytes = new AtomicLong();
    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();

    /**
     * Sizes in bytes.
     *
     * @param openBytes memory for rows that are in no block yet, over all tenants
     * @param segmentBytes a segment file is closed when it would grow beyond this
     * @param cacheBytes memory for what is kept of blocks once read: directories and filters
     */
    public record Options(long openBytes, long segmentBytes, long cacheBytes) {
        public static Options standard() {
            return new Options(64L << 20, 128L << 20, 48L << 20);
        }
    }

    private SegmentStore(Path directory, Options options, FileChannel lock) {
        this.directory = directory;
        this.options = options;
        this.lock = lock;
        this.searches = new Searches(this::parts, new BlockCache(files, options.cacheBytes()), damage);
    }

    /**
     * Opens the store in a directory of its own, made when absent. What a crash left half-written is cut off.
     *
     * @throws IOException also when another process has the directory open
     */
    public static SegmentStore open(Path directory, Options options) throws IOException {
        Files.createDirectories(directory.resolve("tenants"));
        var store = new SegmentStore(directory, options, lock(directory.resolve("lock")));
        try {
            for (int number : Recovery.partitions(directory)) {
                store.partition(number);
            }
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("the event store " + file.getParent() + " is open already", e);
        }
        channel.close();
        throw new IOException("the event store " + file.getParent() + " is in use by another process");
    }

    private Partition partition(int number) throws IOException {
        var known = partitions.get(number);
        return known != null ? known : open(number);
    }

    private synchronized Partition open(int number) throws IOException {
        var known = partitions.get(number);
        if (known == null) {
            if (number < 0 || number > 999) {
                throw new IllegalArgumentException("partitions are 0 to 999");
            }
            known = new Partition(number, directory, options, files, damage, openBytes);
            new Recovery(known, files, damage).run();
            partitions.put(number, known);
        }
        return known;
    }

    @Override
    public void append(int partition, EventBatch batch) throws IOException {
        partition(partition).append(batch);
    }

    @Override
    public long checkpoint(int partition, long nextOffset) throws IOException {
        return partition(partition).checkpoint(nextOffset);
    }

    @Override
    public long durableOffset(int partition) {
        var known = partitions.get(partition);
        return known == null ? 0 : known.durable;
    }

    @Override
    public EventPage search(EventSearch search, SearchWatch watch) throws IOException {
        return searches.search(search, watch);
    }

    @Override
    public SummaryTable summarize(EventSummary summary, SearchWatch watch) throws IOException {
        return searches.summarize(summary, watch);
    }

    @Override
    public void scan(EventScan scan, EventScan.Sink sink) throws IOException {
        searches.scan(scan, sink);
    }

    @Override
    public FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) throws IOException {
        return searches.fields(scan, timeout, watch);
    }

    @Override
    public long[] histogram(EventSearch search, int buckets) throws IOException {
        return searches.histogram(search, buckets);
    }

    @Override
    public @Nullable EventBatch find(TenantId tenant, EventId id) throws IOException {
        return searches.find(tenant, id);
    }

    /** What the tenant has, the newest first. */
    private List<Part> parts(TenantId tenant) throws IOException {
        var parts = new ArrayList<Part>();
        for (var partition : partitions.values()) {
            var rows = partition.tenants.get(tenant);
            if (rows == null) {
                continue;
            }
            var view = rows.view;
            view.open().forEach(batch -> parts.add(Part.Open.of(batch)));
            for (var segment : view.segments()) {
                for (var block : segment.blocks(files, damage)) {
                    if (!block.damaged) {
                        parts.add(new Part.Stored(block));
                    }
                }
            }
        }
        parts.sort(Comparator.comparingLong(Part::maxTime).reversed());
        return parts;
    }

    @Override
    public Usage usage(TenantId tenant) {
        long events = 0;
        long bytes = 0;
        long oldest = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        for (var partition : partitions.values()) {
            var rows = partition.tenants.get(tenant);
            if (rows == null) {
                continue;
            }
            var view = rows.view;
            for (var segment : view.segments()) {
                events += segment.rows;
                bytes += segment.length;
                oldest = Math.min(oldest, segment.minTime);
                newest = Math.max(newest, segment.maxTime);
            }
            for (var batch : view.open()) {
                var open = Part.Open.of(batch);
                events += batch.rows();
                oldest = Math.min(oldest, open.minTime());
                newest = Math.max(newest, open.maxTime());
            }
        }
        return events == 0 ? new Usage(0, 0, 0, 0) : new Usage(events, bytes, oldest, newest);
    }

    @Override
    public List<String> damage() {
        return damage.all();
    }

    /** Rows since the last checkpoint are given up: the log has them. */
    @Override
    public void close() throws IOException {
        for (var partition : partitions.values()) {
            partition.close();
        }
        searches.close();
        files.close();
        lock.close();
    }
}
