package io.marsad.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.collect.Sink;
import io.marsad.agent.guard.CpuWatch;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.spool.Spool;
import io.marsad.agent.spool.SpoolConfig;
import io.marsad.agent.spool.SpoolEntry;
import io.marsad.testkit.TestClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a log file through the spool to who takes it. */
final class AgentTest {
    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-23T06:00:00Z");
    private final CpuWatch cpu = new CpuWatch(0.01, () -> 0, clock);

    private static Policy.Collection every(int millis, long records, List<String> paths) {
        return new Policy.Collection(Duration.ofMillis(millis), records, 1_000_000, paths, null);
    }

    @Test
    void everyLineIsTakenThoughTheUplinkFailsAndTheAgentBeginsAnew() throws IOException {
        var log = Files.createDirectories(folder.resolve("var/log")).resolve("a.log");
        Files.createFile(log);
        var taken = new ArrayList<String>();
        var calls = new int[1];
        Uplink uplink = batch -> {
            if (++calls[0] % 3 == 1) {
                throw new IOException("cut off");
            }
            var some = batch.subList(0, (batch.size() + 1) / 2);
            for (var entry : some) {
                taken.add(text(entry));
            }
            return some.getLast().sequence();
        };
        int written = 0;
        for (int life = 0; life < 4; life++) {
            try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")))) {
                var agent = new Agent(spool, cpu, clock);
                var how = every(100, 1000, List.of("/var/log/*.log"));
                Collectors.of("files", new HostRoot(folder), folder, how, clock).ifPresent(c -> agent.add(c, how));
                var shipper = new Shipper(spool, uplink);
                for (int round = 0; round < 5; round++) {
                    agent.round();
                    Files.writeString(log, "line " + written++ + "\n", StandardOpenOption.APPEND);
                    clock.advance(Duration.ofSeconds(1));
                    agent.round();
                    assertThat(shipper.ship()).isNotNegative();
                }
                if (life == 3) {
                    while (spool.waiting() > 0) {
                        shipper.ship();
                    }
                    assertThat(agent.status()).contains("waiting=0", "dropped=0", "failures=0");
                }
            }
        }
        assertThat(taken).hasSize(written);
        for (int i = 0; i < written; i++) {
            assertThat(taken.get(i)).contains("\"message\":\"line " + i + "\"");
        }
    }

    @Test
    void linesBeyondTheLimitWaitInTheirFileAndComeLater() throws IOException {
        var log = Files.createDirectories(folder.resolve("var/log")).resolve("a.log");
        Files.createFile(log);
        var how = every(100, 5, List.of("/var/log/*.log")); // and fifty at once
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")))) {
            var agent = new Agent(spool, cpu, clock);
            Collectors.of("files", new HostRoot(folder), folder, how, clock).ifPresent(c -> agent.add(c, how));
            agent.round();
            for (int i = 0; i < 200; i++) {
                Files.writeString(log, "line " + i + "\n", StandardOpenOption.APPEND);
            }
            clock.advance(Duration.ofSeconds(1));
            agent.round();
            assertThat(spool.waiting()).isEqualTo(50);
            assertThat(agent.status()).contains("over_limit=0").contains("held=file");
            for (int second = 0; second < 30; second++) {
                clock.advance(Duration.ofSeconds(1));
                agent.round();
                assertThat(spool.waiting()).isEqualTo(Math.min(200, 55 + second * 5));
            }
            assertThat(agent.status()).contains("over_limit=0").doesNotContain("held=");
        }
    }

    @Test
    void linesWaitInTheirFileWhileTheSpoolHasNoRoomAlsoAcrossRotationAndAStart() throws IOException {
        var log = Files.createDirectories(folder.resolve("var/log")).resolve("a.log");
        Files.createFile(log);
        var taken = new ArrayList<String>();
        Uplink uplink = batch -> {
            batch.forEach(entry -> taken.add(text(entry)));
            return batch.getLast().sequence();
        };
        var small = new SpoolConfig(folder.resolve("spool"), 8_000, 4_000, 500, Duration.ofMillis(200));
        var how = every(100, 100_000, List.of("/var/log/*.log"));
        for (int life = 0; life < 2; life++) {
            try (var spool = Spool.open(small)) {
                var agent = new Agent(spool, cpu, clock);
                Collectors.of("files", new HostRoot(folder), folder, how, clock).ifPresent(c -> agent.add(c, how));
                agent.round();
                for (int i = 0; i < 400; i++) {
                    Files.writeString(
                            log,
                            "line " + (life * 400 + i) + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                    if (i == 200) {
                        Files.move(log, folder.resolve("var/log/a.log.1"), StandardCopyOption.REPLACE_EXISTING);
                    }
                    if (i % 50 == 0) {
                        clock.advance(Duration.ofSeconds(1));
                        agent.round();
                    }
                }
                clock.advance(Duration.ofSeconds(1));
                agent.round();
                assertThat(agent.status()).contains("held=file", "dropped=0", "refused=0", "failures=0");
                assertThat(taken).as("nobody takes any").hasSize(life * 400);
                var shipper = new Shipper(spool, uplink);
                while (taken.size() < (life + 1) * 400) {
                    int before = taken.size();
                    shipper.ship();
                    clock.advance(Duration.ofSeconds(1));
                    agent.round();
                    assertThat(taken.size()).as("there is more to take").isGreaterThan(before);
                }
                clock.advance(Duration.ofSeconds(1));
                agent.round();
                assertThat(agent.status()).contains("waiting=0", "dropped=0").doesNotContain("held");
            }
        }
        for (int i = 0; i < 800; i++) {
            assertThat(taken.get(i)).contains("\"message\":\"line " + i + "\"");
        }
    }

    private static String text(SpoolEntry entry) {
        return new String(entry.record(), StandardCharsets.UTF_8);
    }

    @Test
    void waitsLongerWhileTheUplinkFails() throws IOException {
        try (var spool = Spool.open(SpoolConfig.in(folder))) {
            spool.append(new byte[] {1});
            assertThat(spool.sync()).isTrue();
            var shipper = new Shipper(spool, batch -> {
                throw new IOException("cut off");
            });
            assertThat(List.of(shipper.ship(), shipper.ship(), shipper.ship())).containsExactly(500L, 1000L, 2000L);
            assertThat(spool.waiting()).isEqualTo(1);
        }
    }

    @Test
    void aFaultOfOneCollectorAndALimitLeaveTheOthersAlone() throws IOException {
        Files.createDirectories(folder.resolve("proc/1"));
        Files.writeString(folder.resolve("proc/1/stat"), "1 (init) S 0 1 1 0 -1 4 1 0 0 0 1 2 0 0 20 0 1 0 5 100 10");
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")))) {
            var agent = new Agent(spool, cpu, clock);
            agent.add(
                    new Collector() {
                        @Override
                        public String name() {
                            return "faulty";
                        }

                        @Override
                        public void poll(Sink sink) {
                            throw new IllegalStateException("expected by the test");
                        }

                        @Override
                        public long refusals() {
                            return 0;
                        }
                    },
                    every(100, 1, List.of()));
            Collectors.of("processes", new HostRoot(folder), folder, Policy.Collection.ONCE, clock)
                    .ifPresent(c -> agent.add(c, every(100, 1, List.of())));
            agent.round();
            assertThat(agent.status()).contains("collected=1 ", "failures=1 ");
        }
    }

    @Test
    void theCommandPrintsWhatRunsHere() throws Exception {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Main.main(List.of("collect", "--once", "processes"), print, print))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"pid\":" + ProcessHandle.current().pid() + ",");
        assertThat(Main.main(List.of("collect", "--once", "nothing"), print, print))
                .isEqualTo(2);
        assertThat(Main.main(List.of("run", "--data", folder.resolve("none").toString()), print, print))
                .isEqualTo(1);
    }
}
