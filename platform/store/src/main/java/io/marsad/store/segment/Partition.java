package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of one log partition: its tenants' rows, the journal and the manifest. Its methods that write are
 * for one thread at a time, which the lock makes sure of.
 */
final class Partition implements AutoCloseable {
    static final int BLOCK_ROWS = 4096;
    static final long BLOCK_BYTES = 16L << 20;
    private static final long JOURNAL_BYTES = 16L << 20;

    final int number;
    final Path directory;
    final Map<TenantId, TenantRows> tenants = new ConcurrentHashMap<>();
    private final SegmentStore.Options options;
    private final OpenFiles files;
    private final Damage damage;
    /** Of all partitions together. */
    private final AtomicLong openBytes;

    private final BlockEncoder encoder = new BlockEncoder();
    private final Set<Path> dirty = new LinkedHashSet<>();
    long generation;
    long journal;
    long journalLength;
    volatile long durable;

    Partition(
            int number,
            Path directory,
            SegmentStore.Options options,
            OpenFiles files,
            Damage damage,
            AtomicLong openBytes) {
        this.number = number;
        this.directory = directory;
        this.options = options;
        this.files = files;
        this.damage = damage;
        this.openBytes = openBytes;
    }

    String manifestName() {
        return String.format(Locale.ROOT, "manifest-%03d", number);
    }

    static Path tenantDirectory(Path directory, String tenant) {
        return directory.resolve("tenants").resolve(tenant);
    }

    Path segmentFile(Path tenantDirectory, long segment) {
        return tenantDirectory.resolve(String.format(Locale.ROOT, "%03d-%08d.seg", number, segment));
    }

    TenantRows tenant(TenantId id) {
        return tenants.computeIfAbsent(
                id, t -> new TenantRows(t, tenantDirectory(directory, t.value()), java.util.List.of(), 0, 0));
    }

    synchronized void append(EventBatch batch) throws IOException {
        if (batch.rows() == 0) {
            return;
        }
        var tenant = tenant(batch.tenant());
        long mark = Math.max(durable, tenant.nextOffset);
        int r = 0;
        while (r < batch.rows()) {
            if (full(tenant)) {
                seal(tenant);
            }
            r = copy(batch, r, mark, tenant);
        }
        if (full(tenant)) {
            seal(tenant);
        }
        while (openBytes.get() > options.openBytes()) {
            var largest = tenants.values().stream()
                    .max(Comparator.comparingLong(t -> t.openBytes))
                    .orElseThrow();
            if (largest.openRows == 0) {
                break; // what is too much belongs to other partitions, which see to it when they append
            }
            seal(largest);
        }
    }

    private static boolean full(TenantRows tenant) {
        return tenant.openRows >= BLOCK_ROWS || tenant.openBytes >= BLOCK_BYTES;
    }

    /** Copies rows until the open block is full; returns the row to go on with. */
    private int copy(EventBatch batch, int from, long mark, TenantRows tenant) {
        int room = BLOCK_ROWS - tenant.openRows;
        long space = BLOCK_BYTES - tenant.openBytes;
        int rows = 0;
        int entries = 0;
        int bytes = 0;
        int to = from;
        for (; to < batch.rows() && rows < room && (rows == 0 || space > 0); to++) {
            if (batch.logOffset(to) < mark) {
                if (batch.logOffset(to) < 0) {
                    throw new IllegalArgumentException("a row without a log offset cannot be stored");
                }
                continue;
            }
            int need = bytes(batch, to);
            if (rows > 0 && bytes + (long) need > Integer.MAX_VALUE / 4) {
                break;
            }
            rows++;
            bytes += need;
            entries += batch.end(to) - batch.first(to);
            space -= need + 80L + 13L * (batch.end(to) - batch.first(to));
        }
        if (rows > 0) {
            var chunk = new EventBatch(batch.tenant(), rows, entries, bytes);
            for (int r = from; r < to; r++) {
                if (batch.logOffset(r) >= mark) {
                    chunk.copyRow(batch, r);
                }
            }
            openBytes.addAndGet(tenant.add(chunk));
        }
        return to;
    }

    private static int bytes(EventBatch batch, int r) {
        int start = batch.rawOffset(r);
        int end = start + batch.rawLength(r);
        int bytes = batch.rawLength(r);
        for (int e = batch.first(r); e < batch.end(r); e++) {
            boolean inRaw = batch.offset(e) >= start && batch.offset(e) + batch.length(e) <= end;
            bytes += inRaw ? 0 : batch.length(e);
        }
        return bytes;
    }

