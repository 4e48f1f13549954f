package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The embedded {@link EventStore}. */
public final class SegmentStore implements EventStore {
    private SegmentStore() {}

    /**
     * Sizes.
     *
     * @param openBytes memory for rows that are in no block yet, over all tenants
     * @param segmentBytes a segment file is closed when it has grown to this
     * @param cacheBytes memory for what was read of blocks: directories and filters
     */
    public record Options(long openBytes, long segmentBytes, long cacheBytes) {
        public static Options standard() {
            return new Options(64L << 20, 128L << 20, 48L << 20);
        }
    }

    /** Opens the store in a directory of its own, made when absent; what a crash left half-written is cut off. */
    public static SegmentStore open(Path directory, Options options) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public void append(int partition, EventBatch batch) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public long checkpoint(int partition, long nextOffset) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public long durableOffset(int partition) {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public EventPage search(EventSearch search) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public long[] histogram(EventSearch search, int buckets) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public @Nullable EventBatch find(TenantId tenant, EventId id) throws IOException {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public Usage usage(TenantId tenant) {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public List<String> damage() {
        throw new UnsupportedOperationException("under construction");
    }

    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException("under construction");
    }
}
