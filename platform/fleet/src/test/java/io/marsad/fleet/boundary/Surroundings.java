package io.marsad.fleet.boundary;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.identity.Authority;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.TestClock;
import io.marsad.uplink.Identity;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.ServerName;
import io.marsad.wire.TlsPeerTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A relay of the tenant acme, hosts that call it, and above it somebody who passes on whatever he likes. */
final class Surroundings implements AutoCloseable {
    static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    final Authority acme = Authority.create("acme", clock.instant().minusSeconds(60), RANDOM);
    final Map<String, StreamObserver<?>> above = new ConcurrentHashMap<>();
    final BlockingQueue<ActionReport> reports = new LinkedBlockingQueue<>();
    final Relay relay;
    private final Server server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** A host with a key and a certificate. */
    record Host(PeerId id, KeyPair keys, X509Certificate certificate) {}

    /** @param keys who signs, at first: said by the authority */
    Surroundings(Path folder, Function<Surroundings, String> keys) throws IOException {
        Files.createDirectories(folder);
        server = listen();
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var pair = Authority.keys(RANDOM);
        var at = new Identity.Address("localhost", server.getPort());
        new Identity(
                        id,
                        at,
                        at,
                        pair.getPrivate(),
                        acme.issue(id, pair.getPublic(), List.of(), clock.instant()),
                        List.of(acme.certificate()),
                        keys.apply(this))
                .write(folder);
        var log = SegmentLog.open(LogConfig.in(folder.resolve("spool")), Disk.real(), clock, RANDOM, _ -> 0);
        var spool = new RelaySpool(new TenantId("acme"), log, folder.resolve("position"), clock, RANDOM);
        var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        relay = new Relay(folder, spool, new Relay.Addresses(anywhere, anywhere), clock);
    }

    private Server listen() throws IOException {
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var pair = Authority.keys(RANDOM);
        var certificate = acme.issue(id, pair.getPublic(), List.of(), clock.instant());
        var tls = GrpcSslContexts.configure(
                        SslContextBuilder.forServer(pair.getPrivate(), certificate), SslProvider.JDK)
                .trustManager(new TlsPeerTrust(trust(), PeerId.Kind.RELAY))
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3")
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(tls)
                .addService(new Rosters())
                .addService(new Orders())
                .addService(new Bundles())
                .addService(new Lists())
                .build()
                .start();
    }

    private PeerTrust trust() {
        return new PeerTrust("acme", List.of(acme.certificate()), _ -> false, clock);
    }

    private final class Rosters extends RelaysGrpc.RelaysImplBase {
        @Override
        public StreamObserver<RelayState> attend(StreamObserver<Roster> down) {
            above.put("roster", down);
            return new Hearing<>(_ -> {});
        }
    }

    private final class Orders extends ActionsGrpc.ActionsImplBase {
        @Override
        public StreamObserver<ActionReport> follow(StreamObserver<SignedAction> down) {
            above.put("actions", down);
            return new Hearing<>(reports::add);
        }
    }

    private final class Bundles extends PoliciesGrpc.PoliciesImplBase {
        @Override
        public void watch(WatchPolicy request, StreamObserver<SignedPolicy> down) {
            above.put("policies", down);
        }
    }

    private final class Lists extends KeysGrpc.KeysImplBase {
        @Override
        public void watch(WatchKeys request, StreamObserver<SignedKeys> down) {
            above.put("keys", down);
        }
    }

    private record Hearing<T>(Consumer<T> heard) implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            heard.accept(message);
        }

        @Override
        public void onError(Throwable failed) {
            // the relay has gone
        }

        @Override
        public void onCompleted() {
            // the relay has gone
        }
    }

    void roster(Roster roster) {
        this.<Roster>down("roster").onNext(roster);
    }

    void action(String envelope) {
        this.<SignedAction>down("actions")
                .onNext(SignedAction.newBuilder()
                        .setEnvelope(ByteString.copyFromUtf8(envelope))
                        .build());
    }

    void policy(String envelope) {
        this.<SignedPolicy>down("policies")
                .onNext(SignedPolicy.newBuilder()
                        .setEnvelope(ByteString.copyFromUtf8(envelope))
                        .build());
    }

    void keys(String envelope) {
        this.<SignedKeys>down("keys")
                .onNext(SignedKeys.newBuilder()
                        .setEnvelope(ByteString.copyFromUtf8(envelope))
                        .build());
    }

    @SuppressWarnings("unchecked") // each is kept by its own service
    private <T> StreamObserver<T> down(String what) {
        if (!above.containsKey(what)) {
            Awaitility.await().until(() -> {
                relay.look();
                return above.containsKey(what);
            });
        }
        return (StreamObserver<T>) Objects.requireNonNull(above.get(what));
    }

    Host host(Authority authority, String tenant) {
        var pair = Authority.keys(RANDOM);
        var id = new PeerId(tenant, PeerId.Kind.ENDPOINT, UUID.randomUUID());
        return new Host(id, pair, authority.issue(id, pair.getPublic(), List.of(), clock.instant()));
    }

    /** To the relay. */
    ManagedChannel channel(PrivateKey key, X509Certificate certificate) throws IOException {
        var context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(new TlsPeerTrust(trust(), PeerId.Kind.RELAY))
                .keyManager(key, certificate)
                .protocols("TLSv1.3");
        var channel = NettyChannelBuilder.forAddress("localhost", relay.port())
                .overrideAuthority(ServerName.of("acme"))
                .sslContext(context.build())
                .build();
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() throws IOException {
        channels.forEach(ManagedChannel::shutdownNow);
        relay.close();
        server.shutdownNow();
    }
}
