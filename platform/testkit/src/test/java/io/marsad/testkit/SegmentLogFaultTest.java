package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.log.EventLog.Damage;
import io.marsad.kernel.log.LogFullException;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the segment log does when the disk is full, fails, or comes back with less than it had. */
final class SegmentLogFaultTest {
    private static final Path FOLDER = Path.of("/log");

    private final FaultyDisk disk = new FaultyDisk();
    private LogConfig config = LogConfig.in(FOLDER)
            .withMaxBytes(64 << 20)
            .withSegmentBytes(64 << 10)
            .withReserveBytes(0);

    private SegmentLog open(FaultyDisk from, long processed) throws IOException {
        return SegmentLog.open(
                config, from, new TestClock("2026-01-01T00:00:00Z"), new SplittableRandom(1), p -> processed);
    }

    @Test
    void afterAFailedSyncNothingIsTakenUntilTheNextStart() throws Exception {
        var log = open(disk, 0);
        log.append(TestRecords.batch("kept"));
        disk.failSyncs();
        assertThatThrownBy(() -> log.append(TestRecords.batch("lost")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("input/output error");
        assertThatThrownBy(() -> log.append(TestRecords.batch("later")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has stopped");
        assertThat(EventLogContract.all(log, 0)).containsExactly("kept");
        log.close();
    }

    @Test
    void aFullDiskIsBackPressureAndNothingMore() throws Exception {
        try (var log = open(disk, 0)) {
            log.append(TestRecords.batch("kept"));
            disk.capacity(100_000);
            assertThatThrownBy(() -> log.append(TestRecords.batch("y".repeat(200_000))))
                    .isInstanceOf(LogFullException.class);
            disk.capacity(Long.MAX_VALUE);
            assertThat(log.append(TestRecords.batch("y".repeat(200_000)))).isEqualTo(1);
            log.append(TestRecords.batch("more"));
            assertThat(EventLogContract.all(log, 0))
                    .hasSize(3)
                    .startsWith("kept")
                    .endsWith("more");
        }
        try (var log = open(disk, 0)) {
            assertThat(EventLogContract.all(log, 0)).hasSize(3);
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void roomOnTheDiskIsLeftToOthers() throws Exception {
        config = config.withReserveBytes(50_000);
        try (var log = open(disk, 0)) {
            disk.capacity(300_000);
            int taken = 0;
            @Nullable LogFullException full = null;
            while (full == null && taken < 100) {
                try {
                    log.append(TestRecords.batch("z".repeat(10_000)));
                    taken++;
                } catch (LogFullException e) {
                    full = e;
                }
            }
            assertThat(full).isNotNull();
            assertThat(disk.usable(FOLDER)).isGreaterThanOrEqualTo(50_000);
            assertThat(log.endOffset(0)).isEqualTo(taken);
        }
    }

    @Test
    void aLogThatWasLostGoesOnWhereItsReaderIs() throws Exception {
        try (var log = open(disk, 1000)) {
            assertThat(log.endOffset(0)).isEqualTo(1000);
            assertThat(log.damage()).extracting(Damage::toOffset).containsExactly(1000L);
            assertThat(log.append(TestRecords.batch("next"))).isEqualTo(1000);
        }
        try (var log = open(disk, 1000)) {
            assertThat(log.damage()).isEmpty();
            assertThat(EventLogContract.all(log, 0)).containsExactly("next");
        }
    }

    @Test
    void damageInAnOlderSegmentIsFoundByTheReadThroughAfterTheStart() throws Exception {
        try (var log = open(disk, 0)) {
            for (int i = 0; i < 40; i++) {
                log.append(TestRecords.batch("q".repeat(5000) + i));
            }
        }
        var folder = FOLDER.resolve("p000");
        var first = folder.resolve(disk.list(folder).getFirst());
        disk.flip(first, 4096 + 6000, 3);
        try (var log = open(disk, 0)) {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (log.damage().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(log.damage()).hasSize(1);
            assertThat(log.damage().getFirst().fromOffset()).isEqualTo(1);
            assertThat(log.damage().getFirst().toOffset()).isEqualTo(2);
            assertThat(EventLogContract.all(log, 0)).hasSize(39);
            assertThat(log.damage()).hasSize(1);
        }
    }

    @Test
    void aSegmentWithoutHeaderIsSetAside() throws Exception {
        try (var log = open(disk, 0)) {
            for (int i = 0; i < 40; i++) {
                log.append(TestRecords.batch("q".repeat(5000) + i));
            }
        }
        var folder = FOLDER.resolve("p000");
        var names = disk.list(folder);
        var second = folder.resolve(names.get(1));
        disk.flip(second, 3, 1); // the first copy
        disk.flip(second, 512 + 3, 1); // the second
        try (var log = open(disk, 0)) {
            assertThat(EventLogContract.all(log, 0))
                    .as("the first frame still knows the marker")
                    .hasSize(40);
        }
        disk.flip(second, 4096, 1);
        try (var log = open(disk, 0)) {
            var texts = EventLogContract.all(log, 0);
            assertThat(texts).hasSizeLessThan(40).hasSizeGreaterThan(20);
            assertThat(log.damage()).hasSize(1);
            assertThat(log.damage().getFirst().toOffset()
                            - log.damage().getFirst().fromOffset())
                    .isEqualTo(40 - texts.size());
            assertThat(log.append(TestRecords.batch("new"))).isEqualTo(40);
        }
        assertThat(disk.list(folder)).contains(names.get(1) + ".damaged");
    }

    @Test
    void bytesOfASenderNeverPassForAFrame() throws Exception {
        try (var log = open(disk, 0)) {
            log.append(TestRecords.batch("first"));
        }
        var folder = FOLDER.resolve("p000");
        var stolen = disk.bytes(folder.resolve(disk.list(folder).getFirst()));
        var other = new FaultyDisk();
        var inside = new String(stolen, 4096, 400, java.nio.charset.StandardCharsets.ISO_8859_1);
        try (var log = SegmentLog.open(
                config, other, new TestClock("2026-01-01T00:00:00Z"), new SplittableRandom(99), p -> 0)) {
            log.append(TestRecords.batch("a"));
            log.append(TestRecords.batch(inside));
            log.append(TestRecords.batch("b"));
        }
        var file = folder.resolve(other.list(folder).getFirst());
        other.flip(file, 4096 + 104 + 4, 2);
        try (var log = open(other, 0)) {
            assertThat(EventLogContract.all(log, 0)).doesNotContain("first").contains("b");
        }
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() throws Exception {
        config = config.withPartitions(2);
        open(disk, 0).close();
        config = config.withPartitions(3);
        assertThatThrownBy(() -> open(disk, 0)).isInstanceOf(IOException.class).hasMessageContaining("2 partitions");
    }

    @Test
    void aReaderBehindWhatWasReleasedGoesOnAtTheFirst() throws Exception {
        config = config.withoutRetention();
        try (var log = open(disk, 0);
                var reader = log.read(0, 0)) {
            var texts = List.of("r".repeat(20_000));
            for (int i = 0; i < 20; i++) {
                log.append(TestRecords.batch(TestRecords.TENANT, texts));
            }
            log.release(0, 15);
            assertThat(log.firstOffset(0)).isBetween(10L, 15L);
            var batch = Objects.requireNonNull(reader.poll(Duration.ZERO));
            assertThat(batch.baseOffset()).isEqualTo(log.firstOffset(0));
        }
    }
}
