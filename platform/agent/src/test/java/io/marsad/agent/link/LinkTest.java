package io.marsad.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.agent.policy.Policy;
import io.marsad.agent.policy.PolicyStore;
import io.marsad.agent.spool.Spool;
import io.marsad.agent.spool.SpoolConfig;
import io.marsad.agent.update.Updates;
import io.marsad.proto.agent.v1.Host;
import io.marsad.testkit.TestClock;
import io.marsad.uplink.Enrolling;
import io.marsad.uplink.Identity;
import io.marsad.uplink.ThisHost;
import io.marsad.wire.PeerId;
import io.marsad.wire.PolicyShare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's link to a relay, over real sockets: let in, sending, hearing, renewed. */
final class LinkTest {
    private static final String POLICY = "{\"collectors\":{\"processes\":{\"every_ms\":1000,\"on\":true}}}";
    private static final String LOGINS = "{\"collectors\":{\"inventory\":{\"every_ms\":9000,\"on\":true}}}";

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-23T10:00:00Z");
    private final List<Policy> applied = new CopyOnWriteArrayList<>();
    private TestRelay relay;

    @BeforeEach
    void begin() throws Exception {
        relay = new TestRelay(clock);
    }

    @AfterEach
    void end() {
        relay.close();
    }

    private static Host host(String hardware) {
        return Host.newBuilder()
                .setHostname("ws-7")
                .setPlatform("linux")
                .setHardwareId(hardware)
                .build();
    }

    private Identity enrolled() throws Exception {
        return enrolled("hw-1");
    }

    private Identity enrolled(String hardware) throws Exception {
        var invitation = new Enrolling.Invitation(relay.address(), TestRelay.SECRET, relay.fingerprint());
        var identity = Enrolling.enroll(invitation, PeerId.Kind.ENDPOINT, host(hardware), clock);
        identity.write(folder);
        return identity;
    }

    /** That cannot be replaced. */
    private static Updates software(Path folder, TestClock clock) throws IOException {
        return new Updates(Optional.empty(), folder.resolve("update"), "0.1.0", clock);
    }

    private Link link(Spool spool) throws Exception {
        return new Link(
                folder,
                spool,
                PolicyStore.open(folder.resolve("policy.json"), clock),
                applied::add,
                software(folder, clock),
                clock);
    }

