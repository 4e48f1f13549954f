package io.marsad.fleet.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.boundary.Surroundings.Host;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.RosterEntry;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.testkit.Seed;
import io.marsad.wire.SignedAction;
import io.marsad.wire.SignedKeys;
import io.marsad.wire.SignedPolicy;
import io.marsad.wire.Signer;
import io.marsad.wire.Verifier.TrustedKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever is above a relay, or beside it, gets nothing past it that is not signed for the host it goes to, now, and for the
 * first time: 10,000 tries through the real calls.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RefusedAtTheRelayTest {
    private static final int ACTIONS = 7_000;
    private static final int POLICIES = 2_000;
    private static final int LISTS = 500;
    private static final int CERTIFICATES = 500;

    private final RandomGenerator random = Seed.of("RefusedAtTheRelayTest").random();
    private final KeyPair pair = pair();
    private final Signer signer = new Signer(pair);
    private final Signer stranger = new Signer(pair());
    private final Map<String, Integer> tried = new TreeMap<>();

    @TempDir
    private Path folder;

    private Surroundings around;
    private Host host;
    private Host revoked;

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void begin() throws IOException {
        around = new Surroundings(folder, in -> in.acme.sign(list(in, "acme", 7, pair)));
        host = around.host(around.acme, "acme");
        revoked = around.host(around.acme, "acme");
        around.roster(Roster.newBuilder()
                .setWhole(true)
                .addEndpoints(RosterEntry.newBuilder()
                        .setEndpointId(host.id().id().toString())
                        .setGroup("servers"))
                .addEndpoints(RosterEntry.newBuilder()
                        .setEndpointId(revoked.id().id().toString())
                        .setGroup("servers")
                        .setRevoked(true))
                .build());
        org.awaitility.Awaitility.await().until(() -> around.relay.status().known() == 2);
    }

    @AfterEach
    void end() throws IOException {
        around.close();
    }

    private static SignedKeys list(Surroundings in, String tenant, long version, KeyPair one) {
        var from = in.clock.instant().minusSeconds(60);
        return new SignedKeys(
                tenant, version, List.of(new TrustedKey(one.getPublic(), from, from.plus(Duration.ofDays(30)))));
    }

    /** What a host hears, and how its call ended. */
    private static final class Heard<T> implements StreamObserver<T> {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        private final Function<T, String> seen;

        private Heard(Function<T, String> seen) {
            this.seen = seen;
        }

        @Override
        public void onNext(T message) {
            all.add(seen.apply(message));
        }

        @Override
        public void onError(Throwable failed) {
            all.add(Status.fromThrowable(failed).getCode());
        }

        @Override
        public void onCompleted() {
            all.add("completed");
        }

        private Object next() throws InterruptedException {
            var next = all.poll(60, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    private SignedAction action(String tenant, UUID target, Instant issued, Duration life, UUID nonce) {
        return new SignedAction(
                UUID.randomUUID(),
                tenant,
                target.toString(),
                "isolate_host",
                "{\"host\":\"ws-7\"}",
                "dana",
                List.of("kim"),
                1,
                issued,
                issued.plus(life),
                nonce);
    }

    private SignedAction action() {
        return action("acme", host.id().id(), around.clock.instant(), Duration.ofMinutes(10), UUID.randomUUID());
    }

    private SignedPolicy policy(String tenant, String group, long version, Instant issued, Duration life) {
        return new SignedPolicy(
                tenant, group, version, "{\"processes\":{\"on\":true}}", "dana", issued, issued.plus(life));
    }

    private SignedPolicy policy(long version) {
        return policy("acme", "servers", version, around.clock.instant(), Duration.ofDays(1));
    }

    private String count(String kind, String envelope) {
        tried.merge(kind, 1, Integer::sum);
        return envelope;
    }

    /** Another text than the one that was signed. */
    private String tampered(String envelope) {
        return switch (random.nextInt(3)) {
            case 0 -> {
                var bytes = envelope.getBytes(StandardCharsets.UTF_8);
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (bytes[at] ^ (1 + random.nextInt(127)));
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
            case 1 -> envelope.substring(0, random.nextInt(envelope.length()));
            default -> {
                int at = envelope.indexOf("\"payload\":\"") + 11;
                var payload = envelope.substring(at, envelope.indexOf('"', at));
                var said = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8)
                        .replace("dana", "dana" + random.nextInt(1_000_000));
                yield envelope.replace(
                        payload, Base64.getEncoder().encodeToString(said.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private String badAction(SignedAction before) {
        var now = around.clock.instant();
        var target = host.id().id();
        var life = Duration.ofMinutes(10);
        return switch (random.nextInt(10)) {
            case 0 ->
                count(
                        "action replayed, its nonce in another",
                        signer.sign(action("acme", target, now, life, before.nonce())));
            case 1 ->
                count("action expired", signer.sign(action("acme", target, now.minus(life), life, UUID.randomUUID())));
            case 2 ->
                count(
                        "action good for too long",
                        signer.sign(action("acme", target, now, Duration.ofDays(2), UUID.randomUUID())));
            case 3 ->
                count("action of another tenant", signer.sign(action("other", target, now, life, UUID.randomUUID())));
            case 4 ->
                count(
                        "action for a host that is not known",
                        signer.sign(action("acme", UUID.randomUUID(), now, life, UUID.randomUUID())));
            case 5 ->
                count(
                        "action for a host that is revoked",
                        signer.sign(action("acme", revoked.id().id(), now, life, UUID.randomUUID())));
            case 6 -> count("action signed by a stranger", stranger.sign(action()));
            case 8 -> count("action replayed", signer.sign(before));
            case 7 -> count("a policy as an action", signer.sign(policy(99)));
            default -> count("action tampered with", tampered(signer.sign(action())));
        };
    }

    @Test
    void noneOfTenThousandGoesThrough() throws Exception {
        var orders = new Heard<io.marsad.proto.agent.v1.SignedAction>(
                one -> one.getEnvelope().toStringUtf8());
        var bundles = new Heard<io.marsad.proto.agent.v1.SignedPolicy>(
                one -> one.getEnvelope().toStringUtf8());
        var channel = around.channel(host.keys().getPrivate(), host.certificate());
        var reports = ActionsGrpc.newStub(channel).follow(orders);
        reports.onNext(ActionReport.getDefaultInstance());
        PoliciesGrpc.newStub(channel).watch(WatchPolicy.getDefaultInstance(), bundles);
        actions(orders, reports);
        policies(bundles);
        lists(orders);
        certificates();
        assertThat(tried.values().stream().mapToInt(Integer::intValue).sum())
                .as("%s", tried)
                .isEqualTo(ACTIONS + POLICIES + LISTS + CERTIFICATES);
        System.out.println("refused at the relay: " + tried);
    }

    private void actions(Heard<?> orders, StreamObserver<ActionReport> reports) throws InterruptedException {
        SignedAction done = action();
        for (int i = 0; i < ACTIONS; i++) {
            if (i % 100 == 0) {
                done = action();
                around.action(signer.sign(done));
                assertThat(orders.next()).as("one that is good").isEqualTo(signer.sign(done));
                reports.onNext(ActionReport.newBuilder()
                        .setActionId(done.id().toString())
                        .setState(ActionReport.State.STATE_COMPLETED)
                        .build());
                awaitReport(done.id().toString()); // from now on it is over
            }
            around.action(badAction(done));
        }
        last(orders);
    }

    /** A report is said again at each replay. */
    private void awaitReport(String action) throws InterruptedException {
        ActionReport report;
        do {
            report = around.reports.poll(60, TimeUnit.SECONDS);
            assertThat(report).as("the report of " + action).isNotNull();
        } while (!report.getActionId().equals(action));
    }

    private void last(Heard<?> orders) throws InterruptedException {
        var last = signer.sign(action());
        around.action(last);
        assertThat(orders.next()).as("nothing came between").isEqualTo(last);
        assertThat(orders.all).isEmpty();
    }

    private void policies(Heard<?> bundles) throws InterruptedException {
        long version = 10;
        for (int i = 0; i < POLICIES; i++) {
            if (i % 100 == 0) {
                version++;
                var good = signer.sign(policy(version));
                around.policy(good);
                assertThat(bundles.next()).isEqualTo(good);
            }
            around.policy(badPolicy(version));
        }
        var last = signer.sign(policy(version + 1));
        around.policy(last);
        assertThat(bundles.next()).as("nothing came between").isEqualTo(last);
        assertThat(bundles.all).isEmpty();
    }

    private String badPolicy(long version) {
        var now = around.clock.instant();
        var day = Duration.ofDays(1);
        return switch (random.nextInt(7)) {
            case 0 -> count("policy rolled back", signer.sign(policy(1 + random.nextLong(version - 1))));
            case 1 -> count("policy expired", signer.sign(policy("acme", "servers", version + 5, now.minus(day), day)));
            case 2 ->
                count(
                        "policy good for too long",
                        signer.sign(policy("acme", "servers", version + 5, now, Duration.ofDays(40))));
            case 3 -> count("policy of another tenant", signer.sign(policy("other", "servers", version + 5, now, day)));
            case 4 -> count("policy signed by a stranger", stranger.sign(policy(version + 5)));
            case 5 -> count("an action as a policy", signer.sign(action()));
            default -> count("policy tampered with", tampered(signer.sign(policy(version + 5))));
        };
    }

    private void lists(Heard<?> orders) throws InterruptedException {
        var other = Authority.create("acme", around.clock.instant().minusSeconds(60), Surroundings.RANDOM);
        var good = around.acme.sign(list(around, "acme", 9, pair));
        var theirs = pair();
        for (int i = 0; i < LISTS; i++) {
            around.keys(
                    switch (random.nextInt(3)) {
                        case 0 ->
                            count(
                                    "keys rolled back",
                                    around.acme.sign(list(around, "acme", 1 + random.nextInt(6), theirs)));
                        case 1 -> count("keys of another authority", other.sign(list(around, "acme", 99, theirs)));
                        default -> count("keys tampered with", tampered(good));
                    });
        }
        around.action(new Signer(theirs).sign(action()));
        last(orders);
    }

    private void certificates() throws Exception {
        var elsewhere = Authority.create("other", around.clock.instant().minusSeconds(60), Surroundings.RANDOM);
        var same = Authority.create("acme", around.clock.instant().minusSeconds(60), Surroundings.RANDOM);
        for (int i = 0; i < CERTIFICATES; i++) {
            var other = switch (random.nextInt(4)) {
                case 0 -> {
                    count("certificate of another tenant", "");
                    yield around.host(elsewhere, "other");
                }
                case 1 -> {
                    count("certificate of another authority", "");
                    yield around.host(same, "acme");
                }
                case 2 -> {
                    count("certificate that is revoked", "");
                    yield revoked;
                }
                default -> {
                    count("certificate tampered with", "");
                    yield tampered();
                }
            };
            assertThat(refused(other)).isNotEqualTo(Status.Code.OK);
        }
        assertThat(refused(host)).isEqualTo(Status.Code.OK);
    }

    /** One that still can be read, and is not what the authority signed. */
    private Host tampered() throws GeneralSecurityException {
        while (true) {
            var der = host.certificate().getEncoded();
            int at = random.nextInt(der.length);
            der[at] = (byte) (der[at] ^ (1 << random.nextInt(8)));
            var read = read(der);
            if (read != null) {
                return new Host(host.id(), host.keys(), read);
            }
        }
    }

    private static @Nullable X509Certificate read(byte[] der) {
        try {
            var read = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return read.getPublicKey() == null ? null : read;
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }

    private Status.Code refused(Host who) throws IOException {
        var channel = around.channel(who.keys().getPrivate(), who.certificate());
        try {
            PoliciesGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .report(PolicyReport.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }
}
