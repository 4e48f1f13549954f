package io.marsad.bench.relay;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.RosterEntry;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.wire.PeerId;
import io.marsad.wire.TlsPeerTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a relay calls, as far as the relay can tell: takes what comes and counts it. It stores nothing, so that what is
 * measured is the relay.
 */
final class ControlPlane implements AutoCloseable {
    private final Server server;
    private final Roster roster;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong again = new AtomicLong();
    private final Map<String, Long> through = new ConcurrentHashMap<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicLong connected = new AtomicLong();
    private volatile @Nullable StreamObserver<SignedAction> orders;

    ControlPlane(Tenant tenant, Iterable<UUID> endpoints) throws IOException {
        var all = Roster.newBuilder().setWhole(true);
        endpoints.forEach(one -> all.addEndpoints(RosterEntry.newBuilder().setEndpointId(one.toString())));
        roster = all.build();
        var self = tenant.admit(PeerId.Kind.RELAY);
        var tls = GrpcSslContexts.configure(
                        SslContextBuilder.forServer(self.keys().getPrivate(), self.certificate()), SslProvider.JDK)
                .trustManager(new TlsPeerTrust(tenant.trust(), PeerId.Kind.RELAY))
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3")
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(tls)
                .addService(new Telemetry())
                .addService(new Relays())
                .addService(new Actions())
                .addService(new Policies())
                .addService(new Keys())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    long records() {
        return records.get();
    }

    /** Records that had come before. */
    long again() {
        return again.get();
    }

    /** Endpoints that the relay says are there. */
    long connected() {
        return connected.get();
    }

    int answered() {
        return answered.size();
    }

    /** @return false when the relay does not listen yet */
    boolean order(String envelope) {
        var down = orders;
        if (down == null) {
            return false;
        }
        synchronized (down) {
            down.onNext(SignedAction.newBuilder()
                    .setEnvelope(ByteString.copyFromUtf8(envelope))
                    .build());
        }
        return true;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    /** Hears one thing after another. */
    private record Hearing<T>(Consumer<T> heard) implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            heard.accept(message);
        }

        @Override
        public void onError(Throwable failed) {
            // the relay has gone, and what it had to say is counted
        }

        @Override
        public void onCompleted() {
            // the relay has gone, and what it had to say is counted
        }
    }

    private final class Telemetry extends TelemetryGrpc.TelemetryImplBase {
        @Override
        public StreamObserver<Batch> send(StreamObserver<Taken> answers) {
            return new Hearing<>(batch -> {
                long last = batch.getFirst() + batch.getRecordsCount() - 1;
                var before = through.put(batch.getEndpointId(), last);
                if (before != null && before >= batch.getFirst()) {
                    again.addAndGet(Math.min(before, last) - batch.getFirst() + 1);
                }
                records.addAndGet(batch.getRecordsCount());
                answers.onNext(Taken.newBuilder()
                        .setEndpointId(batch.getEndpointId())
                        .setSpoolId(batch.getSpoolId())
                        .setThrough(last)
                        .build());
            });
        }
    }

    private final class Relays extends RelaysGrpc.RelaysImplBase {
        @Override
        public StreamObserver<RelayState> attend(StreamObserver<Roster> down) {
            down.onNext(roster);
            return new Hearing<>(
                    state -> connected.addAndGet(state.getConnectedCount() - state.getDisconnectedCount()));
        }
    }

    private final class Actions extends ActionsGrpc.ActionsImplBase {
        @Override
        public StreamObserver<ActionReport> follow(StreamObserver<SignedAction> down) {
            orders = down;
            return new Hearing<>(report -> {
                if (report.getState() == ActionReport.State.STATE_COMPLETED) {
                    answered.add(report.getActionId());
                }
            });
        }
    }

    private static final class Policies extends PoliciesGrpc.PoliciesImplBase {
        @Override
        public void watch(WatchPolicy request, StreamObserver<SignedPolicy> down) {
            // stays open: there is none
        }
    }

    private static final class Keys extends KeysGrpc.KeysImplBase {
        @Override
        public void watch(WatchKeys request, StreamObserver<SignedKeys> down) {
            // stays open: the relay has the newest
        }
    }
}
