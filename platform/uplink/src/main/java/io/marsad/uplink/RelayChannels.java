package io.marsad.uplink;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.ServerName;
import io.marsad.wire.TlsPeerTrust;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes connections to relays: TLS 1.3, both sides known by their certificates. One thread does all their work. */
public final class RelayChannels implements AutoCloseable {
    private static final int MOST_BYTES = 4 << 20;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** To where hosts are let in, by one that is not. */
    ManagedChannel door(Identity.Address door, String tenant, String authority, InstantSource clock)
            throws SSLException {
        return open(door, tenant, new FirstTrust(tenant, authority, clock), null);
    }

    public ManagedChannel open(Identity.Address to, Identity identity, InstantSource clock) throws SSLException {
        // Which certificates of relays are revoked is the relay's control plane's to know: a host knows none.
        var trust = new PeerTrust(identity.peer().tenant(), identity.authorities(), _ -> false, clock);
        return open(to, identity.peer().tenant(), new TlsPeerTrust(trust, PeerId.Kind.RELAY), identity);
    }

    private ManagedChannel open(
            Identity.Address to, String tenant, X509ExtendedTrustManager trust, @Nullable Identity identity)
            throws SSLException {
        var context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(trust)
                .protocols("TLSv1.3");
        if (identity != null) {
            context.keyManager(identity.key(), identity.certificate());
        }
        return NettyChannelBuilder.forAddress(to.host(), to.port())
                .overrideAuthority(ServerName.of(tenant))
                .sslContext(context.build())
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .maxInboundMessageSize(MOST_BYTES)
                .keepAliveTime(1, TimeUnit.MINUTES)
                .build();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