    /** Makes a block of a tenant's open rows and adds it to the last segment, or to a new one. */
    private void seal(TenantRows tenant) throws IOException {
        var view = tenant.view;
        var block = encoder.encode(view.open(), view.sealedRows(), true);
        var last = view.segments().isEmpty() ? null : view.segments().getLast();
        boolean isNew = last == null || last.length + block.size > options.segmentBytes();
        var segment = isNew ? newSegment(tenant, last) : last;
        if (segment == null) {
            throw new IllegalStateException("a segment that is not new is the last");
        }
        Durable.write(segment.file, segment.length, block.bytes, block.size);
        dirty.add(segment.file);
        var grown = segment.plus(Block.parse(block.bytes, 0, segment.file, segment.length), files, damage);
        openBytes.addAndGet(-tenant.sealed(grown, isNew));
    }

    private Segment newSegment(TenantRows tenant, @Nullable Segment last) throws IOException {
        long next = last == null ? 1 : last.number + 1;
        Files.createDirectories(tenant.directory);
        return Segment.empty(segmentFile(tenant.directory, next), next);
    }

    synchronized long checkpoint(long nextOffset) throws IOException {
        long next = Math.max(nextOffset, durable);
        boolean changed = tenants.values().stream().anyMatch(t -> t.changed);
        boolean fresh = tenants.values().stream().anyMatch(t -> t.journaled < t.nextRow());
        long open = tenants.values().stream().mapToLong(t -> t.openBytes).sum();
        boolean rotate = journal == 0 || journalLength > Math.max(JOURNAL_BYTES, open * 2);
        if (!changed && !fresh && !rotate && next == durable) {
            return durable;
        }
        syncSegments();
        long file = rotate ? journal + 1 : journal;
        long position = rotate ? 0 : journalLength;
        long follows = changed || rotate ? generation + 1 : generation;
        var frame = frame(rotate);
        Journal.seal(frame, follows, next, position);
        var path = Journal.file(directory, number, file);
        Durable.write(path, position, frame.bytes, frame.size);
        Durable.sync(path);
        if (follows != generation) {
            Durable.sync(directory);
            Durable.replace(
                    directory,
                    manifestName(),
                    manifest(follows, next, file, position + frame.size).bytes());
        }
        long old = journal;
        generation = follows;
        journal = file;
        journalLength = position + frame.size;
        durable = next;
        for (var tenant : tenants.values()) {
            tenant.journaled = tenant.nextRow();
            tenant.changed = false;
        }
        if (rotate && old != 0) {
            Files.deleteIfExists(Journal.file(directory, number, old));
        }
        return next;
    }

    private void syncSegments() throws IOException {
        for (var file : dirty) {
            Durable.sync(file);
        }
        for (var tenant : tenants.values()) {
            if (tenant.newFile) {
                Durable.sync(tenant.directory);
                Durable.sync(directory.resolve("tenants"));
                tenant.newFile = false;
            }
        }
        dirty.clear();
    }

    /** The open rows that are not in the journal yet, or all of them for a new journal. */
    private Sink frame(boolean all) {
        var frame = Journal.frame();
        for (var tenant : tenants.values()) {
            long first = all ? tenant.view.sealedRows() : Math.max(tenant.journaled, tenant.view.sealedRows());
            var rows = tenant.openFrom(first);
            if (!rows.isEmpty()) {
                var block = encoder.encode(rows, first, false);
                frame.putText(tenant.tenant.value());
                frame.putVar(block.size);
                frame.put(block.bytes, 0, block.size);
            }
        }
        return frame;
    }

    private Manifest manifest(long follows, long next, long file, long length) {
        var list = new ArrayList<Manifest.Tenant>();
        long oldest = next;
        for (var tenant : tenants.values()) {
            oldest = Math.min(oldest, tenant.oldestOpen(next));
            var segments = tenant.view.segments().stream()
                    .map(s -> new Manifest.File(s.number, s.length, s.rows, s.minTime, s.maxTime))
                    .toList();
            list.add(new Manifest.Tenant(
                    tenant.tenant.value(), tenant.view.sealedRows(), tenant.sealedOffset, segments));
        }
        return new Manifest(follows, next, file, length, oldest, list);
    }

    /** What came back from disk counts as memory used. */
    void opened(long bytes) {
        openBytes.addAndGet(bytes);
    }

    @Override
    public synchronized void close() {
        encoder.close();
    }
}
