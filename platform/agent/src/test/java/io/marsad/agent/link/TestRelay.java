package io.marsad.agent.link;

import com.google.protobuf.ByteString;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.relay.ActionDesk;
import io.marsad.fleet.relay.Enroller;
import io.marsad.fleet.relay.KeyDesk;
import io.marsad.fleet.relay.PolicyDesk;
import io.marsad.fleet.relay.RelayListener;
import io.marsad.fleet.relay.TelemetrySink;
import io.marsad.fleet.relay.Tenancy;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.PackageBlock;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.uplink.FirstTrust;
import io.marsad.uplink.Identity;
import io.marsad.wire.AgentPackage;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.SignedKeys;
import io.marsad.wire.SignedPolicy;
import io.marsad.wire.Signer;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A relay of the tenant acme on real sockets, of the product's own parts, that can go and come back at its addresses. */
final class TestRelay implements AutoCloseable {
    static final String SECRET = "mse_acme." + new UUID(1, 2) + "." + "s".repeat(43);
    private static final SecureRandom RANDOM = new SecureRandom();

    final InstantSource clock;
    final Authority authority;
    final Signer signer;
    final PolicyDesk policies;
    final List<String> reports = new CopyOnWriteArrayList<>();
    final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    /** Records by spool and number. */
    final ConcurrentSkipListMap<String, String> kept = new ConcurrentSkipListMap<>();

    /** Packages by the name that they are asked for by. */
    final Map<String, byte[]> packages = new ConcurrentHashMap<>();

    /** Offsets that were asked for. */
    final List<Long> blocks = new CopyOnWriteArrayList<>();

    volatile PolicyReport newest = PolicyReport.getDefaultInstance();
    volatile int renewals;
    private final KeyPair signing;
    private final TrustedKeys trusted;
    private final Tenancy tenancy;
    private volatile String keys;
    private volatile Tenancy.Identity identity;
    private final Set<KeyDesk.Watcher> watchers = ConcurrentHashMap.newKeySet();
    private @Nullable RelayListener listener;
    private @Nullable RelayListener door;
    private int port;
    private int doorPort;

    TestRelay(InstantSource clock) throws IOException, EnvelopeRefused {
        this.clock = clock;
        this.authority = Authority.create("acme", clock.instant().minusSeconds(60), RANDOM);
        try {
            this.signing = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        this.signer = new Signer(signing);
        this.trusted = new TrustedKeys("acme", List.of(authority.certificate()), clock);
        this.keys = list(1);
        trusted.accept(keys);
        this.policies =
                new PolicyDesk(new PolicyVerifier("acme", _ -> true, trusted, clock), _ -> "servers", this::reported);
        var actions = new ActionDesk(
                new Verifier("acme", _ -> true, trusted, (_, _) -> true, clock), (_, _) -> reports.add(""), clock);
        var desks = new Tenancy.Desks(this::take, policies, actions, new Lists(), null, null, this::block);
        this.identity = identity();
        var trust = new PeerTrust(
                "acme", List.of(authority.certificate()), one -> revoked.contains(one.getSerialNumber()), clock);
        this.tenancy = tenant -> tenant.equals("acme") ? new Tenancy.Serving(identity, trust, desks) : null;
        begin();
    }

    private Tenancy.Identity identity() {
        var own = Authority.keys(RANDOM);
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        return new Tenancy.Identity(
                List.of(authority.issue(id, own.getPublic(), List.of(), clock.instant()), authority.certificate()),
                own.getPrivate());
    }

    /** Its own certificate. */
    void renew() {
        identity = identity();
    }

    /** Signed by the authority: the one key that signs. */
    String list(long version) {
        Instant now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        var key = new Verifier.TrustedKey(signing.getPublic(), now.minusSeconds(60), now.plus(Duration.ofDays(90)));
        return authority.sign(new SignedKeys("acme", version, List.of(key)));
    }

    /** Everybody who watches hears of it. */
    void announce(String envelope) {
        keys = envelope;
        watchers.forEach(watcher -> watcher.send(envelope));
    }

    /** At the addresses of before, if there was a before. */
    void begin() throws IOException {
        var kinds = Set.of(PeerId.Kind.ENDPOINT);
        listener = RelayListener.forPeers(at(port), tenancy, kinds);
        listener.start();
        port = listener.port();
        door = RelayListener.forHosts(at(doorPort), tenancy, kinds, new Letting());
        door.start();
        doorPort = door.port();
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    void end() {
        try (var _ = listener;
                var _ = door) {
            listener = null;
            door = null;
        }
    }

    Identity.Address address() {
        return new Identity.Address("localhost", doorPort);
    }

    String fingerprint() throws CertificateException {
        return FirstTrust.sha256(authority.certificate());
    }

    void offer(long version, String policy) throws EnvelopeRefused {
        policies.offer("servers", envelope(version, policy));
    }

    String envelope(long version, String policy) {
        var now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        return signer.sign(
                new SignedPolicy("acme", "servers", version, policy, "dana", now, now.plus(Duration.ofDays(1))));
    }

    /** What is new; that none is in force yet is none. */
    private void reported(PeerId endpoint, PolicyReport report) {
        newest = report;
        var said = report.getVersion() + " " + (report.getApplied() ? null : report.getRefused());
        if (!said.equals("0 null") && (reports.isEmpty() || !reports.getLast().equals(said))) {
            reports.add(said);
        }
    }

    private PackageBlock block(String sha256, long offset) throws IOException {
        var bytes = packages.get(sha256);
        if (bytes == null) {
            throw new IOException("there is none");
        }
        blocks.add(offset);
        int length = (int) Math.min(AgentPackage.BLOCK, bytes.length - offset);
        return PackageBlock.newBuilder()
                .setData(ByteString.copyFrom(bytes, (int) offset, length))
                .setSize(bytes.length)
                .build();
    }

    private TelemetrySink.Outcome take(PeerId endpoint, Batch batch) {
        long number = batch.getFirst();
        for (var record : batch.getRecordsList()) {
            var before = kept.put("%s %020d".formatted(batch.getSpoolId(), number++), record.toStringUtf8());
            if (before != null && !before.equals(record.toStringUtf8())) {
                reports.add("two records of one number");
            }
        }
        return new TelemetrySink.Outcome(number - 1, 0);
    }

    private final class Lists implements KeyDesk {
        @Override
        public @Nullable String open(long version, Watcher watcher) {
            watchers.add(watcher);
            return keys;
        }

        @Override
        public void close(Watcher watcher) {
            watchers.remove(watcher);
        }
    }

    private final class Letting implements Enroller {
        @Override
        public @Nullable Admission enroll(Asking asking) {
            var id = UUID.nameUUIDFromBytes(asking.host().getHardwareId().getBytes(StandardCharsets.UTF_8));
            return asking.secret().equals(SECRET)
                    ? admitted(new PeerId("acme", PeerId.Kind.ENDPOINT, id), asking.key())
                    : null;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public Admission renew(PeerId peer, PublicKey key) {
            renewals++;
            return admitted(peer, key);
        }

        private Admission admitted(PeerId id, PublicKey key) {
            var certificate = authority.issue(id, key, List.of(), clock.instant());
            return new Admission(id, certificate, List.of(authority.certificate()), keys);
        }
    }

    @Override
    public void close() {
        end();
    }
}
