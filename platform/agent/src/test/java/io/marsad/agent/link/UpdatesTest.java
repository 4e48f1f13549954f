package io.marsad.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.agent.host.HostProgram;
import io.marsad.agent.policy.PolicyReader;
import io.marsad.agent.policy.PolicyStore;
import io.marsad.agent.spool.Spool;
import io.marsad.agent.spool.SpoolConfig;
import io.marsad.agent.update.Home;
import io.marsad.agent.update.Updates;
import io.marsad.proto.agent.v1.Host;
import io.marsad.testkit.TestClock;
import io.marsad.uplink.Enrolling;
import io.marsad.wire.AgentPackage;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that are shell scripts, over a real relay, into a home that the real guard begins. */
final class UpdatesTest {
    private static final String OLD = "0.1.0";
    private static final String NEW = "0.2.0";
    private static final String RUNS =
            "echo \"$(basename \"$(dirname \"$(dirname \"$(readlink -f \"$0\")\")\")\")\" >> \"$MARSAD_AGENT_HOME/began\"";

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-23T10:00:00Z");
    private TestRelay relay;
    private Path home;

    @BeforeEach
    void install() throws Exception {
        relay = new TestRelay(clock);
        home = folder.resolve("home");
        script(home.resolve("versions/" + OLD + "/bin/marsad-agent"), OLD, RUNS);
        Files.createSymbolicLink(home.resolve("current"), Path.of("versions", OLD));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("../../build/agent-guard.sh").toRealPath(), home.resolve("bin/marsad-agent"));
        var invitation = new Enrolling.Invitation(relay.address(), TestRelay.SECRET, relay.fingerprint());
        var host = Host.newBuilder()
                .setHostname("ws-7")
                .setPlatform("linux")
                .setHardwareId("hw-1")
                .build();
        Enrolling.enroll(invitation, PeerId.Kind.ENDPOINT, host, clock).write(folder);
    }

    @AfterEach
    void end() {
        relay.close();
    }

    private static void script(Path file, String version, String run) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                #!/bin/sh
                if [ "$1" = --version ]; then echo "marsad agent %s"; exit; fi
                %s
                """.formatted(version, run));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A package, known to the relay. @param says the version that it says it is @param run what it does when it is begun */
    private AgentPackage packed(String version, String says, String run, int filling) throws Exception {
        var name = "marsad-agent-" + version + "-" + Updates.platform();
        var tree = folder.resolve("packing").resolve(name);
        script(tree.resolve("bin/marsad-agent"), says, run);
        var bytes = new byte[filling];
        new Random(1).nextBytes(bytes);
        Files.write(tree.resolve("filling"), bytes);
        var file = folder.resolve(name + ".tar.gz");
        program("tar", "-C", folder.resolve("packing").toString(), "-czf", file.toString(), name);
        var packed = Files.readAllBytes(file);
        var sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packed));
        relay.packages.put(sha256, packed);
        return new AgentPackage(version, Updates.platform(), sha256, packed.length);
    }

    private static HostProgram.Ended program(String... command) throws Exception {
        return new HostProgram(List.of(command), "", Map.of(), Duration.ofSeconds(20), 10_000, true).run();
    }

    /** As systemd would: once, and never again by itself. */
    private HostProgram.Ended begin() throws Exception {
        return new HostProgram(
                        List.of("/bin/sh", home.resolve("bin/marsad-agent").toString(), "run"),
                        "",
                        Map.of("INVOCATION_ID", "1"),
                        Duration.ofSeconds(20),
                        10_000,
                        true)
                .run();
    }

    private List<String> began() throws IOException {
        return Files.readAllLines(home.resolve("began"));
    }

    private Updates updates(String version) throws IOException {
        return new Updates(Home.at(home.toString()), folder.resolve("update"), version, clock);
    }

    private interface Working {
        void with(Link link) throws Exception;
    }

    private void linked(Updates updates, Working work) throws Exception {
        var store = PolicyStore.open(folder.resolve("policy.json"), clock);
        store.current().ifPresent(policy -> updates.want(policy.agent(), policy.version()));
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = new Link(
                        folder,
                        spool,
                        store,
                        policy -> updates.want(policy.agent(), policy.version()),
                        updates,
                        clock)) {
            work.with(link);
        }
    }

    private void offer(long version, AgentPackage named) throws Exception {
        relay.offer(version, """
                {"agent":[{"platform":"%s","sha256":"%s","size":%d,"version":"%s"}],"collectors":{}}""".formatted(named.platform(), named.sha256(), named.size(), named.version()));
    }

    private static void until(Callable<Boolean> seen) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(seen);
    }

    /** Steps until another is to be begun, or it is said why not. */
    private static void stepping(Updates updates, Link link) {
        until(() -> {
            link.look();
            updates.step(link.channel());
            return updates.isReady() || !updates.notUpdated().isEmpty();
        });
    }

    private String current() throws IOException {
        return String.valueOf(Files.readSymbolicLink(home.resolve("current")).getFileName());
    }

    @Test
    void comesInBlocksAndIsBegunAndStaysOnceItHasReported() throws Exception {
        var named = packed(NEW, NEW, RUNS, 2 * AgentPackage.BLOCK + 17);
        var updates = updates(OLD);
        linked(updates, link -> {
            offer(3, named);
            stepping(updates, link);
            assertThat(updates.notUpdated()).isEmpty();
            assertThat(relay.blocks).containsExactly(0L, (long) AgentPackage.BLOCK, 2L * AgentPackage.BLOCK);
            assertThat(relay.newest.getAgentVersion()).isEqualTo(OLD);
        });
        assertThat(current()).isEqualTo(NEW);
        assertThat(home.resolve("trial")).exists();
        begin();
        assertThat(began()).containsExactly(NEW);

        var next = updates(NEW);
        linked(
                next,
                link -> until(() -> {
                    link.look();
                    next.step(link.channel());
                    return !Files.exists(home.resolve("trial"));
                }));
        assertThat(relay.newest.getAgentVersion()).isEqualTo(NEW);
        assertThat(home.resolve("tried")).doesNotExist();
        assertThat(home.resolve("versions/" + OLD)).as("the way back").exists();
        assertThat(next.isReady()).isFalse();
    }

    @Test
    void goesOnWhereItWasWhenTheAgentWasKilled() throws Exception {
        var named = packed(NEW, NEW, RUNS, 2 * AgentPackage.BLOCK + 17);
        var first = updates(OLD);
        linked(first, link -> {
            offer(3, named);
            until(() -> {
                link.look();
                first.step(link.channel());
                return !relay.blocks.isEmpty();
            });
        });
        int before = relay.blocks.size();
        Files.write(
                folder.resolve("update").resolve(named.sha256()),
                new byte[100],
                StandardOpenOption.APPEND); // half a block
        relay.blocks.clear();
        var second = updates(OLD);
        linked(second, link -> stepping(second, link));
        assertThat(second.isReady()).isTrue();
        assertThat(before).isEqualTo(1);
        assertThat(relay.blocks)
                .as("what was written in part is not believed")
                .containsExactly((long) AgentPackage.BLOCK, 2L * AgentPackage.BLOCK);
        assertThat(current()).isEqualTo(NEW);
    }

    @Test
    void takesNothingButWhatWasSigned() throws Exception {
        var named = packed(NEW, NEW, RUNS, 10);
        var other = Objects.requireNonNull(relay.packages.get(named.sha256())).clone();
        other[other.length / 2] ^= 1;
        relay.packages.put(named.sha256(), other);
        var updates = updates(OLD);
        linked(updates, link -> {
            offer(3, named);
            stepping(updates, link);
            assertThat(updates.notUpdated()).contains("not the package that was signed");
            until(() -> {
                link.look();
                return relay.newest.getUpdateRefused().contains("not the package that was signed");
            });
        });
        assertThat(current()).isEqualTo(OLD);
        assertThat(home.resolve("versions/" + NEW)).doesNotExist();
    }

    @Test
    void isNotBegunWhenItDoesNotRunHere() throws Exception {
        var named = packed(NEW, "0.9.9", RUNS, 10);
        var updates = updates(OLD);
        linked(updates, link -> {
            offer(3, named);
            stepping(updates, link);
        });
        assertThat(updates.notUpdated()).contains("does not run on this host").contains("0.9.9");
        assertThat(current()).isEqualTo(OLD);
        assertThat(home.resolve("versions/" + NEW)).doesNotExist();
        assertThat(home.resolve("versions/" + NEW + ".next")).doesNotExist();
    }

    @Test
    void makesWayForTheOneBeforeWhenItNeverReports() throws Exception {
        var named = packed(NEW, NEW, RUNS + "; exit 1", 10);
        var updates = updates(OLD);
        linked(updates, link -> {
            offer(3, named);
            stepping(updates, link);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(begin().code()).isEqualTo(1);
        }
        assertThat(begin().text()).contains("0.2.0 did not report; versions/0.1.0 is back");
        assertThat(began()).containsExactly(NEW, NEW, NEW, OLD);
        assertThat(current()).isEqualTo(OLD);

        var back = updates(OLD);
        linked(back, link -> {
            stepping(back, link);
            assertThat(back.notUpdated()).contains("begun three times and never reported");
            assertThat(back.isReady()).isFalse();
            offer(4, named);
            until(() -> {
                link.look();
                back.step(link.channel());
                return back.isReady();
            });
        });
        assertThat(current()).as("given anew, tried anew").isEqualTo(NEW);
    }

    @Test
    void oneThatRunsAndCannotReportEndsItself() throws Exception {
        Files.createDirectories(home.resolve("versions/" + NEW));
        Files.writeString(home.resolve("trial"), NEW + " " + "a".repeat(64) + " 3\n");
        relay.close();
        var updates = updates(NEW);
        linked(updates, link -> {
            updates.step(link.channel());
            assertThat(updates.isReady()).isFalse();
            clock.advance(Duration.ofMinutes(11));
            updates.step(link.channel());
        });
        assertThat(updates.isReady()).isTrue();
    }

    @Test
    void aTrialThatWasNeverBegunIsNone() throws Exception {
        Files.writeString(home.resolve("trial"), NEW + " " + "a".repeat(64) + " 3\n"); // and then the power went
        updates(OLD);
        assertThat(home.resolve("trial")).doesNotExist();
    }

    @Test
    void whoWasNotInstalledSaysSo() throws Exception {
        var named = packed(NEW, NEW, RUNS, 10);
        var updates = new Updates(Home.at(null), folder.resolve("update"), OLD, clock);
        updates.want(List.of(named), 3);
        linked(updates, link -> updates.step(link.channel()));
        assertThat(updates.notUpdated()).contains("not installed by install.sh");
        assertThat(relay.blocks).isEmpty();
    }

    @Test
    void theGuardBeginsAgainWhereNothingElseDoes() throws Exception {
        script(
                home.resolve("versions/" + OLD + "/bin/marsad-agent"),
                OLD,
                RUNS + "; ln -sfn versions/0.2.0 \"$MARSAD_AGENT_HOME/current\"; exit 75");
        script(home.resolve("versions/" + NEW + "/bin/marsad-agent"), NEW, RUNS + "; exit 3");
        var ended = program(
                "/bin/sh", "-c", "unset INVOCATION_ID; exec /bin/sh " + home.resolve("bin/marsad-agent") + " run");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(began()).containsExactly(OLD, NEW);
    }

    @Test
    void readsOnlyPackagesThatAreSound() {
        for (var bad : List.of(
                "{}",
                "[{\"version\":\"../../etc\",\"platform\":\"linux-x86_64\",\"sha256\":\"" + "a".repeat(64)
                        + "\",\"size\":1}]",
                "[{\"version\":\"1.0.0\",\"platform\":\"linux-x86_64\",\"sha256\":\"" + "g".repeat(64)
                        + "\",\"size\":1}]",
                "[{\"version\":\"1.0.0\",\"platform\":\"linux-x86_64\",\"sha256\":\"" + "a".repeat(64)
                        + "\",\"size\":0}]",
                "[{\"version\":\"1.0.0\",\"platform\":\"linux-x86_64\",\"sha256\":\"" + "a".repeat(64)
                        + "\",\"size\":1,\"x\":1}]",
                "[1]")) {
            var policy =
                    "{\"version\":1,\"not_after\":\"2026-12-31T00:00:00Z\",\"collectors\":{},\"agent\":" + bad + "}";
            assertThatThrownBy(() -> PolicyReader.read(policy.getBytes(StandardCharsets.UTF_8)))
                    .hasMessageStartingWith("agent");
        }
    }
}
