package io.marsad.fleet.relay;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.TlsPeerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Where endpoints call: gRPC over TLS 1.3, both sides with a certificate of the tenant's authority. Whoever has none is
 * refused in the handshake, and may only ask to be let in, elsewhere. Thread-safe.
 */
public final class RelayListener implements AutoCloseable {
    /** The largest message. */
    static final int MOST_BYTES = 4 << 20;

    private static final int MOST_CALLS = 16; // of one connection, at once
    private static final Duration QUIET = Duration.ofMinutes(2);
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    /** The relay's own certificate, for the authority's tenant, and its key. */
    public record Identity(X509Certificate certificate, PrivateKey key) {}

    /** What endpoints call for. */
    public record Desks(TelemetrySink sink, PolicyDesk policies, ActionDesk actions) {}

    /**
     * For endpoints that are let in.
     *
     * @param trust who may call
     */
    public static RelayListener forEndpoints(InetSocketAddress address, Identity identity, PeerTrust trust, Desks desks)
            throws IOException {
        return new RelayListener(
                address,
                context(identity, trust, ClientAuth.REQUIRE),
                new Peers(trust, true),
                List.of(
                        new TelemetryService(desks.sink()),
                        new PolicyService(desks.policies()),
                        new ActionService(desks.actions())));
    }

    /**
     * For hosts that are not let in yet, at an address of its own: it has nothing else to offer.
     *
     * @param trust whose certificates are renewed
     */
    public static RelayListener forHosts(
            InetSocketAddress address, Identity identity, PeerTrust trust, Enroller enroller) throws IOException {
        return new RelayListener(
                address,
                context(identity, trust, ClientAuth.OPTIONAL),
                new Peers(trust, false),
                List.of(new EnrollmentService(enroller)));
    }

    private static SslContext context(Identity identity, PeerTrust trust, ClientAuth clients) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(identity.key(), identity.certificate()), SslProvider.JDK)
                .trustManager(new TlsPeerTrust(trust, PeerId.Kind.ENDPOINT))
                .clientAuth(clients)
                .protocols("TLSv1.3")
                .build();
    }

    private RelayListener(
            InetSocketAddress address, SslContext context, Peers peers, List<? extends BindableService> services) {
        var builder = NettyServerBuilder.forAddress(address)
                .sslContext(context)
                .executor(threads)
                .intercept(peers)
                .maxInboundMessageSize(MOST_BYTES)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .keepAliveTime(QUIET.toSeconds(), TimeUnit.SECONDS)
                .permitKeepAliveTime(QUIET.toSeconds() / 4, TimeUnit.SECONDS);
        services.forEach(builder::addService);
        this.server = builder.build();
    }

    /** @throws IOException when the address is taken */
    public void start() throws IOException {
        server.start();
    }

    /** That is listened on. */
    public int port() {
        return server.getPort();
    }

    /** Takes no more calls; waits a little for those that run. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }
}
