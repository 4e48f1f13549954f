package io.marsad.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that collects is killed the hard way, again and again: what it said was durable is there. */
final class SpoolKillTest {
    @Test
    void whatAKilledProcessCalledDurableIsThere(@TempDir Path folder) throws Exception {
        var random = Seed.of("SpoolKillTest").random();
        var durable = new TreeMap<Long, String>();
        for (int round = 0; round < 5; round++) {
            int before = durable.size();
            int killAfter = 1 + random.nextInt(200);
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
                        var old = durable.put(
                                Long.parseLong(line.substring(0, space)), line.substring(space + 1, line.length() - 1));
                        assertThat(old).as("a number given twice").isNull();
                    }
                    if (durable.size() - before >= killAfter) {
                        process.toHandle().destroyForcibly();
                    }
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(durable.size()).as("the child wrote").isGreaterThan(before);
        }
        try (var spool = Spool.open(Child.config(folder))) {
            assertThat(spool.counters().droppedRecords()).isZero();
            for (var entry : spool.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
                var told = durable.remove(entry.sequence());
                assertThat(told == null || told.equals(new String(entry.record(), StandardCharsets.UTF_8)))
                        .isTrue();
            }
            assertThat(durable).isEmpty();
        }
    }

    /** The process that is killed: prints what is durable. */
    static final class Child {
        private Child() {}

        static SpoolConfig config(Path folder) {
            return new SpoolConfig(folder, 64L << 20, 20_000, 1_000, Duration.ofMillis(3));
        }

        public static void main(String[] arguments) throws Exception {
            var spool = Spool.open(config(Path.of(arguments[0])));
            for (int i = 0; i < 100_000; i++) {
                var text = arguments[1] + "/" + i;
                long sequence =
                        spool.append(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
                if (!spool.sync()) {
                    System.exit(3);
                }
                var line = sequence + " " + text + ".\n";
                System.out.write(line.getBytes(StandardCharsets.UTF_8));
                System.out.flush();
            }
        }
    }
}
