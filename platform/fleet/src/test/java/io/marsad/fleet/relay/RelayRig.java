package io.marsad.fleet.relay;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.ServerName;
import io.marsad.wire.Signer;
import io.marsad.wire.TlsPeerTrust;
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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A relay of the tenant acme on a real socket, and hosts that call it. */
final class RelayRig implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    final Authority acme = Authority.create("acme", clock.instant().minusSeconds(60), RANDOM);
    final Authority other = Authority.create("other", clock.instant().minusSeconds(60), RANDOM);
    final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    final List<String> kept = new CopyOnWriteArrayList<>();
    final List<ActionReport> reports = new CopyOnWriteArrayList<>();
    final List<String> policyReports = new CopyOnWriteArrayList<>();
    final Signer signer;
    final ActionDesk actions;
    final PolicyDesk policies;
    final Map<UUID, String> groups = new ConcurrentHashMap<>();
    private final Set<UUID> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> endpoints = ConcurrentHashMap.newKeySet();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final RelayListener relay;
    private final RelayListener enrollment;
    final List<Enroller.Asking> asked = new CopyOnWriteArrayList<>();
    final Attendances attendances = new Attendances();
    final KeptEvidence evidence = new KeptEvidence();
    volatile Tenancy.Identity identity;
    volatile String called = "acme";
    volatile String keyList = "";
    private final Set<KeyDesk.Watcher> keyWatchers = ConcurrentHashMap.newKeySet();
    volatile boolean full;

    /** A host with a key and a certificate. */
    record Host(PeerId id, KeyPair keys, X509Certificate certificate) {}

    static RelayRig open() {
        try {
            return new RelayRig();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RelayRig() throws IOException {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        signer = new Signer(pair);
        var trusted = List.of(new Verifier.TrustedKey(
                pair.getPublic(),
                clock.instant().minusSeconds(60),
                clock.instant().plus(Duration.ofDays(90))));
        actions = new ActionDesk(
                new Verifier("acme", endpoints::contains, trusted, (action, until) -> seen.add(action.nonce()), clock),
                (endpoint, report) -> reports.add(report),
                clock);
        policies = new PolicyDesk(
                new PolicyVerifier("acme", group -> true, trusted, clock),
                endpoint -> groups.getOrDefault(endpoint.id(), "servers"),
                (endpoint, report) -> policyReports.add(endpoint.id() + " " + report.getVersion() + " "
                        + (report.getApplied() ? null : report.getRefused())));
        var keys = Authority.keys(RANDOM);
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var certificate = acme.issue(id, keys.getPublic(), List.of("relay.acme.example"), clock.instant());
        identity = new Tenancy.Identity(List.of(certificate, acme.certificate()), keys.getPrivate());
        var desks = new Tenancy.Desks(this::take, policies, actions, new Lists(), attendances, evidence, null);
        Tenancy tenancy = tenant -> tenant.equals("acme") ? new Tenancy.Serving(identity, trust(acme), desks) : null;
        var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var kinds = EnumSet.allOf(PeerId.Kind.class);
        relay = RelayListener.forPeers(anywhere, tenancy, kinds);
        relay.start();
        enrollment = RelayListener.forHosts(anywhere, tenancy, kinds, new Letting());
        enrollment.start();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        relay.close();
        enrollment.close();
    }

    /** Lets in who knows the secret; the same hardware is the same endpoint. */
    private final class Letting implements Enroller {
        @Override
        public @Nullable Admission enroll(Asking asking) {
            if (!asking.secret().equals("s3cret") || asking.address().isEmpty()) {
                return null;
            }
            asked.add(asking);
            var hardware = asking.host().getHardwareId().getBytes(StandardCharsets.UTF_8);
            return admitted(new PeerId("acme", asking.kind(), UUID.nameUUIDFromBytes(hardware)), asking.key());
        }

        @Override
        public int port() {
            return relay.port();
        }

        @Override
        public Admission renew(PeerId endpoint, PublicKey key) {
            return admitted(endpoint, key);
        }

        private Admission admitted(PeerId id, PublicKey key) {
            return new Admission(id, acme.issue(id, key, List.of(), clock.instant()), List.of(acme.certificate()), "");
        }
    }

    int port() {
        return relay.port();
    }

    PeerTrust trust(Authority authority) {
        return new PeerTrust(
                "acme", List.of(authority.certificate()), one -> revoked.contains(one.getSerialNumber()), clock);
    }

    private TelemetrySink.Outcome take(PeerId endpoint, Batch batch) throws IOException {
        if (full) {
            throw new IOException("no room");
        }
        batch.getRecordsList().forEach(record -> kept.add(endpoint.id() + " " + record.toStringUtf8()));
        return new TelemetrySink.Outcome(batch.getFirst() + batch.getRecordsCount() - 1, 0);
    }

    /** Relays that are there. */
    static final class Attendances implements RelayDesk {
        final List<RelayState> states = new CopyOnWriteArrayList<>();
        final Map<PeerId, Line> lines = new ConcurrentHashMap<>();

        @Override
        public Attendance attend(PeerId relay, Line line) {
            lines.put(relay, line);
            line.send(Roster.newBuilder().setWhole(true).build());
            return new Attendance() {
                @Override
                public void heard(RelayState state) {
                    states.add(state);
                }

                @Override
                public void close() {
                    lines.remove(relay, line);
                }
            };
        }
    }

    /** Pieces in memory, as far as they have come. */
    static final class KeptEvidence implements EvidenceDesk {
        final Map<UUID, byte[]> pieces = new ConcurrentHashMap<>();
        final List<Announced> announced = new CopyOnWriteArrayList<>();

        @Override
        public Receiving receive(Announced piece) {
            announced.add(piece);
            return new Receiving() {
                @Override
                public long through() {
                    return pieces.getOrDefault(piece.action(), new byte[0]).length;
                }

                @Override
                public long take(long offset, byte[] data) throws IOException {
                    if (offset != through()) {
                        throw new IOException("bytes are missing before it");
                    }
                    pieces.merge(piece.action(), data, (a, b) -> {
                        var both = Arrays.copyOf(a, a.length + b.length);
                        System.arraycopy(b, 0, both, a.length, b.length);
                        return both;
                    });
                    return through();
                }

                @Override
                public void close() {
                    // what has come stays
                }
            };
        }
    }

    private final class Lists implements KeyDesk {
        @Override
        public @Nullable String open(long version, Watcher watcher) {
            keyWatchers.add(watcher);
            return keyList.isEmpty() ? null : keyList;
        }

        @Override
        public void close(Watcher watcher) {
            keyWatchers.remove(watcher);
        }
    }

    /** Another list of keys counts. */
    void keys(String envelope) {
        keyList = envelope;
        keyWatchers.forEach(watcher -> watcher.send(envelope));
    }

    Host host(Authority authority, String tenant) {
        return host(authority, tenant, PeerId.Kind.ENDPOINT);
    }

    Host host(Authority authority, String tenant, PeerId.Kind kind) {
        var keys = Authority.keys(RANDOM);
        var id = new PeerId(tenant, kind, UUID.randomUUID());
        endpoints.add(id.id().toString());
        return new Host(id, keys, authority.issue(id, keys.getPublic(), List.of(), clock.instant()));
    }

    ManagedChannel channel(@Nullable Host host) throws IOException {
        return channel(host, trust(acme), "TLSv1.3");
    }

    /** To where hosts are let in. */
    ManagedChannel door(@Nullable Host host) throws IOException {
        return channel(host, trust(acme), "TLSv1.3", enrollment.port());
    }

    ManagedChannel channel(@Nullable Host host, PeerTrust trust, String protocol) throws IOException {
        return channel(host, trust, protocol, relay.port());
    }

    private ManagedChannel channel(@Nullable Host host, PeerTrust trust, String protocol, int port) throws IOException {
        var context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(new TlsPeerTrust(trust, PeerId.Kind.RELAY))
                .protocols(protocol);
        if (host != null) {
            context.keyManager(host.keys().getPrivate(), host.certificate());
        }
        var channel = NettyChannelBuilder.forAddress("localhost", port)
                .overrideAuthority(ServerName.of(called))
                .sslContext(context.build())
                .build();
        channels.add(channel);
        return channel;
    }

    /** What is heard, as somebody sees it, or how the call ended. */
    static final class Heard<T> implements StreamObserver<T> {
        private final LinkedBlockingQueue<Object> all = new LinkedBlockingQueue<>();
        private final Function<T, Object> seen;

        Heard(Function<T, Object> seen) {
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

        Object next() throws InterruptedException {
            var next = all.poll(20, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        int left() {
            return all.size();
        }
    }
}
