package io.marsad.agent.collect;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.falco.version.request;
import io.marsad.proto.falco.version.response;
import io.marsad.proto.falco.version.serviceGrpc;
import io.marsad.uplink.Reasons;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A connection to one Falco, and what it says of itself. One thread uses it. */
final class FalcoChannel implements AutoCloseable {
    private static final long ASKED_EVERY = 10_000;
    private static final int SECONDS = 5;
    private static final int MOST_BYTES = 1 << 20;

    private final FalcoAddress address;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ManagedChannel channel;
    private volatile @Nullable response version;
    private volatile String trouble = "it has not answered yet";
    private long askedAt = -ASKED_EVERY;

    private FalcoChannel(FalcoAddress address) throws IOException {
        this.address = address;
        try {
            this.channel = builder()
                    .eventLoopGroup(loop)
                    .executor(threads)
                    .maxInboundMessageSize(MOST_BYTES)
                    .build();
        } catch (IOException | RuntimeException e) {
            loop.shutdownGracefully();
            threads.shutdown();
            throw e;
        }
    }

    /** @throws IOException when a file that is needed cannot be read */
    static FalcoChannel open(FalcoAddress address) throws IOException {
        return new FalcoChannel(address);
    }

    private NettyChannelBuilder builder() throws IOException {
        var socket = address.socket();
        if (socket != null) {
            return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioDomainSocketChannel.class)
                    .overrideAuthority("localhost")
                    .usePlaintext();
        }
        var folder = address.certificates();
        try (var certificate = Files.newInputStream(readable(folder.resolve("client.crt")));
                var key = Files.newInputStream(readable(folder.resolve("client.key")));
                var authority = Files.newInputStream(readable(folder.resolve("ca.crt")))) {
            var tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .trustManager(authority)
                    .keyManager(certificate, key)
                    .build();
            return NettyChannelBuilder.forAddress(address.host(), address.port())
                    .channelType(NioSocketChannel.class)
                    .sslContext(tls);
        } catch (IllegalArgumentException e) {
            throw new IOException("a certificate or key in " + folder + " cannot be read; PEM is expected", e);
        }
    }

    private static Path readable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is needed, and cannot be read");
        }
        return file;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** How it was when it was asked last; asks again when that is a while ago. */
    ObjectNode state(long now) {
        if (now - askedAt >= ASKED_EVERY) {
            askedAt = now;
            serviceGrpc
                    .newStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .version(request.getDefaultInstance(), new Answer());
        }
        var known = version;
        if (known == null) {
            return disconnected(address, trouble);
        }
        return Found.of("falco_sensor", "Connected", 0)
                .put("address", address.toString())
                .put("version", Found.cut(known.getVersion(), 100))
                .put("engine_version", known.getEngineVersion());
    }

    static ObjectNode disconnected(FalcoAddress address, String why) {
        return Found.of("falco_sensor", "Disconnected", 0)
                .put("address", address.toString())
                .put("reason", Found.cut(why, 500));
    }

    private final class Answer implements StreamObserver<response> {
        @Override
        public void onNext(response message) {
            version = message;
        }

        @Override
        public void onError(Throwable failed) {
            trouble = Reasons.of(failed);
            version = null;
        }

        @Override
        public void onCompleted() {
            trouble = "";
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        threads.shutdownNow(); // whoever waits for room does not any more
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
