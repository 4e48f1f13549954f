package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed the hard way, again and again: what it said was durable is there. */
final class SegmentLogKillTest {
    @Test
    void whatAKilledProcessAcknowledgedIsThere(@TempDir Path folder) throws Exception {
        var random = Seed.of("SegmentLogKillTest").random();
        var acknowledged = new TreeMap<Long, String>();
        for (int round = 0; round < 20; round++) {
            int before = acknowledged.size();
            int killAfter = 1 + random.nextInt(60);
            var process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xshare:auto",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            folder.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.endsWith(".")) { // whole lines only: the last may be cut
                        int space = line.indexOf(' ');
                        acknowledged.put(
                                Long.parseLong(line.substring(0, space)), line.substring(space + 1, line.length() - 1));
                    }
                    if (acknowledged.size() - before >= killAfter) {
                        process.toHandle()
                                .destroyForcibly(); // unlike the process's own, leaves the pipe to be read to its end
                    }
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(acknowledged.size()).as("the child wrote").isGreaterThan(before);
        }
        verify(folder, acknowledged);
    }

    private static void verify(Path folder, TreeMap<Long, String> acknowledged) throws Exception {
        try (var log = Child.open(folder);
                var reader = log.read(0, 0)) {
            var missing = new TreeMap<>(acknowledged);
            var seen = new HashSet<String>();
            long expected = 0;
            for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                assertThat(batch.baseOffset()).isEqualTo(expected);
                expected += batch.size();
                var name = TestRecords.text(batch, 0);
                name = name.substring(0, name.indexOf(".0 "));
                assertThat(seen.add(name)).as("only once: %s", name).isTrue();
                var told = missing.remove(batch.baseOffset());
                assertThat(told == null || told.equals(name)).isTrue();
            }
            assertThat(missing).isEmpty();
            assertThat(acknowledged).hasSizeGreaterThan(100);
        }
    }

    /** The process that is killed: appends from four threads and prints each offset once it is durable. */
    static final class Child {
        private Child() {}

        static SegmentLog open(Path folder) throws IOException {
            return SegmentLog.open(
                    LogConfig.in(folder).withSegmentBytes(200_000).withReserveBytes(0),
                    Disk.real(),
                    InstantSource.system(),
                    new SecureRandom(),
                    p -> 0);
        }

        public static void main(String[] arguments) throws Exception {
            var log = open(Path.of(arguments[0]));
            for (int t = 0; t < 4; t++) {
                var name = arguments[1] + "/" + t + "/";
                var random = new SplittableRandom(t);
                Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < 100_000; i++) {
                            var batch = TestRecords.random(random, TestRecords.TENANT, name + i);
                            long offset = log.append(batch);
                            var line = offset + " " + name + i + ".\n";
                            synchronized (log) {
                                System.out.write(line.getBytes(StandardCharsets.UTF_8));
                                System.out.flush();
                            }
                        }
                    } catch (Exception e) {
                        Runtime.getRuntime().halt(3);
                    }
                });
            }
        }
    }
}
