package io.marsad.testkit;

import io.marsad.kernel.store.EventStore;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class SegmentStoreContractTest extends EventStoreContract {
    @TempDir
    private Path folder;

    private @Nullable SegmentStore store;

    @Override
    protected EventStore open() throws IOException {
        return reopen();
    }

    @Override
    protected EventStore reopen() throws IOException {
        close();
        var opened = SegmentStore.open(folder, new SegmentStore.Options(20_000, 100_000, 100_000, 1));
        store = opened;
        return opened;
    }

    @AfterEach
    void close() throws IOException {
        if (store != null) {
            store.close();
        }
    }
}
