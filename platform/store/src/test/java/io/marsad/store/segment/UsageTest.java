package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tenants are said to have on disk, from their first event on. */
class UsageTest {
    private static final TenantId ONE = new TenantId("tenant-one");
    private static final TenantId TWO = new TenantId("tenant-two");

    @TempDir
    private Path directory;

    private SegmentStore open() throws IOException {
        return SegmentStore.open(directory, new SegmentStore.Options(64 << 20, 1 << 20, 1 << 20));
    }

    private static EventBatch rows(RandomEvents events, TenantId tenant, long from, int count) {
        var batch = new EventBatch(tenant);
        for (int i = 0; i < count; i++) {
            events.add(batch, from + i);
        }
        return batch;
    }

    private long filesOf(String kind) throws IOException {
        try (var files = Files.walk(directory)) {
            long bytes = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                bytes += file.toString().contains(kind) ? Files.size(file) : 0;
            }
            return bytes;
        }
    }

    @Test
    void openRowsCountFromTheFirstOn() throws IOException {
        var events = new RandomEvents(7);
        long estimated;
        long journaled;
        try (var store = open()) {
            store.append(0, rows(events, ONE, 0, 500));
            estimated = store.usage(ONE).bytes();
            assertThat(store.usage(ONE).events()).isEqualTo(500);
            assertThat(store.usage(TWO).bytes()).isZero();
            store.checkpoint(0, 500);
            journaled = store.usage(ONE).bytes();
            System.out.println(estimated + " bytes were estimated, the journal has " + journaled);
            assertThat(estimated).isBetween(journaled / 4, journaled * 4);
            assertThat(journaled).isBetween(filesOf("journal-") * 9 / 10, filesOf("journal-"));

            store.append(0, rows(events, TWO, 500, 100));
            store.append(0, rows(events, ONE, 600, 1));
            assertThat(store.usage(ONE).bytes()).isBetween(journaled, journaled + journaled / 50);
            store.checkpoint(0, 601);
            journaled = store.usage(ONE).bytes();
            assertThat(journaled + store.usage(TWO).bytes())
                    .isBetween(filesOf("journal-") * 9 / 10, filesOf("journal-"));
        }
        try (var store = open()) {
            assertThat(store.usage(ONE).bytes()).as("as before the restart").isEqualTo(journaled);
            store.append(0, rows(events, ONE, 601, Partition.BLOCK_ROWS));
            store.checkpoint(0, 601 + Partition.BLOCK_ROWS);
            var open = store.usage(ONE).events() - Partition.BLOCK_ROWS;
            assertThat(open).isPositive();
            long inJournal = store.usage(ONE).bytes() - filesOf(".seg");
            assertThat(inJournal).as("rows in a block are not counted twice").isBetween(1L, journaled * 4);
            var removal = store.delete(ONE);
            assertThat(removal.bytes()).isGreaterThan(inJournal);
            assertThat(store.usage(ONE).bytes()).isZero();
            assertThat(store.usage(TWO).bytes()).isPositive();
        }
    }
}
