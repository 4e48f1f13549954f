package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.log.EventLog.Damage;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random appends by several threads, with the power going off at random moments, over and over on the same disk. */
final class SegmentLogCrashTest {
    private static final Path FOLDER = Path.of("/log");

    /** What was acknowledged, by offset, and all that was ever tried, as descriptions. */
    private record Told(Map<Long, String> acknowledged, Map<String, Integer> tried) {}

    @Test
    void whatWasAcknowledgedIsThereOnceInOrderAndWhole() throws Exception {
        var seed = Seed.of("SegmentLogCrashTest");
        var random = seed.random();
        int crashes = 0;
        int torn = 0;
        long records = 0;
        for (int history = 0; history < 60; history++) {
            var disk = new FaultyDisk();
            var told = new Told(new TreeMap<>(), new HashMap<>());
            for (int life = 0; life < 6; life++) {
                live(disk, told, random.split(), history + "/" + life);
                crashes++;
                disk = disk.afterPowerLoss(random);
                var damage = verify(disk, told);
                torn += damage.size();
            }
            records += told.acknowledged.size();
        }
        System.out.println(crashes + " crashes, " + torn + " torn tails, " + records + " acknowledged batches");
        assertThat(torn).as("the test tears tails").isPositive();
    }

    private static LogConfig config() {
        return LogConfig.in(FOLDER)
                .withMaxBytes(64 << 20)
                .withSegmentBytes(24 << 10)
                .withReserveBytes(0);
    }

    private static SegmentLog open(FaultyDisk disk) throws IOException {
        return SegmentLog.open(config(), disk, new TestClock("2026-01-01T00:00:00Z"), new SplittableRandom(7), p -> 0);
    }

    private static void live(FaultyDisk disk, Told told, SplittableRandom random, String name) throws Exception {
        SegmentLog log;
        disk.powerOffAfter(30 + random.nextInt(900));
        try {
            log = open(disk);
        } catch (IOException e) {
            return; // went off while it was opened
        }
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 3; t++) {
            var own = random.split();
            var prefix = name + "/" + t;
            threads.add(Thread.ofVirtual().start(() -> append(log, told, own, prefix)));
        }
        for (var thread : threads) {
            thread.join();
        }
        try {
            log.close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("power");
        }
    }

    private static void append(SegmentLog log, Told told, SplittableRandom random, String name) {
        for (int i = 0; i < 1000; i++) {
            var batch = TestRecords.random(random, TestRecords.TENANT, name + "/" + i);
            var description = TestRecords.describe(batch);
            synchronized (told) {
                told.tried.merge(description, 1, Integer::sum);
            }
            try {
                long offset = log.append(batch);
                synchronized (told) {
                    assertThat(told.acknowledged.put(offset, description)).isNull();
                }
            } catch (Exception e) {
                assertThat(e).isInstanceOf(IOException.class);
                return;
            }
        }
    }

    private static List<Damage> verify(FaultyDisk disk, Told told) throws Exception {
        try (var log = open(disk)) {
            var seen = new HashSet<String>();
            var missing = new TreeMap<>(told.acknowledged);
            long expected = 0;
            try (var reader = log.read(0, 0)) {
                for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                    var description = TestRecords.describe(batch);
                    assertThat(batch.baseOffset()).isEqualTo(expected);
                    expected += batch.size();
                    assertThat(told.tried).as("never sent").containsKey(description);
                    assertThat(seen.add(description)).as("only once").isTrue();
                    var acknowledged = missing.remove(batch.baseOffset());
                    if (acknowledged != null) {
                        assertThat(description).isEqualTo(acknowledged);
                    }
                    told.acknowledged.put(batch.baseOffset(), description); // once seen it has to stay
                }
            }
            assertThat(missing).as("acknowledged and gone").isEmpty();
            assertThat(log.endOffset(0)).isEqualTo(expected);
            var damage = log.damage();
            assertThat(damage)
                    .allSatisfy(d -> assertThat(d.fromOffset()).as(d.toString()).isEqualTo(d.toOffset()));
            return damage;
        }
    }

    @Test
    void everyFlippedBitIsFoundAndCostsOneBatchAtMost() throws Exception {
        var random = Seed.of("flipped bits").random();
        for (int round = 0; round < 150; round++) {
            var disk = new FaultyDisk();
            var written = new TreeMap<Long, String>();
            try (var log = open(disk)) {
                for (int i = 0; i < 60; i++) {
                    var batch = TestRecords.random(random, TestRecords.TENANT, "f" + i);
                    written.put(log.append(batch), TestRecords.describe(batch));
                }
            }
            var folder = FOLDER.resolve("p000");
            var names = disk.list(folder);
            var file = folder.resolve(names.get(random.nextInt(names.size())));
            int size = disk.bytes(file).length;
            int position = random.nextInt(4) == 0 ? random.nextInt(64) : random.nextInt(size);
            disk.flip(file, position, random.nextInt(8));
            boolean inFrames = position >= 4096;

            try (var log = open(disk)) {
                var lost = new TreeMap<>(written);
                try (var reader = log.read(0, 0)) {
                    for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                        assertThat(lost.remove(batch.baseOffset())).isEqualTo(TestRecords.describe(batch));
                    }
                }
                assertThat(lost.size()).isLessThanOrEqualTo(inFrames ? 1 : 0);
                if (!lost.isEmpty()) {
                    var first = lost.firstKey();
                    assertThat(log.damage()).anyMatch(d -> d.fromOffset() <= first);
                    assertThat(Collections.max(written.keySet())).isGreaterThanOrEqualTo(first);
                }
            }
        }
    }
}
