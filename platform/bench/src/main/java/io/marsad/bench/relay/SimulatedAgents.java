package io.marsad.bench.relay;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.bench.flow.Histogram;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.wire.PeerId;
import io.marsad.wire.ServerName;
import io.marsad.wire.TlsPeerTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Many agents in one process, each with a certificate and a connection of its own, as far as a relay can tell. */
final class SimulatedAgents implements AutoCloseable {
    private static final int AT_ONCE = 32;
    private static final String PAYLOAD = "\"payload\":\"";
    private static final String ID = "\"id\":\"";
    private static final int UUID_LENGTH = 36;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Histogram kept = new Histogram();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Semaphore joining = new Semaphore(AT_ONCE);
    private final List<Agent> agents = new ArrayList<>();
    private final Tenant tenant;
    private final int port;

    SimulatedAgents(Tenant tenant, int port) {
        this.tenant = tenant;
        this.port = port;
    }

    /** Connects one more; waits when many are about to. */
    void join(Tenant.Member member) throws IOException, InterruptedException {
        joining.acquire();
        var agent = new Agent(member);
        agents.add(agent);
        agent.listen();
    }

    /** Waits until all that joined are connected. */
    boolean allThere(long seconds) throws InterruptedException {
        return joining.tryAcquire(AT_ONCE, seconds, TimeUnit.SECONDS);
    }

    /** Each reports from now on. @param records of a batch @param every milliseconds between two of one agent */
    void report(int records, long every) {
        var batch = new ArrayList<ByteString>();
        for (int i = 0; i < records; i++) {
            batch.add(ByteString.copyFromUtf8("{\"source\":\"process\",\"activity\":\"Launch\",\"time\":"
                    + System.currentTimeMillis() + ",\"pid\":" + (4_000 + i)
                    + ",\"ppid\":1,\"uid\":1000,\"name\":\"curl\","
                    + "\"exe\":\"/usr/bin/curl\",\"cmd_line\":\"curl -s https://updates.example.org/list/" + i
                    + "\",\"cwd\":\"/home/ann\"}"));
        }
        for (int i = 0; i < agents.size(); i++) {
            var agent = agents.get(i);
            timer.scheduleAtFixedRate(() -> agent.send(batch), every * i / agents.size(), every, TimeUnit.MILLISECONDS);
        }
    }

    /** No more reports. */
    void quiet() {
        timer.shutdownNow();
    }

    /** Records that the relay has said it keeps. */
    long sent() {
        return sent.get();
    }

    /** Calls that ended. */
    long failed() {
        return failed.get();
    }

    /** From a batch to its acknowledgement. */
    Histogram kept() {
        return kept;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        agents.forEach(agent -> agent.channel.shutdownNow());
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private final class Agent {
        private final ManagedChannel channel;
        private final AtomicBoolean isJoining = new AtomicBoolean(true);
        private @Nullable StreamObserver<Batch> up;
        private long next = 1;
        private long began;
        private boolean waits;

        private Agent(Tenant.Member member) throws IOException {
            var tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .trustManager(new TlsPeerTrust(tenant.trust(), PeerId.Kind.RELAY))
                    .keyManager(member.keys().getPrivate(), member.certificate())
                    .protocols("TLSv1.3")
                    .build();
            channel = NettyChannelBuilder.forAddress("localhost", port)
                    .overrideAuthority(ServerName.of(Tenant.NAME))
                    .sslContext(tls)
                    .eventLoopGroup(loop)
                    .channelType(NioSocketChannel.class)
                    .directExecutor()
                    .build();
        }

        private void listen() {
            var reports = new AtomicReference<StreamObserver<ActionReport>>();
            var to = ActionsGrpc.newStub(channel).follow(new Hearing<SignedAction>(order -> {
                var answer = ActionReport.newBuilder()
                        .setActionId(id(order.getEnvelope().toStringUtf8()))
                        .setState(ActionReport.State.STATE_COMPLETED)
                        .putOutputs("rows", "[{\"user\":\"ann\"},{\"user\":\"bob\"}]")
                        .build();
                Objects.requireNonNull(reports.get()).onNext(answer);
            }));
            reports.set(to);
            to.onNext(ActionReport.getDefaultInstance());
            PoliciesGrpc.newStub(channel).watch(WatchPolicy.getDefaultInstance(), new Hearing<SignedPolicy>(_ -> {}));
            KeysGrpc.newStub(channel).watch(WatchKeys.getDefaultInstance(), new Hearing<SignedKeys>(_ -> joined()));
        }

        /** The relay has answered. */
        private void joined() {
            if (isJoining.compareAndSet(true, false)) {
                joining.release();
            }
        }

        /** What it was told before it is sent on; a batch only when the one before is kept. */
        private synchronized void send(List<ByteString> records) {
            if (waits) {
                return;
            }
            var open = up;
            if (open == null) {
                up = open = TelemetryGrpc.newStub(channel).send(new Hearing<>(this::taken));
            }
            waits = true;
            began = System.nanoTime();
            open.onNext(Batch.newBuilder()
                    .setSpoolId("s")
                    .setFirst(next)
                    .addAllRecords(records)
                    .build());
        }

        private synchronized void taken(Taken taken) {
            kept.add(System.nanoTime() - began);
            sent.addAndGet(taken.getThrough() - next + 1);
            next = taken.getThrough() + 1;
            waits = false;
        }
    }

    /** Of an action; who simulates does not verify it. */
    private static String id(String envelope) {
        int at = envelope.indexOf(PAYLOAD) + PAYLOAD.length();
        var payload = Base64.getDecoder().decode(envelope.substring(at, envelope.indexOf('"', at)));
        var text = new String(payload, StandardCharsets.UTF_8);
        int from = text.indexOf(ID) + ID.length();
        return text.substring(from, from + UUID_LENGTH);
    }

    private final class Hearing<T> implements StreamObserver<T> {
        private final Consumer<T> heard;

        private Hearing(Consumer<T> heard) {
            this.heard = heard;
        }

        @Override
        public void onNext(T message) {
            heard.accept(message);
        }

        @Override
        public void onError(Throwable why) {
            failed.incrementAndGet();
        }

        @Override
        public void onCompleted() {
            failed.incrementAndGet();
        }
    }
}
