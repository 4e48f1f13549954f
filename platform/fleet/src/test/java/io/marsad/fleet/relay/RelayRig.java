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
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.Signer;
import io.marsad.wire.TlsPeerTrust;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final Set<UUID> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> endpoints = ConcurrentHashMap.newKeySet();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final RelayListener relay;
    private final RelayListener enrollment;
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
                endpoint -> "servers",
                (endpoint, version, refused) -> policyReports.add(endpoint.id() + " " + version + " " + refused));
        var keys = Authority.keys(RANDOM);
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var certificate = acme.issue(id, keys.getPublic(), List.of("relay.acme.example"), clock.instant());
        var identity = new RelayListener.Identity(certificate, keys.getPrivate());
        var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        relay = RelayListener.forEndpoints(
                anywhere, identity, trust(acme), new RelayListener.Desks(this::take, policies, actions));
        relay.start();
        enrollment = RelayListener.forHosts(anywhere, identity, trust(acme), new Letting());
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
        public @Nullable Admission enroll(
                String secret, io.marsad.proto.agent.v1.Host host, PublicKey key, @Nullable SocketAddress from) {
            if (!secret.equals("s3cret") || from == null) {
                return null;
            }
            return admitted(
                    new PeerId(
                            "acme",
                            PeerId.Kind.ENDPOINT,
                            UUID.nameUUIDFromBytes(host.getHardwareId().getBytes(StandardCharsets.UTF_8))),
                    key);
        }

        @Override
        public Admission renew(PeerId endpoint, PublicKey key) {
            return admitted(endpoint, key);
        }

        private Admission admitted(PeerId id, PublicKey key) {
            return new Admission(id, acme.issue(id, key, List.of(), clock.instant()), List.of(acme.certificate()), "");
        }
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

    Host host(Authority authority, String tenant) {
        var keys = Authority.keys(RANDOM);
        var id = new PeerId(tenant, PeerId.Kind.ENDPOINT, UUID.randomUUID());
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
                .overrideAuthority("relay.acme.example")
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