    /** What the agent's thread does once a second. */
    private void looking(Link link, org.awaitility.core.ThrowingRunnable seen) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            link.look();
            clock.advance(Duration.ofSeconds(1));
            seen.run();
        });
    }

    @Test
    void aHostIsLetInByTheSecretAndBelievesNobodyButTheAuthorityItWasTold() throws Exception {
        var first = enrolled();
        assertThat(enrolled().peer()).as("the same hardware").isEqualTo(first.peer());
        assertThat(Identity.read(folder).certificate()).isNotEqualTo(first.certificate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("identity.json"))))
                .isEqualTo("rw-------");
        var other = new Enrolling.Invitation(relay.address(), TestRelay.SECRET, "0".repeat(64));
        assertThatThrownBy(() -> Enrolling.enroll(other, PeerId.Kind.ENDPOINT, host("hw-1"), clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not of the authority that this host was told");
        var wrong = TestRelay.SECRET.substring(0, TestRelay.SECRET.length() - 1) + "x";
        assertThatThrownBy(() -> Enrolling.enroll(
                        new Enrolling.Invitation(relay.address(), wrong, relay.fingerprint()),
                        PeerId.Kind.ENDPOINT,
                        host("hw-1"),
                        clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the secret does not let this host in");
        assertThatThrownBy(() -> new Enrolling.Invitation(relay.address(), "s3cret", relay.fingerprint()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--secret");
    }

    @Test
    void recordsAreSentOnceThoughTheRelayGoesAndComesBack() throws Exception {
        enrolled();
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = link(spool)) {
            int sent = 0;
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 700; i++) {
                    assertThat(spool.append(("{\"n\":" + sent++ + "}").getBytes(StandardCharsets.UTF_8)))
                            .isPresent();
                }
                assertThat(spool.sync()).isTrue();
                if (round % 2 == 1) {
                    relay.end();
                    var batch = spool.read(0, 1000, 1 << 20);
                    assertThatThrownBy(() -> link.uplink().send(batch)).isInstanceOf(IOException.class);
                    relay.begin();
                }
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    var batch = spool.read(0, 1000, 1 << 20);
                    if (!batch.isEmpty()) {
                        try {
                            spool.acknowledge(link.uplink().send(batch));
                        } catch (IOException e) {
                            return false; // it is sent again
                        }
                    }
                    return spool.waiting() == 0;
                });
            }
            assertThat(relay.kept).hasSize(sent);
            int n = 0;
            for (var record : relay.kept.values()) {
                assertThat(record).isEqualTo("{\"n\":" + n++ + "}");
            }
            assertThat(relay.reports).isEmpty();
        }
    }

    @Test
    void policiesComeIntoForceAndNeverGoBack() throws Exception {
        enrolled();
        relay.offer(3, POLICY);
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = link(spool)) {
            looking(link, () -> assertThat(relay.reports).containsExactly("3 null"));
            assertThat(applied.getLast().collectors()).containsOnlyKeys("processes");
            relay.offer(4, LOGINS);
            looking(link, () -> assertThat(relay.reports).containsExactly("3 null", "4 null"));
            relay.offer(5, "{\"collectors\":{\"no_such\":{\"on\":true}}}");
            looking(
                    link,
                    () -> assertThat(relay.reports)
                            .last()
                            .asString()
                            .isEqualTo("5 collectors.no_such: not known here"));
            relay.offer(6, "{\"collectors\":{},\"version\":7}");
            looking(
                    link,
                    () -> assertThat(relay.reports).last().asString().isEqualTo("6 version: its envelope says 6"));
            assertThat(applied).extracting(Policy::version).containsExactly(3L, 4L);
        }
        var kept = PolicyStore.open(folder.resolve("policy.json"), clock);
        assertThat(kept.current().orElseThrow().version()).as("after a restart").isEqualTo(4);
        assertThat(kept.current().orElseThrow().collectors()).containsOnlyKeys("inventory");
    }

    @Test
    void aHostOutsideTheShareKeepsWhatItHasUntilTheShareIsWider() throws Exception {
        int place = PolicyShare.place("servers", enrolled("hw-1").peer().id());
        for (int i = 2; place < 1 || place > 98; i++) { // so that there is a share without it and one with it
            place = PolicyShare.place("servers", enrolled("hw-" + i).peer().id());
        }
        relay.offer(1, shared(POLICY, place));
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = link(spool)) {
            looking(link, () -> assertThat(relay.reports).as("it has none").containsExactly("1 null"));
            relay.offer(2, shared(LOGINS, place));
            relay.offer(3, shared(LOGINS, place + 1));
            looking(link, () -> assertThat(relay.reports).containsExactly("1 null", "3 null"));
            relay.offer(4, shared(POLICY, place)); // it is told in order: this comes before the next
            relay.offer(5, POLICY);
            looking(link, () -> assertThat(relay.reports).containsExactly("1 null", "3 null", "5 null"));
            assertThat(applied).extracting(Policy::version).containsExactly(1L, 3L, 5L);
        }
    }

    private static String shared(String policy, int share) {
        return policy.substring(0, policy.length() - 1) + ",\"share\":" + share + "}";
    }

    @Test
    void theCertificateIsRenewedAndTheNewestKeysAreKept() throws Exception {
        var before = enrolled();
        relay.offer(1, POLICY);
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = link(spool)) {
            looking(link, () -> assertThat(relay.reports).containsExactly("1 null"));
            clock.advance(Duration.ofDays(21)); // a third of the thirty days is left
            relay.renew();
            looking(link, () -> assertThat(relay.renewals).isEqualTo(1));
            var next = Identity.read(folder);
            assertThat(next.peer()).isEqualTo(before.peer());
            assertThat(next.key()).isNotEqualTo(before.key());
            clock.advance(Duration.ofDays(12)); // the one before is over now
            var list = relay.list(2);
            relay.announce(list);
            looking(link, () -> assertThat(Identity.read(folder).keys()).isEqualTo(list));
            relay.offer(2, LOGINS);
            looking(link, () -> assertThat(relay.reports).last().isEqualTo("2 null"));
            spool.append("{}".getBytes(StandardCharsets.UTF_8));
            assertThat(spool.sync()).isTrue();
            var batch = spool.read(0, 10, 1000);
            assertThat(link.uplink().send(batch)).isEqualTo(batch.getLast().sequence());
        }
    }

    @Test
    void whoIsRevokedSendsNothingAndKeepsWhatItHas() throws Exception {
        var identity = enrolled();
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = link(spool)) {
            spool.append("{}".getBytes(StandardCharsets.UTF_8));
            assertThat(spool.sync()).isTrue();
            var batch = spool.read(0, 10, 1000);
            assertThat(link.uplink().send(batch)).isEqualTo(batch.getLast().sequence());
            relay.revoked.add(identity.certificate().getSerialNumber());
            assertThatThrownBy(() -> link.uplink().send(batch))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("revoked");
            assertThat(spool.waiting()).isEqualTo(1);
        }
    }

    @Test
    void aHostIsKnownByItsBoardOrElseByItsSystem() throws IOException {
        Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("proc/sys/kernel"));
        Files.createDirectories(folder.resolve("sys/class/dmi/id"));
        Files.writeString(folder.resolve("proc/sys/kernel/hostname"), "ws-7\n");
        assertThatThrownBy(() -> ThisHost.of(folder, null, "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--hardware-id");
        Files.writeString(folder.resolve("etc/machine-id"), "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
        Files.writeString(
                folder.resolve("etc/os-release"), "# this\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nbroken\n");
        var host = ThisHost.of(folder, null, "1");
        assertThat(host.getHardwareId()).isEqualTo("3d1219c7c4c5404aaa1f6d2a48adfda4");
        assertThat(host.getOsName() + " " + host.getOsVersion()).isEqualTo("Debian GNU/Linux 12");
        assertThat(host.getHostname()).isEqualTo("ws-7");
        var board = folder.resolve("sys/class/dmi/id/product_uuid");
        Files.writeString(board, "00000000-0000-0000-0000-000000000000\n");
        assertThat(ThisHost.of(folder, null, "1").getHardwareId()).isEqualTo(host.getHardwareId());
        var id = UUID.randomUUID().toString();
        Files.writeString(board, id.toUpperCase(java.util.Locale.ROOT) + "\n");
        assertThat(ThisHost.of(folder, null, "1").getHardwareId()).isEqualTo(id);
        assertThat(ThisHost.of(folder, "given", "1").getHardwareId()).isEqualTo("given");
    }
}
