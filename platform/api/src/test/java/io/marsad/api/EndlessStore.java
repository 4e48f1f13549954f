package io.marsad.api;

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
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A store in which one tenant's scans never come to an end of their own: what they read, they read again. */
record EndlessStore(EventStore store, AtomicInteger running) implements EventStore {
    static final TenantId TENANT = new TenantId("endless-tenant");

    /** @param store the real one */
    EndlessStore(EventStore store) {
        this(store, new AtomicInteger());
    }

    @Override
    public void scan(EventScan scan, EventScan.Sink sink) throws IOException {
        if (!scan.tenant().equals(TENANT)) {
            store.scan(scan, sink);
            return;
        }
        running.incrementAndGet();
        try {
            var goOn = new AtomicBoolean(true);
            while (goOn.get()) {
                store.scan(scan, (rows, progress) -> {
                    goOn.compareAndSet(true, sink.take(rows, progress));
                    return goOn.get();
                });
            }
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void append(int partition, EventBatch batch) throws IOException {
        store.append(partition, batch);
    }

    @Override
    public long checkpoint(int partition, long nextOffset) throws IOException {
        return store.checkpoint(partition, nextOffset);
    }

    @Override
    public long durableOffset(int partition) {
        return store.durableOffset(partition);
    }

    @Override
    public EventPage search(EventSearch search, SearchWatch watch) throws IOException {
        return store.search(search, watch);
    }

    @Override
    public SummaryTable summarize(EventSummary summary, SearchWatch watch) throws IOException {
        return store.summarize(summary, watch);
    }

    @Override
    public FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) throws IOException {
        return store.fields(scan, timeout, watch);
    }

    @Override
    public long[] histogram(EventSearch search, int buckets) throws IOException {
        return store.histogram(search, buckets);
    }

    @Override
    public @Nullable EventBatch find(TenantId tenant, EventId id) throws IOException {
        return store.find(tenant, id);
    }

    @Override
    public Usage usage(TenantId tenant) {
        return store.usage(tenant);
    }

    @Override
    public List<String> damage() {
        return store.damage();
    }

    @Override
    public List<Removal> maintain(RetentionPolicy policy, long now, BooleanSupplier goOn) throws IOException {
        return store.maintain(policy, now, goOn);
    }

    @Override
    public Removal delete(TenantId tenant) throws IOException {
        return store.delete(tenant);
    }

    @Override
    public List<LostRows> lost(int partition) {
        return store.lost(partition);
    }

    @Override
    public Repair repair(LostRows lost) throws IOException {
        return store.repair(lost);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
