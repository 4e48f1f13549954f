package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.FieldCounts;
import io.marsad.kernel.store.LostRows;
import io.marsad.kernel.store.Removal;
import io.marsad.kernel.store.Repair;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.StoreFullException;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A small store of one partition that keeps its promises on a disk that fails: everything in one file, written anew. */
final class KeptEvents implements EventStore {
    private static final Path FOLDER = Path.of("/events");

    record Kept(EventId id, long received, TenantId tenant, String text) {}

    private final Disk disk;
    private final TreeMap<Long, Kept> rows = new TreeMap<>();
    private long durable;
    private int file;
    volatile boolean full;

    KeptEvents(Disk disk) throws IOException {
        this.disk = disk;
        disk.makeFolder(FOLDER);
        for (var name : disk.list(FOLDER)) {
            file = Math.max(file, Integer.parseInt(name));
            read(FOLDER.resolve(name));
        }
    }

    private void read(Path path) throws IOException {
        try (var in = disk.open(path)) {
            var bytes = ByteBuffer.allocate((int) in.size());
            in.read(bytes, 0);
            bytes.flip();
            var crc = new CRC32C();
            if (bytes.remaining() < 12) {
                return;
            }
            crc.update(bytes.array(), 4, bytes.remaining() - 4);
            if (bytes.getInt() != (int) crc.getValue()) {
                return;
            }
            durable = bytes.getLong();
            rows.clear();
            while (bytes.hasRemaining()) {
                long offset = bytes.getLong();
                var id = new EventId(bytes.getLong(), bytes.getLong());
                rows.put(offset, new Kept(id, bytes.getLong(), new TenantId(text(bytes)), text(bytes)));
            }
        }
    }

    private static String text(ByteBuffer in) {
        var bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    synchronized List<Kept> all() {
        return new ArrayList<>(rows.values());
    }

    @Override
    public synchronized void append(int partition, EventBatch batch) throws IOException {
        disk.syncFolder(FOLDER); // a moment at which the power may go
        if (full) {
            throw new StoreFullException("the test's store is full", new IOException());
        }
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.logOffset(row) >= durable) {
                rows.put(
                        batch.logOffset(row),
                        new Kept(
                                batch.id(row),
                                batch.received(row),
                                batch.tenant(),
                                new String(batch.raw(row), StandardCharsets.UTF_8)));
            }
        }
    }

    @Override
    public synchronized long checkpoint(int partition, long nextOffset) throws IOException {
        var out = ByteBuffer.allocate(64 << 20);
        out.position(4).putLong(nextOffset);
        rows.headMap(nextOffset).forEach((offset, kept) -> {
            out.putLong(offset).putLong(kept.id.high()).putLong(kept.id.low()).putLong(kept.received);
            for (var text : List.of(kept.tenant.value(), kept.text)) {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                out.putInt(bytes.length).put(bytes);
            }
        });
        var crc = new CRC32C();
        crc.update(out.array(), 4, out.position() - 4);
        out.putInt(0, (int) crc.getValue());
        var old = disk.list(FOLDER);
        try (var to = disk.create(FOLDER.resolve(String.format("%06d", ++file)))) {
            to.write(out.flip(), 0);
            to.sync();
        }
        disk.syncFolder(FOLDER);
        durable = nextOffset;
        for (var name : old) {
            disk.delete(FOLDER.resolve(name));
        }
        return nextOffset;
    }

    @Override
    public synchronized long durableOffset(int partition) {
        return durable;
    }

    @Override
    public EventPage search(EventSearch search, SearchWatch watch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SummaryTable summarize(EventSummary summary, SearchWatch watch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void scan(EventScan scan, EventScan.Sink sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long[] histogram(EventSearch search, int buckets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable EventBatch find(TenantId tenant, EventId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Usage usage(TenantId tenant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> damage() {
        return List.of();
    }

    @Override
    public List<Removal> maintain(RetentionPolicy policy, long now, BooleanSupplier goOn) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Removal delete(TenantId tenant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LostRows> lost(int partition) {
        return List.of();
    }

    @Override
    public Repair repair(LostRows lost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
