package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.marsad.agent.policy.Policy;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.falco.outputs.request;
import io.marsad.proto.falco.outputs.response;
import io.marsad.proto.falco.outputs.serviceGrpc;
import io.marsad.proto.falco.schema.priority;
import io.marsad.proto.falco.schema.source;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** A server as Falco's published protobuf has it: what waits is given at each request, once, to whoever asks. */
final class FalcoTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    private final Queue<response> alerts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<ObjectNode> found = new ArrayList<>();

    @TempDir
    private Path folder;

    private @Nullable Server falco;
    private @Nullable FalcoCollector collector;

    @AfterEach
    void end() {
        if (collector != null) {
            collector.close();
        }
        if (falco != null) {
            falco.shutdownNow();
        }
    }

    private final class Outputs extends serviceGrpc.serviceImplBase {
        @Override
        public StreamObserver<request> sub(StreamObserver<response> answers) {
            calls.incrementAndGet();
            return new StreamObserver<>() {
                @Override
                public void onNext(request asked) {
                    for (var one = alerts.poll(); one != null; one = alerts.poll()) {
                        answers.onNext(one);
                    }
                }

                @Override
                public void onError(Throwable gone) {
                    // who asked has gone
                }

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }
    }

    private static final class Version extends io.marsad.proto.falco.version.serviceGrpc.serviceImplBase {
        @Override
        public void version(
                io.marsad.proto.falco.version.request asked,
                StreamObserver<io.marsad.proto.falco.version.response> answer) {
            answer.onNext(io.marsad
                    .proto
                    .falco
                    .version
                    .response
                    .newBuilder()
                    .setVersion("0.39.2")
                    .setMinor(39)
                    .setPatch(2)
                    .setEngineVersion(43)
                    .build());
            answer.onCompleted();
        }
    }

    private NettyServerBuilder server(SocketAddress at) {
        return NettyServerBuilder.forAddress(at).addService(new Outputs()).addService(new Version());
    }

    private void serveSocket(Path socket) throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        falco = server(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .build()
                .start();
    }

    private static response alert(int number) {
        return response.newBuilder()
                .setTime(Timestamp.newBuilder().setSeconds(1_780_308_000).setNanos(123_456_789))
                .setPriority(priority.NOTICE)
                .setRule("Terminal shell in container")
                .setSource("syscall")
                .setOutput("A shell was spawned in a container " + number)
                .setHostname("node-1")
                .addTags("container")
                .addTags("T1059")
                .putOutputFields("proc.name", "sh")
                .putOutputFields("proc.pid", "4711")
                .putOutputFields("k8s.pod.name", "web-1")
                .build();
    }

    private FalcoCollector collector(String address) {
        var usual = Policy.Falco.USUAL;
        return collector = new FalcoCollector(
                new Policy.Falco(address, folder.resolve("certs").toString(), usual.folder(), "", List.of(), List.of()),
                HostRoot.real(),
                clock);
    }

    private List<ObjectNode> alerts() {
        return found.stream().filter(one -> one.has("rule")).toList();
    }

    /** Looks, as an agent does every now and then. */
    private void awaitAlerts(FalcoCollector by, int count) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofSeconds(2));
            by.poll(found::add);
            return alerts().size() >= count;
        });
        assertThat(alerts()).hasSize(count);
    }

    private void awaitState(FalcoCollector by, String activity) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofSeconds(11));
            by.poll(found::add);
            return state().path("activity").asString("").equals(activity);
        });
    }

    /** What it said last of the sensor. */
    private JsonNode state() {
        return found.stream()
                .filter(one -> one.has("activity"))
                .reduce((_, later) -> later)
                .map(JsonNode.class::cast)
                .orElse(MissingNode.getInstance());
    }

    @Test
    void alertsOfAUnixSocketAreAsHttpOutputWritesThem() throws IOException {
        var socket = folder.resolve("falco.sock");
        serveSocket(socket);
        alerts.add(alert(1));
        alerts.add(alert(2).toBuilder()
                .setSource("")
                .setSourceDeprecated(source.K8S_AUDIT)
                .setPriorityValue(99)
                .build());
        var by = collector("unix://" + socket);
        awaitAlerts(by, 2);
        assertThat(alerts().getFirst().toString())
                .isEqualTo("{\"time\":\"2026-06-01T10:00:00.123456789Z\",\"rule\":\"Terminal shell in container\","
                        + "\"priority\":\"Notice\",\"source\":\"syscall\","
                        + "\"output\":\"A shell was spawned in a container 1\",\"sensor_hostname\":\"node-1\","
                        + "\"tags\":[\"container\",\"T1059\"],\"output_fields\":{\"proc.name\":\"sh\","
                        + "\"proc.pid\":\"4711\",\"k8s.pod.name\":\"web-1\"}}");
        assertThat(alerts().getLast().path("source").asString("")).isEqualTo("k8s_audit");
        assertThat(alerts().getLast().path("priority").asString("")).isEqualTo("Unknown");
        assertThat(by.refusals()).isEqualTo(1);
        awaitState(by, "Connected");
        assertThat(state().path("version").asString("")).isEqualTo("0.39.2");
        assertThat(state().path("engine_version").asInt()).isEqualTo(43);
    }

    @Test
    void manyComeInOrderAndNoMoreAreAskedForThanThereIsRoomFor() throws IOException {
        var socket = folder.resolve("falco.sock");
        serveSocket(socket);
        for (int i = 0; i < 5_000; i++) {
            alerts.add(alert(i));
        }
        awaitAlerts(collector("unix://" + socket), 5_000);
        assertThat(alerts())
                .extracting(one -> one.path("output").asString(""))
                .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 5_000)
                        .mapToObj(i -> "A shell was spawned in a container " + i)
                        .toList());
    }

    @Test
    void aFalcoThatEndsIsSaidSoAndFoundAgain() throws Exception {
        var socket = folder.resolve("falco.sock");
        var by = collector("unix://" + socket);
        awaitState(by, "Disconnected");
        assertThat(state().path("reason").asString("")).isNotEmpty();
        serveSocket(socket);
        awaitState(by, "Connected");
        alerts.add(alert(1));
        awaitAlerts(by, 1);
        Objects.requireNonNull(falco).shutdownNow().awaitTermination();
        Files.deleteIfExists(socket);
        awaitState(by, "Disconnected");
        alerts.add(alert(2));
        serveSocket(socket);
        awaitAlerts(by, 2);
        awaitState(by, "Connected");
        assertThat(calls.get()).isGreaterThan(1);
    }

    @Test
    void aHostIsReachedWithMutualTlsAndNotWithoutCertificates() throws Exception {
        var authority = Authority.create("acme", clock.instant(), RANDOM);
        var serverKeys = Authority.keys(RANDOM);
        var server = authority.issue(
                new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID()),
                serverKeys.getPublic(),
                List.of("localhost"),
                clock.instant());
        var tls = GrpcSslContexts.configure(
                        SslContextBuilder.forServer(serverKeys.getPrivate(), server), SslProvider.JDK)
                .trustManager(authority.certificate())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        falco = server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(tls)
                .build()
                .start();
        alerts.add(alert(1));
        var by = collector("localhost:" + falco.getPort());
        awaitState(by, "Disconnected");
        assertThat(state().path("reason").asString("")).contains("client.crt is needed");
        var keys = Authority.keys(RANDOM);
        write(
                keys,
                authority.issue(
                        new PeerId("acme", PeerId.Kind.ENDPOINT, UUID.randomUUID()),
                        keys.getPublic(),
                        List.of(),
                        clock.instant()),
                authority.certificate());
        awaitAlerts(by, 1);
        awaitState(by, "Connected");
    }

    private void write(KeyPair keys, X509Certificate certificate, X509Certificate authority) throws Exception {
        Files.createDirectories(folder.resolve("certs"));
        Files.writeString(
                folder.resolve("certs/client.key"),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(folder.resolve("certs/ca.crt"), pem("CERTIFICATE", authority.getEncoded()));
        Files.writeString(folder.resolve("certs/client.crt"), pem("CERTIFICATE", certificate.getEncoded()));
    }

    private static String pem(String what, byte[] der) {
        var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    @Test
    void anAddressIsASocketOrAHostAndAPort() {
        for (var wrong : List.of("", "falco", "localhost:0", "localhost:x", ":5060")) {
            assertThatThrownBy(() -> FalcoAddress.of(wrong, "/etc", HostRoot.real()))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(FalcoAddress.of("node-1:5060", "/etc", HostRoot.real())).hasToString("node-1:5060");
    }
}
