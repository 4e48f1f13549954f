package io.marsad.server;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.Host;
import io.marsad.proto.agent.v1.Lost;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.TlsPeerTrust;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A host as the contract has it, over real TLS; not the agent itself. */
final class AgentHost implements AutoCloseable {
    static final SecureRandom RANDOM = new SecureRandom();

    final KeyPair keys = Authority.keys(RANDOM);
    final EnrollResponse admitted;
    final X509Certificate certificate;
    final X509Certificate authority;
    private final ManagedChannel channel;

    /** Enrolls at once. */
    AgentHost(String tenant, String secret, String name, int enrollPort, int port) throws Exception {
        this(tenant, secret, EnrollRequest.Kind.KIND_ENDPOINT, name, enrollPort, port);
    }

    AgentHost(String tenant, String secret, EnrollRequest.Kind kind, String name, int enrollPort, int port)
            throws Exception {
        var door = channel(enrollPort, new FirstContact(), null, null);
        try {
            var host = Host.newBuilder()
                    .setHostname(name)
                    .setHardwareId("board-of-" + name)
                    .setPlatform("linux")
                    .setOsName("Debian")
                    .setOsVersion("12")
                    .setAgentVersion("0.1.0");
            admitted = EnrollmentGrpc.newBlockingStub(door)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .enroll(EnrollRequest.newBuilder()
                            .setSecret(secret)
                            .setKind(kind)
                            .setHost(host)
                            .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(keys)))
                            .build());
        } finally {
            door.shutdownNow();
        }
        certificate = certificate(admitted.getCertificates(0));
        authority = certificate(admitted.getAuthorities(0));
        var trust = new PeerTrust(tenant, List.of(authority), _ -> false, InstantSource.system());
        channel = channel(port, new TlsPeerTrust(trust, PeerId.Kind.RELAY), keys, certificate);
    }

    ManagedChannel channel() {
        return channel;
    }

    String id() {
        return admitted.getEndpointId();
    }

    String authoritySha256() {
        return Fingerprint.of(authority);
    }

    private static X509Certificate certificate(ByteString der) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    }

    private static ManagedChannel channel(
            int port, X509TrustManager trust, @Nullable KeyPair keys, @Nullable X509Certificate certificate)
            throws Exception {
        var context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(trust)
                .protocols("TLSv1.3");
        if (keys != null && certificate != null) {
            context.keyManager(keys.getPrivate(), certificate);
        }
        return NettyChannelBuilder.forAddress("localhost", port)
                .overrideAuthority("main.marsad.internal")
                .sslContext(context.build())
                .build();
    }

    /** Looks at nothing: what it is told is compared in the test. */
    private static final class FirstContact extends javax.net.ssl.X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** What is heard, or the code with which the call ended. */
    static final class Heard<T> implements StreamObserver<T> {
        private final LinkedBlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void onNext(T message) {
            all.add(message);
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
            var next = all.poll(30, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    /** A stream of batches that is open. */
    record Sending(StreamObserver<Batch> to, Heard<Taken> heard) {
        Object send(String spool, long first, List<String> records) throws InterruptedException {
            return send("", spool, first, records);
        }

        /** @param of whose they are; empty: its own */
        Object send(String of, String spool, long first, List<String> records) throws InterruptedException {
            var batch = Batch.newBuilder()
                    .setEndpointId(of)
                    .setSpoolId(spool)
                    .setFirst(first)
                    .setLost(Lost.newBuilder().setRecords(7).setBytes(700));
            records.forEach(record -> batch.addRecords(ByteString.copyFromUtf8(record)));
            to.onNext(batch.build());
            return heard.next();
        }
    }

    Sending sending() {
        var heard = new Heard<Taken>();
        return new Sending(TelemetryGrpc.newStub(channel).send(heard), heard);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
