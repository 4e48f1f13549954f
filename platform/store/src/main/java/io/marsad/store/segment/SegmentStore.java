package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.FieldCounts;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.store.LostRows;
import io.marsad.kernel.store.Removal;
import io.marsad.kernel.store.Repair;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.StoreFullException;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link EventStore}: per tenant, columnar blocks in segment files, and open rows in memory that a journal
 * makes durable. The files are described in {@code docs/reference/segment-format.md}.
 *
 * <p>Thread-safe: one thread at a time appends for a partition, any number search meanwhile. A search by an interrupted
 * thread ends with {@link java.io.InterruptedIOException}.
 */
public final class SegmentStore implements EventStore {
    private final Closeable lock;
    private final OpenFiles files;
    private final Readers readers;
    private final Searches searches;
    private final Damage damage = new Damage();
    private final Partition.Shared shared;
    private final Upkeep upkeep;
    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();

    /**
     * Sizes in bytes.
     *
     * @param openBytes memory for rows that are in no block yet, over all tenants
     * @param segmentBytes a segment file is closed when it would grow beyond this
     * @param cacheBytes memory for what is kept of blocks once read: directories and filters
     * @param upkeepShare which part of its time the upkeep works, 1 for all of it; the rest it waits
     */
    public record Options(long openBytes, long segmentBytes, long cacheBytes, double upkeepShare) {
        public Options {
            if (!(upkeepShare > 0) || upkeepShare > 1) {
                throw new IllegalArgumentException("the upkeep works for more than none and at most all of its time");
            }
        }

        public Options(long openBytes, long segmentBytes, long cacheBytes) {
            this(openBytes, segmentBytes, cacheBytes, 0.25);
        }

        public static Options standard() {
            return new Options(64L << 20, 128L << 20, 48L << 20);
        }
    }

    private SegmentStore(Path directory, Options options, Disk disk, Closeable lock) {
        this.lock = lock;
        this.files = new OpenFiles(disk);
        this.readers = new Readers(disk, files);
        var cache = new BlockCache(files, options.cacheBytes());
        this.searches = new Searches(this::parts, cache, damage);
        this.shared =
                new Partition.Shared(directory, options, new Durable(disk), files, readers, damage, new AtomicLong());
        this.upkeep = new Upkeep(shared, cache);
    }

    /** Opens the store in a directory of the machine's own file system. */
    public static SegmentStore open(Path directory, Options options) throws IOException {
        return open(directory, options, Disk.real());
    }

    /**
     * Opens the store in a directory of its own, made when absent. What a crash left half-written is cut off.
     *
     * @throws IOException also when another process has the directory open
     */
    public static SegmentStore open(Path directory, Options options, Disk disk) throws IOException {
        disk.makeFolder(directory.resolve("tenants"));
        var store = new SegmentStore(directory, options, disk, disk.lock(directory.resolve("lock")));
        try {
            for (int number : Recovery.partitions(disk, directory)) {
                store.partition(number);
            }
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
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
            known = new Partition(number, shared);
            new Recovery(known).run();
            partitions.put(number, known);
        }
        return known;
    }

    @Override
    public void append(int partition, EventBatch batch) throws IOException {
        try {
            partition(partition).append(batch);
        } catch (DiskFullException e) {
            throw full(e);
        }
    }

    @Override
    public long checkpoint(int partition, long nextOffset) throws IOException {
        try {
            return partition(partition).checkpoint(nextOffset);
        } catch (DiskFullException e) {
            throw full(e);
        }
    }

    private static StoreFullException full(DiskFullException e) {
        return new StoreFullException("the event store's disk is full", e);
    }

    @Override
    public long durableOffset(int partition) {
        var known = partitions.get(partition);
        return known == null ? 0 : known.durable();
    }

    @Override
    public EventPage search(EventSearch search, SearchWatch watch) throws IOException {
        return readers.read(() -> searches.search(search, watch));
    }

    @Override
    public SummaryTable summarize(EventSummary summary, SearchWatch watch) throws IOException {
        return readers.read(() -> searches.summarize(summary, watch));
    }

    @Override
    public void scan(EventScan scan, EventScan.Sink sink) throws IOException {
        readers.read(() -> {
            searches.scan(scan, sink);
            return null;
        });
    }

    @Override
    public FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) throws IOException {
        return readers.read(() -> searches.fields(scan, timeout, watch));
    }

    @Override
    public long[] histogram(EventSearch search, int buckets) throws IOException {
        return readers.read(() -> searches.histogram(search, buckets));
    }

    @Override
    public @Nullable EventBatch find(TenantId tenant, EventId id) throws IOException {
        return readers.read(() -> searches.find(tenant, id));
    }

    /** What the tenant has, the newest first. */
    private List<Part> parts(TenantId tenant, LogRange came) throws IOException {
        var parts = new ArrayList<Part>();
        for (var partition : partitions.values()) {
            var rows = partition.tenants.get(tenant);
            if (rows == null) {
                continue;
            }
            var view = rows.view;
            view.open().forEach(batch -> parts.add(Part.Open.of(batch)));
            for (var segment : view.segments()) {
                if (!came.touches(segment.facts.minOffset(), segment.facts.maxOffset())) {
                    continue;
                }
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
            bytes += view.bytes();
            for (var segment : view.segments()) {
                events += segment.rows;
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

    @Override
    public List<Removal> maintain(RetentionPolicy policy, long now, BooleanSupplier goOn) throws IOException {
        return upkeep.run(partitions.values(), policy, now, goOn);
    }

    @Override
    public Removal delete(TenantId tenant) throws IOException {
        try {
            return upkeep.delete(partitions.values(), tenant);
        } catch (DiskFullException e) {
            throw full(e);
        }
    }

    @Override
    public List<LostRows> lost(int partition) {
        var known = partitions.get(partition);
        var all = new ArrayList<LostRows>();
        if (known != null) {
            for (var tenant : known.tenants.values()) {
                all.addAll(Mending.lost(known, tenant));
            }
        }
        return all;
    }

    @Override
    public Repair repair(LostRows lost) throws IOException {
        var partition = partition(lost.partition());
        var tenant = partition.tenant(lost.tenant());
        var segment = tenant.view.segments().stream()
                .filter(s -> Damage.name(s.file).equals(lost.place()))
                .findFirst()
                .orElseThrow(() -> new IOException(lost.place() + " is there no more"));
        tenant.hopeless.add(segment);
        return readers.read(() ->
                Mending.begin(partition, tenant, segment, lost, upkeep, id -> find(lost.tenant(), id) != null));
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
