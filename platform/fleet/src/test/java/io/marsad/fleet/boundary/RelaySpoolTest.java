package io.marsad.fleet.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits at a relay for the control plane. */
class RelaySpoolTest {
    private static final PeerId HOST = new PeerId("acme", PeerId.Kind.ENDPOINT, new UUID(7, 7));
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");

    @TempDir
    private Path folder;

    private RelaySpool open(long mostBytes) throws IOException {
        var position = folder.resolve("position");
        long from = RelaySpool.position(position);
        var config =
                LogConfig.in(folder.resolve("spool")).withMaxBytes(mostBytes).withoutRetention();
        var random = new SplittableRandom(1);
        var log = SegmentLog.open(config, Disk.real(), clock, random, _ -> from);
        return new RelaySpool(new TenantId("acme"), log, position, clock, random);
    }

    private static Batch batch(String spool, long first, int count, int size) {
        var batch = Batch.newBuilder().setSpoolId(spool).setFirst(first);
        for (int i = 0; i < count; i++) {
            batch.addRecords(ByteString.copyFromUtf8("{\"n\":" + (first + i) + "}" + " ".repeat(size)));
        }
        return batch.build();
    }

    private static List<Long> numbers(List<Batch> batches) {
        var all = new ArrayList<Long>();
        batches.forEach(batch -> {
            assertThat(batch.getEndpointId()).isEqualTo(HOST.id().toString());
            for (int i = 0; i < batch.getRecordsCount(); i++) {
                all.add(batch.getFirst() + i);
            }
        });
        return all;
    }

    @Test
    void whatWasNotPassedOnIsThereAfterAStartAndWhatComesTwiceIsKeptOnce() throws Exception {
        try (var spool = open(8 << 20);
                var reading = spool.read()) {
            assertThat(spool.take(HOST, batch("s", 1, 10, 0)).through()).isEqualTo(10);
            assertThat(spool.take(HOST, batch("s", 1, 10, 0)).through())
                    .as("again")
                    .isEqualTo(10);
            assertThat(spool.take(HOST, batch("s", 6, 10, 0)).through())
                    .as("half of it again")
                    .isEqualTo(15);
            assertThat(spool.waiting()).isEqualTo(15);
            var chunk = reading.next(1, PATIENCE);
            assertThat(numbers(chunk.batches())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            spool.passedOn(chunk);
            assertThat(spool.waiting()).isEqualTo(5);
        }
        try (var spool = open(8 << 20);
                var reading = spool.read()) {
            assertThat(spool.waiting()).as("records, counted again").isEqualTo(5);
            spool.take(HOST, batch("another", 1, 2, 0)); // it began anew: nothing of it is known
            assertThat(numbers(reading.next(10, PATIENCE).batches())).containsExactly(11L, 12L, 13L, 14L, 15L, 1L, 2L);
        }
    }

    @Test
    void aFullOneTakesNothingAndSaysWhenToTryAgain() throws Exception {
        try (var spool = open(512 << 10);
                var reading = spool.read()) {
            long through = 0;
            int wait = 0;
            while (wait == 0) {
                var outcome = spool.take(HOST, batch("s", through + 1, 10, 1_000));
                assertThat(outcome.through()).isEqualTo(outcome.waitMillis() > 0 ? through : through + 10);
                through = outcome.through();
                wait = outcome.waitMillis();
            }
            assertThat(through).isBetween(100L, 600L);
            long seen = 0;
            while (seen < through) {
                var chunk = reading.next(8, PATIENCE);
                seen += numbers(chunk.batches()).size();
                spool.passedOn(chunk);
            }
            assertThat(seen).as("all that was said to be kept").isEqualTo(through);
            assertThat(spool.take(HOST, batch("s", through + 1, 10, 1_000)).through())
                    .as("there is room again")
                    .isEqualTo(through + 10);
        }
    }

    @Test
    void notMuchMoreThanSixteenMebibytesAreReadAtOnce() throws Exception {
        try (var spool = open(256 << 20);
                var reading = spool.read()) {
            for (int i = 0; i < 30; i++) {
                spool.take(HOST, batch("s", 1 + i * 10L, 10, 200_000));
            }
            int chunks = 0;
            for (long seen = 0; seen < 300; chunks++) {
                var chunk = reading.next(512, PATIENCE);
                assertThat(chunk.batches().stream()
                                .mapToLong(Batch::getSerializedSize)
                                .sum())
                        .isLessThan(21 << 20);
                seen += numbers(chunk.batches()).size();
                spool.passedOn(chunk);
            }
            assertThat(chunks).isBetween(3, 6);
            assertThatThrownBy(() -> spool.take(HOST, batch("s", 301, 10, 500_000)))
                    .isInstanceOf(IOException.class);
            assertThat(spool.refused()).isEqualTo(1);
        }
    }

    @Test
    void whatIsSetAsideWaitsAgainAfterAStart() throws Exception {
        var aside = SetAside.open(folder.resolve("rejected"));
        var batch = batch("s", 1, 3, 0).toBuilder()
                .setEndpointId(HOST.id().toString())
                .build();
        assertThat(aside.put(batch)).isTrue();
        assertThat(aside.records()).isEqualTo(3);
        try (var spool = open(8 << 20);
                var reading = spool.read()) {
            SetAside.open(folder.resolve("rejected")).takeBack(spool);
            assertThat(numbers(reading.next(1, PATIENCE).batches())).containsExactly(1L, 2L, 3L);
        }
        assertThat(folder.resolve("rejected")).isEmptyDirectory();
    }
}
