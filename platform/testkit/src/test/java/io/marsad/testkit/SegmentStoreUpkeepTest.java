package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the segment store does with its files: small ones become large, expired ones go, damaged ones are mended. */
final class SegmentStoreUpkeepTest {
    private static final Path FOLDER = Path.of("/store");
    private static final long START = EventStoreContract.START;
    private static final long DAY = EventStoreContract.DAY;

    private final FaultyDisk disk = new FaultyDisk();

    private SegmentStore open() throws IOException {
        return SegmentStore.open(FOLDER, new SegmentStore.Options(1, 400_000, 100_000, 1), disk); // a block an append
    }

    private List<Path> segments() {
        return disk.files().stream().filter(f -> f.toString().endsWith(".seg")).toList();
    }

    private static void fill(SegmentStore store, int blocks, int rows, long millisApart) throws IOException {
        for (int i = 0; i < blocks; i++) {
            store.append(
                    0,
                    EventStoreContract.rows(
                            EventStoreContract.A, (long) i * rows, rows, START + i * millisApart, 1000 + i % 3));
        }
        store.checkpoint(0, (long) blocks * rows);
    }

    @Test
    void manySmallBlocksBecomeFewLargeOnes() throws Exception {
        try (var store = open()) {
            fill(store, 300, 20, 60_000);
            var before = EventStoreContract.offsets(store, EventStoreContract.A);
            long bytes = store.usage(EventStoreContract.A).bytes();
            assertThat(EventStoreContract.maintain(store, RetentionPolicy.KEEP_ALL, START + 2 * DAY))
                    .isEmpty();
            assertThat(EventStoreContract.offsets(store, EventStoreContract.A)).isEqualTo(before);
            long after = store.usage(EventStoreContract.A).bytes();
            assertThat(after).isLessThan(bytes / 4);
            assertThat(segments()).hasSize(1);
            System.out.println(bytes + " bytes in 300 blocks became " + after);
        }
        try (var store = open()) {
            assertThat(EventStoreContract.offsets(store, EventStoreContract.A)).hasSize(6000);
            assertThat(store.durableOffset(0)).isEqualTo(6000);
            EventStoreContract.maintain(store, RetentionPolicy.KEEP_ALL, START + 2 * DAY);
            assertThat(segments()).as("what is tidy stays as it is").hasSize(1);
        }
    }

    @Test
    void aDayOfReceiptHasItsOwnFilesSoThatTheyGoAsAWhole() throws Exception {
        try (var store = open()) {
            fill(store, 40, 50, DAY / 4);
            EventStoreContract.maintain(store, RetentionPolicy.KEEP_ALL, START + 12 * DAY);
            assertThat(segments().size()).isBetween(10, 11);
            var files = segments();
            var gone = EventStoreContract.maintain(store, _ -> new Retention(5, Map.of()), START + 10 * DAY);
            assertThat(gone).hasSize(1);
            assertThat(gone.getFirst().events()).isBetween(800L, 1050L);
            assertThat(files).as("nothing was written again").containsAll(segments());
            assertThat(store.usage(EventStoreContract.A).events())
                    .isEqualTo(2000 - gone.getFirst().events());
        }
    }

    @Test
    void searchesThatAreUnderWayKeepTheFilesTheyRead() throws Exception {
        try (var store = open()) {
            fill(store, 100, 20, 60_000);
            var stop = new AtomicBoolean();
            var failure = new AtomicReference<Throwable>();
            var counts = new ArrayList<Integer>();
            var searcher = Thread.ofPlatform().start(() -> {
                try {
                    while (!stop.get()) {
                        counts.add(EventStoreContract.offsets(store, EventStoreContract.A)
                                .size());
                    }
                } catch (IOException | RuntimeException | AssertionError e) {
                    failure.set(e);
                }
            });
            for (int round = 0; round < 20; round++) {
                long from = 2000L + round * 100L;
                for (int i = 0; i < 5; i++) {
                    store.append(
                            0,
                            EventStoreContract.rows(
                                    EventStoreContract.A, from + i * 20L, 20, START + DAY + round * 1000L, 1007));
                }
                store.checkpoint(0, from + 100);
                EventStoreContract.maintain(store, RetentionPolicy.KEEP_ALL, START + 3 * DAY);
            }
            stop.set(true);
            searcher.join();
            assertThat(failure.get()).isNull();
            assertThat(counts).isSorted().allMatch(n -> n >= 2000 && n <= 4000);
            assertThat(store.damage()).isEmpty();
        }
    }

    @Test
    void aDamagedBlockIsToldLeftOutAndMadeWholeFromTheLog() throws Exception {
        var all = new ArrayList<EventBatch>();
        try (var store = open()) {
            for (int i = 0; i < 20; i++) {
                all.add(EventStoreContract.rows(EventStoreContract.A, i * 50L, 50, START + i * 60_000L, 1007));
                store.append(0, all.getLast());
            }
            store.checkpoint(0, 1000);
        }
        var segment = segments().getFirst();
        disk.flip(segment, disk.size(segment) / 2, 3);
        try (var store = open()) {
            var search = new EventSearch(
                    EventStoreContract.A, 0, Long.MAX_VALUE, Predicate.EVERYTHING, 1000, null, Duration.ofMinutes(1));
            int rest = store.search(search).events().rows();
            assertThat(rest).isEqualTo(950);
            assertThat(store.damage()).hasSize(1);
            var lost = store.lost(0);
            assertThat(lost).hasSize(1);
            assertThat(lost.getFirst().fromOffset()).isZero();
            assertThat(lost.getFirst().toOffset()).isEqualTo(1000);
            try (var repair = store.repair(lost.getFirst())) {
                for (var batch : all) {
                    repair.offer(batch);
                    repair.offer(batch); // the log may give rows twice
                }
                assertThat(repair.finish()).isZero();
            }
            assertThat(store.search(search).events().rows()).isEqualTo(1000);
            assertThat(store.damage()).isEmpty();
            assertThat(store.lost(0)).isEmpty();
        }
        try (var store = open()) {
            assertThat(EventStoreContract.offsets(store, EventStoreContract.A)).hasSize(1000);
            assertThat(store.damage()).isEmpty();
        }
    }

    @Test
    void whatTheLogHasNoMoreIsToldAsLost() throws Exception {
        try (var store = open()) {
            fill(store, 20, 50, 60_000);
        }
        var segment = segments().getFirst();
        disk.flip(segment, disk.size(segment) / 2, 3);
        try (var store = open()) {
            assertThat(EventStoreContract.offsets(store, EventStoreContract.A)).hasSize(950);
            try (var repair = store.repair(store.lost(0).getFirst())) {
                assertThat(repair.finish()).isEqualTo(50);
            }
            assertThat(store.damage()).hasSize(1).first().asString().contains("50 of 1000 events are lost");
            assertThat(store.lost(0)).isEmpty();
            assertThat(EventStoreContract.offsets(store, EventStoreContract.A)).hasSize(950);
        }
    }

    @Test
    void aStoreWithoutItsManifestDoesNotBeginAnew() throws Exception {
        try (var store = open()) {
            fill(store, 3, 10, 1000);
        }
        disk.delete(FOLDER.resolve("manifest-000"));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(this::open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("manifest-000 is not there");
        assertThat(segments()).isNotEmpty();
    }
}
