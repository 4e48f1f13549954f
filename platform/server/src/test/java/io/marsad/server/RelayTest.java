package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.PackageWanted;
import io.marsad.proto.agent.v1.PackagesGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.server.cli.CommandTree;
import io.marsad.wire.AgentPackage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A relay in a process of its own between hosts and a running platform. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RelayTest extends RunningPlatform {
    private static final int KILLS = Integer.getInteger("marsad.kills", 3);

    private Path folder;
    private int port;
    private int door;
    private Process relay;

    RelayTest() {
        super("relayed");
    }

    @BeforeAll
    void enroll() throws Exception {
        client = node.client();
        folder = ChildNode.freshFolder("relay");
        port = free();
        door = free();
        var made = client.post("/v1/enroll-secrets", Map.of("name", "relays", "purpose", "relay"))
                .body();
        var ports = Pattern.compile("enrollment (\\d+)").matcher(node.output());
        assertThat(ports.find()).isTrue();
        int code = CommandTree.run(
                "relay",
                "enroll",
                "--server",
                "localhost:" + ports.group(1),
                "--secret",
                made.path("secret").asString(),
                "--authority",
                made.path("authority_sha256").asString(),
                "--hardware-id",
                mark(),
                "--data",
                folder.toString());
        assertThat(code).isZero();
        client.close();
        run();
    }

    @AfterAll
    void end() throws Exception {
        relay.destroyForcibly().waitFor();
        ChildNode.delete(folder);
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void run() throws Exception {
        var output = folder.resolve("output");
        Files.deleteIfExists(output);
        relay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ChildNode.classPath(),
                        "io.marsad.server.Main",
                        "relay",
                        "run",
                        "--data",
                        folder.toString(),
                        "--listen",
                        "127.0.0.1:" + port,
                        "--enroll-listen",
                        "127.0.0.1:" + door,
                        "--format",
                        "json")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await("the relay", () -> {
            assertThat(relay.isAlive()).as("%s", Files.readString(output)).isTrue();
            return Files.readString(output).contains("\"state\":\"ready\"");
        });
    }

    private AgentHost host(String name) throws Exception {
        var secret = client.post("/v1/enroll-secrets", Map.of("name", "agents", "purpose", "agent", "group", name))
                .body();
        return new AgentHost("main", secret.path("secret").asString(), name, door, port);
    }

    private static String process(String mark) {
        return "{\"source\":\"process\",\"activity\":\"Launch\",\"time\":" + System.currentTimeMillis()
                + ",\"pid\":4711,\"name\":\"curl\",\"cmd_line\":\"curl " + mark + "\"}";
    }

    private long count(String mark) throws IOException, InterruptedException {
        return client.post("/v1/events/histogram", Map.of("query", mark))
                .body()
                .path("total")
                .asLong();
    }

    @Test
    void whatHostsReportComesThroughOnceHoweverOftenTheRelayIsKilled() throws Exception {
        try (var host = host(mark())) {
            var mark = mark();
            long acknowledged = 0;
            int kills = 0;
            var sending = host.sending();
            for (long first = 1; kills < KILLS || first <= 3_000; ) {
                var records = new java.util.ArrayList<String>();
                for (int i = 0; i < 100; i++) {
                    records.add(process(mark + " n" + (first + i)));
                }
                if (first / 700 > kills && kills < KILLS) {
                    kills++;
                    relay.destroyForcibly().waitFor(); // as kill -9 does, while the host sends
                    run();
                }
                if (sending.send("spool", first, records) instanceof Taken taken) {
                    acknowledged = Math.max(acknowledged, taken.getThrough());
                    first = taken.getThrough() + 1;
                } else {
                    sending = host.sending(); // and all that was not acknowledged comes again
                }
            }
            long wanted = acknowledged;
            await("all that was acknowledged", () -> count(mark) >= wanted);
            awaitAllProcessed();
            assertThat(count(mark)).as("each once, after %s kills", kills).isEqualTo(wanted);
            assertThat(kills).isGreaterThanOrEqualTo(KILLS);
        }
    }

    @Test
    void policiesAndActionsGoThroughAndWhatTheyGiveComesBack() throws Exception {
        var name = mark();
        try (var host = host(name)) {
            var policies = new AgentHost.Heard<SignedPolicy>();
            var orders = new AgentHost.Heard<SignedAction>();
            var reports = ActionsGrpc.newStub(host.channel()).follow(orders);
            reports.onNext(ActionReport.getDefaultInstance());
            PoliciesGrpc.newStub(host.channel()).watch(WatchPolicy.getDefaultInstance(), policies);
            assertThat(policies.next()).isInstanceOf(SignedPolicy.class);
            await(
                    "the way of the host",
                    () -> relays().at("/relays/0/groups").toString().contains(name));
            var relay = relays().at("/relays/0");
            assertThat(relay.path("state").asString()).isEqualTo("active");
            assertThat(relay.path("waiting_records").isIntegralNumber()).isTrue();
            assertThat(relays().path("direct").toString()).doesNotContain(name);
            var asked = client.post(
                    "/v1/actions",
                    Map.of("action", "run_endpoint_query", "parameters", Map.of("host", name, "query", "users")));
            assertThat(asked.status()).as(asked.problem()).isEqualTo(201);
            assertThat(orders.next()).isInstanceOf(SignedAction.class);
            var id = asked.body().path("id").asString();
            reports.onNext(ActionReport.newBuilder()
                    .setActionId(id)
                    .setState(ActionReport.State.STATE_COMPLETED)
                    .putOutputs("rows", "[7]")
                    .build());
            await("its end", () -> !status(id).equals("dispatched"));
            assertThat(status(id)).isEqualTo("completed");
        }
    }

    @Test
    void whatAPolicyNamesComesThroughTheRelayAndWhoRunsIsKnown() throws Exception {
        var group = mark();
        var packed = packed("0.2.0", 2 * AgentPackage.BLOCK);
        var file = folder.resolve("package.tar.gz");
        Files.write(file, packed);
        assertThat(publish(file)).isZero();
        var all = client.get("/v1/agent-packages").body().path("packages");
        var sha256 = all.get(0).path("sha256").asString();
        assertThat(sha256).isEqualTo(sha256(packed));
        assertThat(all.get(0).path("version").asString()).isEqualTo("0.2.0");
        assertThat(all.get(0).path("platform").asString()).isEqualTo("linux-x86_64");
        assertThat(publish(file)).as("a version is one package").isEqualTo(1);
        Files.writeString(file, "no package");
        assertThat(publish(file)).isEqualTo(1);
        try (var host = host(group)) {
            var policies = new AgentHost.Heard<SignedPolicy>();
            PoliciesGrpc.newStub(host.channel()).watch(WatchPolicy.getDefaultInstance(), policies);
            assertThat(policies.next()).isInstanceOf(SignedPolicy.class);
            var stub = PackagesGrpc.newBlockingStub(host.channel());
            var wanted = PackageWanted.newBuilder().setSha256(sha256);
            assertThatThrownBy(() -> stub.read(wanted.build()))
                    .as("no policy names it yet: the relay does not even ask")
                    .hasMessageContaining("NOT_FOUND");
            var named = Map.of("group", group, "base", 1, "collectors", Map.of(), "agent", List.of(sha256));
            var given = client.post("/v1/agent-policies", named);
            assertThat(given.status()).as(given.problem()).isEqualTo(201);
            assertThat(((SignedPolicy) policies.next()).getEnvelope().size()).isPositive();
            await("the package at the relay", () -> {
                try {
                    return stub.read(wanted.build()).getSize() == packed.length;
                } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    return false;
                }
            });
            var through = new ByteArrayOutputStream();
            for (long offset = 0; offset < packed.length; offset += AgentPackage.BLOCK) {
                stub.read(wanted.setOffset(offset).build()).getData().writeTo(through);
            }
            assertThat(sha256(through.toByteArray())).isEqualTo(sha256);
            PoliciesGrpc.newBlockingStub(host.channel())
                    .report(PolicyReport.newBuilder()
                            .setVersion(2)
                            .setApplied(true)
                            .setAgentVersion("0.1.9")
                            .setUpdateRefused("version 0.2.0 does not run on this host")
                            .build());
            await(
                    "its word",
                    () -> client.get("/v1/endpoints/" + host.id())
                            .body()
                            .path("update_refused")
                            .asString("")
                            .contains("does not run"));
            assertThat(client.get("/v1/endpoints/" + host.id())
                            .body()
                            .path("software_version")
                            .asString())
                    .isEqualTo("0.1.9");
            assertThat(client.delete("/v1/agent-packages/"
                                    + all.get(0).path("id").asString())
                            .status())
                    .as("a policy names it")
                    .isEqualTo(409);
        }
    }

    private int publish(Path file) {
        return CommandTree.run(
                "agent", "publish", file.toString(), "--data", node.data().toString());
    }

    private static byte[] packed(String version, int filling) throws IOException {
        var bytes = new byte[filling];
        new Random(1).nextBytes(bytes);
        var header = new byte[512];
        var name = ("marsad-agent-" + version + "-linux-x86_64/").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, header, 0, name.length);
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(header);
            zip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private JsonNode relays() throws IOException, InterruptedException {
        return client.get("/v1/relays").body();
    }

    private String status(String action) throws IOException, InterruptedException {
        JsonNode one = client.get("/v1/actions/" + action).body();
        return one.path("status").asString();
    }

    @Test
    void whoIsRevokedIsCutOffAtTheRelayInTheMiddleOfAStream() throws Exception {
        try (var host = host(mark());
                var other = host(mark())) {
            var sending = host.sending();
            assertThat(sending.send("s", 1, List.of(process("x")))).isInstanceOf(Taken.class);
            long since = System.nanoTime();
            client.post("/v1/endpoints/" + host.id() + "/revoke", Map.of());
            long[] next = {2};
            await("an end", () -> sending.send("s", next[0]++, List.of(process("x"))) == Status.Code.UNAUTHENTICATED);
            assertThat(System.nanoTime() - since).isLessThan(TimeUnit.SECONDS.toNanos(15));
            assertThat(other.sending().send("s", 1, List.of(process("x")))).isInstanceOf(Taken.class);
        }
    }

    @Test
    void aRelayThatIsLetInAlreadyOrWasNotSaysSo() throws Exception {
        assertThat(CommandTree.run(
                        "relay", "run", "--data", folder.resolve("nothing").toString()))
                .isEqualTo(1);
        assertThat(CommandTree.run(
                        "relay",
                        "enroll",
                        "--server",
                        "localhost:1",
                        "--secret",
                        "mse_main.a.b",
                        "--authority",
                        "0".repeat(64),
                        "--data",
                        folder.toString()))
                .isEqualTo(1);
    }
}
