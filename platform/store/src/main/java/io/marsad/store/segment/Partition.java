package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.Removal;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the store holds of one log partition: its tenants' rows, the journal and the manifest. Its methods that write are
 * for one thread at a time, which the lock makes sure of.
 */
final class Partition implements AutoCloseable {
    static final int BLOCK_ROWS = 4096;
    static final long BLOCK_BYTES = 16L << 20;
    /** A segment with at least so many rows ends with the day of receipt, so that it can go as a whole when its day does. */
    private static final int DAY_ROWS = 16 * BLOCK_ROWS;

    static final long DAY_MILLIS = 86_400_000;

    /** What all partitions of a store share. */
    record Shared(
            Path directory,
            SegmentStore.Options options,
            Durable out,
            OpenFiles files,
            Readers readers,
            Damage damage,
            AtomicLong openBytes) {}

    final int number;
    final Shared shared;
    final Map<TenantId, TenantRows> tenants = new ConcurrentHashMap<>();
    final Commit commit;
    private final BlockEncoder encoder = new BlockEncoder();
    private final AtomicLong openBytes;

    Partition(int number, Shared shared) {
        this.number = number;
        this.shared = shared;
        this.openBytes = shared.openBytes;
        this.commit = new Commit(number, shared.directory, shared.out, shared.readers, encoder, tenants);
    }

    long durable() {
        return commit.durable();
    }

    Path tenantDirectory(String tenant) {
        return shared.directory.resolve("tenants").resolve(tenant);
    }

    Path segmentFile(Path tenantDirectory, long segment) {
        return tenantDirectory.resolve(String.format(Locale.ROOT, "%03d-%08d.seg", number, segment));
    }

    TenantRows tenant(TenantId id) {
        return tenants.computeIfAbsent(id, t -> new TenantRows(t, tenantDirectory(t.value()), List.of(), 0, 0));
    }

    synchronized void append(EventBatch batch) throws IOException {
        if (batch.rows() == 0) {
            return;
        }
        commit.check();
        var tenant = tenant(batch.tenant());
        long mark = Math.max(durable(), tenant.nextOffset);
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
        while (openBytes.get() > shared.options.openBytes()) {
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
        int bytes = 0;
        int first = from;
        while (first < batch.rows() && batch.logOffset(first) < mark) {
            if (batch.logOffset(first++) < 0) {
                throw new IllegalArgumentException("a row without a log offset cannot be stored");
            }
        }
        boolean small = TenantRows.weight(batch) <= Math.min(space, Integer.MAX_VALUE / 4); // no need to measure rows
        int to = first;
        for (; to < batch.rows() && rows < room && (rows == 0 || space > 0); to++) {
            if (batch.logOffset(to) < mark) {
                break; // the rows behind are a chunk of their own
            }
            int need = small ? 0 : bytes(batch, to);
            if (rows > 0 && bytes + (long) need > Integer.MAX_VALUE / 4) {
                break;
            }
            rows++;
            bytes += need;
            space -= need + 80L + 13L * (batch.end(to) - batch.first(to));
        }
        if (rows > 0) {
            openBytes.addAndGet(tenant.add(batch.copy(first, to)));
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
    void seal(TenantRows tenant) throws IOException {
        var view = tenant.view;
        var facts = SegmentFacts.Rows.of(view.open());
        var block = encoder.encode(view.open(), view.sealedRows(), true);
        var growing = tenant.growing();
        boolean isNew = growing == null || !fits(growing.facts, facts, block.size);
        var segment = isNew ? newSegment(tenant) : growing;
        if (segment == null) {
            throw new IllegalStateException("a segment that is not new is the last");
        }
        shared.out.write(segment.file, segment.length, block.bytes, block.size);
        commit.dirty(segment.file);
        var parsed = Block.parse(block.bytes, 0, segment.file, segment.length);
        var grown = segment.plus(parsed, facts, shared.files, shared.damage);
        openBytes.addAndGet(-tenant.sealed(grown, isNew));
    }

    private boolean fits(SegmentFacts segment, SegmentFacts.Rows more, int bytes) {
        return segment.length() + bytes <= shared.options.segmentBytes()
                && (segment.rows() < DAY_ROWS || day(segment.maxReceived()) == day(more.maxReceived()));
    }

    static long day(long epochMillis) {
        return Math.floorDiv(epochMillis, DAY_MILLIS);
    }

    private Segment newSegment(TenantRows tenant) throws IOException {
        shared.out.disk().makeFolder(tenant.directory);
        long next = tenant.takeNumber();
        return Segment.empty(segmentFile(tenant.directory, next), next);
    }

    synchronized long checkpoint(long nextOffset) throws IOException {
        return commit.checkpoint(nextOffset, false);
    }

    /** Makes a block of open rows when some were received so long before the time that they should be gone. */
    void sealExpired(TenantRows tenant, long cutoff) throws IOException {
        if (cutoff == Long.MIN_VALUE || tenant.openRows == 0) {
            return;
        }
        commit.check();
        if (SegmentFacts.Rows.of(tenant.view.open()).minReceived() < cutoff - DAY_MILLIS) {
            seal(tenant);
            tenant.closed = true;
        }
    }

    /** Puts segments, which are durable, in the place of others, durably; the others go once nobody reads them. */
    synchronized void replace(TenantRows tenant, List<Segment> old, List<Segment> fresh) throws IOException {
        tenant.replace(old, fresh);
        commit.obsolete(old.stream().map(segment -> segment.file).toList());
        commit.checkpoint(durable(), false);
    }

    /** Forgets all rows of a tenant, durably, then deletes its files. */
    synchronized Removal delete(TenantId id) throws IOException {
        var disk = shared.out.disk();
        var folder = tenantDirectory(id.value());
        var known = tenants.get(id);
        long events = 0;
        long bytes = 0;
        if (known != null) {
            bytes = known.view.journal().bytes();
            events = known.openRows
                    + known.view.segments().stream().mapToLong(s -> s.rows).sum();
            tenants.put(id, known.emptied());
            openBytes.addAndGet(-known.openBytes);
            commit.checkpoint(durable(), true);
        }
        int gone = 0;
        var prefix = String.format(Locale.ROOT, "%03d-", number);
        for (var name : disk.list(folder)) {
            if (name.startsWith(prefix)) {
                var file = folder.resolve(name);
                bytes += Math.max(0, disk.size(file));
                shared.files.forget(file);
                disk.delete(file);
                gone++;
            }
        }
        if (gone > 0) {
            disk.syncFolder(folder);
        }
        return new Removal(id, Removal.Reason.TENANT_DELETED, events, gone, bytes, 0);
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
