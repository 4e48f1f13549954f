package io.marsad.fleet.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PeerTrustManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real sockets: who is let in, and what is taken from whom. */
class RelayListenerTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    private final Authority acme = Authority.create("acme", clock.instant().minusSeconds(60), RANDOM);
    private final Authority other = Authority.create("other", clock.instant().minusSeconds(60), RANDOM);
    private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    private final List<String> kept = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private RelayListener relay;
    private volatile boolean full;

    /** A host with a key and a certificate. */
    private record Host(PeerId id, KeyPair keys, X509Certificate certificate) {}

    @BeforeEach
    void listen() throws IOException {
        var keys = Authority.keys(RANDOM);
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var certificate = acme.issue(id, keys.getPublic(), List.of("relay.acme.example"), clock.instant());
        relay = new RelayListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new RelayListener.Identity(certificate, keys.getPrivate()),
                trust(acme),
                this::take);
        relay.start();
    }

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        relay.close();
    }

    private PeerTrust trust(Authority authority) {
        return new PeerTrust(
                "acme", List.of(authority.certificate()), one -> revoked.contains(one.getSerialNumber()), clock);
    }

    private synchronized Intake.Outcome take(PeerId endpoint, Batch batch) throws IOException {
        if (full) {
            throw new IOException("no room");
        }
        batch.getRecordsList().forEach(record -> kept.add(endpoint.id() + " " + record.toStringUtf8()));
        return new Intake.Outcome(batch.getFirst() + batch.getRecordsCount() - 1, 0);
    }

    private Host host(Authority authority, String tenant) {
        var keys = Authority.keys(RANDOM);
        var id = new PeerId(tenant, PeerId.Kind.ENDPOINT, UUID.randomUUID());
        return new Host(id, keys, authority.issue(id, keys.getPublic(), List.of(), clock.instant()));
    }

    private ManagedChannel channel(@Nullable Host host, PeerTrust trust, String protocol) throws IOException {
        var context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(new PeerTrustManager(trust, PeerId.Kind.RELAY))
                .protocols(protocol);
        if (host != null) {
            context.keyManager(host.keys().getPrivate(), host.certificate());
        }
        var channel = NettyChannelBuilder.forAddress("localhost", relay.port())
                .overrideAuthority("relay.acme.example")
                .sslContext(context.build())
                .build();
        channels.add(channel);
        return channel;
    }

    /** What is heard: how far it was taken, or how the call ended. */
    private static final class Heard implements StreamObserver<Taken> {
        private final LinkedBlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void onNext(Taken taken) {
            all.add(taken.getThrough());
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
    }

    private static Batch batch(long first, String... records) {
        var batch = Batch.newBuilder().setSpoolId("s1").setFirst(first);
        for (var record : records) {
            batch.addRecords(ByteString.copyFromUtf8(record));
        }
        return batch.build();
    }

    private Object refused(@Nullable Host host, PeerTrust trust, String protocol) throws Exception {
        var heard = new Heard();
        TelemetryGrpc.newStub(channel(host, trust, protocol)).send(heard).onNext(batch(1, "x"));
        return heard.next();
    }

    @Test
    void batchesOfAnEndpointAreTakenInOrderUntilItIsRevoked() throws Exception {
        var host = host(acme, "acme");
        var heard = new Heard();
        var batches =
                TelemetryGrpc.newStub(channel(host, trust(acme), "TLSv1.3")).send(heard);
        batches.onNext(batch(1, "a", "b"));
        assertThat(heard.next()).isEqualTo(2L);
        batches.onNext(batch(3, "c"));
        assertThat(heard.next()).isEqualTo(3L);
        assertThat(kept)
                .containsExactly(
                        host.id().id() + " a", host.id().id() + " b", host.id().id() + " c");
        revoked.add(host.certificate().getSerialNumber());
        batches.onNext(batch(4, "d"));
        assertThat(heard.next()).as("in the middle of a call").isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused(host, trust(acme), "TLSv1.3")).as("and no new one").isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(kept).hasSize(3);
    }

    @Test
    void whatCannotBeKeptIsNotSaidToBe() throws Exception {
        full = true;
        assertThat(refused(host(acme, "acme"), trust(acme), "TLSv1.3")).isEqualTo(Status.Code.UNAVAILABLE);
        full = false;
        var heard = new Heard();
        var batches = TelemetryGrpc.newStub(channel(host(acme, "acme"), trust(acme), "TLSv1.3"))
                .send(heard);
        batches.onNext(batch(0, "x"));
        assertThat(heard.next()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        heard = new Heard();
        batches = TelemetryGrpc.newStub(channel(host(acme, "acme"), trust(acme), "TLSv1.3"))
                .send(heard);
        batches.onNext(batch(1, "x").toBuilder()
                .setEndpointId(UUID.randomUUID().toString())
                .build());
        assertThat(heard.next()).as("of another endpoint").isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(kept).isEmpty();
    }

    @Test
    void nobodyElseIsLetIn() throws Exception {
        assertThat(refused(null, trust(acme), "TLSv1.3")).as("no certificate").isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(host(other, "other"), trust(acme), "TLSv1.3"))
                .as("another tenant's")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(host(acme, "acme"), trust(acme), "TLSv1.2"))
                .as("an older TLS")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(host(acme, "acme"), trust(other), "TLSv1.3"))
                .as("and a relay that its authority did not sign for is not spoken with")
                .isEqualTo(Status.Code.UNAVAILABLE);
        var host = host(acme, "acme");
        clock.advance(Authority.CERTIFICATE_LIFE.plus(Duration.ofSeconds(1)));
        var anyTime = new PeerTrust(
                "acme",
                List.of(acme.certificate()),
                one -> false,
                () -> host.certificate().getNotBefore().toInstant().plusSeconds(1));
        assertThat(refused(host, anyTime, "TLSv1.3")).as("its time is over").isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(kept).isEmpty();
    }
}
