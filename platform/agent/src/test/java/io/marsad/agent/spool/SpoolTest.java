package io.marsad.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.testkit.Seed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spool against a model of it: random work, crashes that leave files cut anywhere, disks that are full. */
final class SpoolTest {
    @TempDir
    private Path folder;

    private static SpoolConfig config(Path folder) {
        return new SpoolConfig(folder, 6_000, 1_000, 300, Duration.ofMillis(5));
    }

    private static List<SpoolEntry> all(Spool spool) throws IOException {
        return spool.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    void nothingDurableIsLostBeyondWhatIsCounted() throws IOException {
        var random = Seed.of("SpoolTest").random();
        for (int run = 0; run < 12; run++) {
            new Model(folder.resolve("run" + run), random.split()).run();
        }
    }

    /** What is known of one spool. */
    private static final class Model {
        private final Path base;
        private final SplittableRandom random;
        private final TreeMap<Long, String> appended = new TreeMap<>();
        private final Set<Long> shown = new HashSet<>();
        private long durable;
        private long acknowledged;
        private int life;
        private Spool spool;

        Model(Path base, SplittableRandom random) throws IOException {
            this.base = base;
            this.random = random;
            spool = Spool.open(config(base.resolve("0")), Channels.real());
        }

        void run() throws IOException {
            for (int step = 0; step < 300; step++) {
                int dice = random.nextInt(100);
                if (dice < 70) {
                    append();
                } else if (dice < 80) {
                    assertThat(spool.sync()).isTrue();
                    durable = appended.isEmpty() ? 0 : appended.lastKey();
                } else if (dice < 92) {
                    var some = spool.read(random.nextBoolean() ? 0 : acknowledged, 1 + random.nextInt(9), 900);
                    some.forEach(this::check);
                    if (!some.isEmpty() && random.nextBoolean()) {
                        acknowledged = Math.max(acknowledged, some.getLast().sequence());
                        spool.acknowledge(acknowledged);
                    }
                } else if (dice < 97) {
                    verify();
                } else {
                    crash();
                }
            }
            verify();
            spool.close();
        }

        private void append() {
            var text = "record " + random.nextLong() + "x".repeat(random.nextInt(200));
            long sequence = spool.append(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
            assertThat(shown).as("a number given twice").doesNotContain(sequence);
            assertThat(sequence).isGreaterThan(durable);
            appended.put(sequence, text);
        }

        private void check(SpoolEntry entry) {
            assertThat(new String(entry.record(), StandardCharsets.UTF_8)).isEqualTo(appended.get(entry.sequence()));
            shown.add(entry.sequence());
        }

        private void verify() throws IOException {
            assertThat(spool.bytes()).isLessThanOrEqualTo(6_000);
            var there = new HashSet<Long>();
            long before = 0;
            for (var entry : all(spool)) {
                check(entry);
                assertThat(entry.sequence()).isGreaterThan(before);
                before = entry.sequence();
                there.add(before);
            }
            long missing = appended.headMap(durable, true).keySet().stream()
                    .filter(s -> s > acknowledged && !there.contains(s))
                    .count();
            assertThat(missing).isLessThanOrEqualTo(spool.counters().droppedRecords());
            assertThat(spool.counters().droppedRecords()).isLessThanOrEqualTo(appended.size() - there.size());
        }

        /** Another folder with what the disk may hold, its newest file cut or with rubbish behind what is durable. */
        private void crash() throws IOException {
            var next = Files.createDirectories(base.resolve(Integer.toString(++life)));
            Path last = next;
            try (var files = Files.list(base.resolve(Integer.toString(life - 1)))) {
                for (var file : files.sorted().toList()) {
                    var copy = Files.copy(file, next.resolve(file.getFileName().toString()));
                    last = copy.toString().endsWith(".spool") ? copy : last;
                }
            }
            spool.close();
            if (last != next) {
                cut(last);
            }
            spool = Spool.open(config(next), Channels.real());
            verify();
            appended.keySet().removeIf(s -> s > durable && !shown.contains(s));
            durable = appended.isEmpty() ? 0 : appended.lastKey(); // what was found again is durable
        }

        private void cut(Path file) throws IOException {
            long first = Long.parseLong(file.getFileName().toString().substring(0, 19));
            long safe = 0;
            for (var text : appended.subMap(first, Math.max(first, durable + 1)).values()) {
                safe += Segment.HEADER + text.getBytes(StandardCharsets.UTF_8).length;
            }
            try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                long size = open.length();
                long at = size <= safe ? size : safe + random.nextLong(size - safe + 1);
                open.setLength(at);
                if (random.nextBoolean()) {
                    open.seek(at);
                    var rubbish = new byte[random.nextInt(40)];
                    for (int i = 0; i < rubbish.length; i++) {
                        rubbish[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
                    }
                    open.write(rubbish);
                }
            }
        }
    }

    @Test
    void theOldestGoesBeyondTheLimitAndIsCountedForGood() throws IOException {
        long appended = 500;
        try (var spool = Spool.open(config(folder), Channels.real())) {
            for (int i = 0; i < appended; i++) {
                assertThat(spool.append(new byte[100])).isPresent();
            }
        }
        try (var spool = Spool.open(config(folder), Channels.real())) {
            var there = all(spool);
            assertThat(there.getLast().sequence()).isEqualTo(appended);
            assertThat(spool.counters().droppedRecords()).isEqualTo(appended - there.size());
            assertThat(spool.counters().droppedBytes()).isEqualTo(108 * (appended - there.size()));
            assertThat(spool.waiting()).isEqualTo(there.size());
            assertThat(spool.counters().cuts()).isZero();
        }
    }

    @Test
    void aRecordThatIsTooLongIsRefusedAndCounted() throws IOException {
        try (var spool = Spool.open(config(folder), Channels.real())) {
            assertThat(spool.append(new byte[301])).isEmpty();
            assertThat(spool.append(new byte[0])).isEmpty();
            assertThat(spool.counters().refusedRecords()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotDurableIsNotShown() throws IOException {
        try (var spool = Spool.open(config(folder), Channels.real())) {
            spool.append(new byte[] {1});
            assertThat(all(spool)).isEmpty();
            spool.sync();
            assertThat(all(spool)).hasSize(1);
        }
    }

    @Test
    void twoAtOnceAreRefused() throws IOException {
        try (var spool = Spool.open(config(folder))) {
            assertThat(spool.waiting()).isZero();
            assertThatThrownBy(() -> Spool.open(config(folder))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void bytesThatTurnedOnDiskAreCountedOnceAndTheRestIsRead() throws IOException {
        try (var spool = Spool.open(config(folder), Channels.real())) {
            for (int i = 0; i < 20; i++) {
                spool.append(new byte[100]);
            }
            spool.sync();
            try (var open = new RandomAccessFile(Segment.file(folder, 1).toFile(), "rw")) {
                open.seek(108 * 3 + 50);
                open.write(7);
            }
            int there = all(spool).size();
            assertThat(all(spool)).hasSize(there);
            assertThat(spool.counters().lostRecords()).isEqualTo(20 - there).isPositive();
        }
    }

    @Test
    void aFullDiskCostsTheOldestThenTheNewestAndNeverMore() throws IOException {
        var disk = new FullDisk(3_500);
        long refused;
        try (var spool = Spool.open(config(folder), disk)) {
            for (int i = 0; i < 200; i++) {
                spool.append(new byte[100]);
            }
            spool.sync();
            assertThat(spool.counters().droppedRecords()).isPositive();
            disk.room = disk.used; // somebody else takes all the rest
            while (spool.waiting() > 15) {
                spool.acknowledge(spool.read(0, 5, 10_000).getLast().sequence());
            }
            disk.room = 0;
            spool.append(new byte[200]);
            spool.append(new byte[200]);
            refused = spool.counters().refusedRecords();
            assertThat(refused).isPositive();
            disk.room = 100_000;
            assertThat(spool.append("again".getBytes(StandardCharsets.UTF_8))).isPresent();
        }
        try (var spool = Spool.open(config(folder), disk)) {
            assertThat(all(spool).getLast().record()).isEqualTo("again".getBytes(StandardCharsets.UTF_8));
            assertThat(spool.counters().refusedRecords()).isEqualTo(refused);
            assertThat(spool.counters().cuts()).isZero();
        }
    }

    @Test
    void aDiskThatFailsToSyncCostsWhatWasNotDurable() throws IOException {
        var disk = new FullDisk(100_000);
        try (var spool = Spool.open(config(folder), disk)) {
            spool.append(new byte[] {1});
            assertThat(spool.sync()).isTrue();
            spool.append(new byte[] {2});
            disk.failing = true;
            assertThat(spool.sync()).isFalse();
            disk.failing = false;
            long sequence = spool.append(new byte[] {3}).orElseThrow();
            assertThat(sequence).isEqualTo(3);
            assertThat(spool.sync()).isTrue();
            assertThat(all(spool)).extracting(SpoolEntry::sequence).containsExactly(1L, 3L);
            assertThat(spool.counters().lostRecords()).isEqualTo(1);
        }
    }
}
