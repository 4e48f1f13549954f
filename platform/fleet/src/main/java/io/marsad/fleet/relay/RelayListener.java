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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Where endpoints and relays call: gRPC over TLS 1.3, both sides with a certificate of the tenant's authority. Whoever has
 * none is refused in the handshake, and may only ask to be let in, elsewhere. Thread-safe.
 */
public final class RelayListener implements AutoCloseable {
    /** The largest message. */
    static final int MOST_BYTES = 4 << 20;

    private static final int MOST_CALLS = 16; // of one connection, at once
    private static final Duration QUIET = Duration.ofMinutes(2);
    private static final Duration LAST_WAIT = Duration.ofSeconds(1); // calls that listen never end by themselves

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    /**
     * For those that are let in.
     *
     * @param kinds who may call: at a relay endpoints, at the control plane relays, too
     */
    public static RelayListener forPeers(InetSocketAddress address, Tenancy tenancy, Set<PeerId.Kind> kinds)
            throws IOException {
        return new RelayListener(
                address,
                context(new TenantTls(tenancy, kinds), ClientAuth.REQUIRE),
                new Peers(tenancy, kinds, true),
                List.of(
                        new TelemetryService(),
                        new PolicyService(),
                        new ActionService(),
                        new KeyService(),
                        new RelayService(),
                        new EvidenceService(),
                        new PackageService()));
    }

    /**
     * For hosts that are not let in yet, at an address of its own: it has nothing else to offer.
     *
     * @param kinds whose certificates are renewed, and who may pass on what others ask
     */
    public static RelayListener forHosts(
            InetSocketAddress address, Tenancy tenancy, Set<PeerId.Kind> kinds, Enroller enroller) throws IOException {
        return forHosts(address, tenancy, kinds, new EnrollmentService(enroller));
    }

    /** For hosts that are not let in yet, at a relay, which asks the control plane. */
    public static RelayListener forHosts(InetSocketAddress address, Tenancy tenancy, PassedOn.Way way)
            throws IOException {
        return forHosts(address, tenancy, Set.of(PeerId.Kind.ENDPOINT), new PassedOn(way));
    }

    private static RelayListener forHosts(
            InetSocketAddress address, Tenancy tenancy, Set<PeerId.Kind> kinds, BindableService service)
            throws IOException {
        return new RelayListener(
                address,
                context(new TenantTls(tenancy, kinds), ClientAuth.OPTIONAL),
                new Peers(tenancy, kinds, false),
                List.of(service));
    }

    private static SslContext context(TenantTls tls, ClientAuth clients) throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keys()), SslProvider.JDK)
                .trustManager(tls.trust())
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
                // Whoever is connected is told so by these threads: they end last.
                server.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }
}
