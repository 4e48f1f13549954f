package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.marsad.fleet.control.EvidenceRoom;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.proto.agent.v1.EvidenceGrpc;
import io.marsad.proto.agent.v1.EvidenceTaken;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.wire.FalcoRulesHash;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Hosts enroll, report and are told what to do by one running platform, over its own addresses. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AgentDoorsTest extends RunningPlatform {
    AgentDoorsTest() {
        super("agents");
    }

    private int agents(int which) throws Exception {
        var ports =
                Pattern.compile("Agents on .*port (\\d+), enrollment (\\d+)").matcher(node.output());
        int port = 0;
        while (ports.find()) {
            port = Integer.parseInt(ports.group(which)); // of the newest start
        }
        return port;
    }

    private JsonNode secret(String group) throws Exception {
        var made = client.post("/v1/enroll-secrets", Map.of("name", "agents", "purpose", "agent", "group", group));
        assertThat(made.status()).as(made.problem()).isEqualTo(201);
        return made.body();
    }

    private AgentHost host(String name) throws Exception {
        return new AgentHost("main", secret("default").path("secret").asString(), name, agents(2), agents(1));
    }

    private JsonNode endpoint(AgentHost host) throws IOException, InterruptedException {
        return client.get("/v1/endpoints/" + host.id()).body();
    }

    private static String process(String mark) {
        return "{\"source\":\"processes\",\"activity\":\"Launch\",\"time\":" + System.currentTimeMillis()
                + ",\"pid\":4711,\"name\":\"curl\",\"cmd_line\":\"curl " + mark + "\",\"hostname\":\"forged\"}";
    }

    @Test
    void whatAHostReportsIsFoundWithinTwoSecondsAndOnce() throws Exception {
        var secret = secret("servers");
        try (var host = new AgentHost("main", secret.path("secret").asString(), "ws-1", agents(2), agents(1))) {
            assertThat(secret.path("authority_sha256").asString()).isEqualTo(host.authoritySha256());
            assertThat(host.admitted.getPort()).isEqualTo(agents(1));
            var mark = mark();
            var sending = host.sending();
            long sent = System.nanoTime();
            assertThat(sending.send("spool-1", 1, List.of(process(mark + "a"), process(mark + "b"))))
                    .isInstanceOfSatisfying(
                            Taken.class, taken -> assertThat(taken.getThrough()).isEqualTo(2));
            await(
                    "what was sent",
                    () -> search(mark + "a").size() == 1 && search(mark + "b").size() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(2));
            assertThat(search(mark + "a").getFirst().toString())
                    .contains("ws-1")
                    .contains(host.id());
            sending.send("spool-1", 2, List.of(process(mark + "b"), process(mark + "c")));
            host.sending().send("spool-1", 1, List.of(process(mark + "a")));
            await("the next", () -> search(mark + "c").size() == 1);
            awaitAllProcessed();
            assertThat(search(mark + "b")).hasSize(1);
            assertThat(search(mark + "a")).hasSize(1);
            await("its counters", () -> endpoint(host).path("lost_records").asLong() == 7);
            assertThat(endpoint(host).path("kind").asString()).isEqualTo("agent");
            assertThat(endpoint(host).path("group").asString()).isEqualTo("servers");
        }
    }

    @Test
    void whatComesAgainLongAfterItWasForgottenIsStoredOnce() throws Exception {
        try (var host = host("ws-2")) {
            var mark = mark();
            var sending = host.sending();
            assertThat(sending.send("spool-2", 1, List.of(process(mark + "a")))).isInstanceOf(Taken.class);
            // The process knows the newest spool of a host only: of those before, the store knows what was there.
            assertThat(sending.send("spool-3", 1, List.of(process(mark + "b")))).isInstanceOf(Taken.class);
            assertThat(sending.send("spool-2", 1, List.of(process(mark + "a"), process(mark + "c"))))
                    .isInstanceOf(Taken.class);
            await("what came later", () -> search(mark + "c").size() == 1);
            awaitAllProcessed();
            assertThat(search(mark + "a")).hasSize(1);
            assertThat(search(mark + "b")).hasSize(1);
        }
    }

    @Test
    void whoIsRevokedIsCutOffInTheMiddleOfAStream() throws Exception {
        try (var host = host("ws-3");
                var other = host("ws-4")) {
            var sending = host.sending();
            assertThat(sending.send("s", 1, List.of(process("x")))).isInstanceOf(Taken.class);
            var revoked = client.post("/v1/endpoints/" + host.id() + "/revoke", Map.of());
            assertThat(revoked.status()).as(revoked.problem()).isEqualTo(200);
            long since = System.nanoTime();
            long[] next = {2};
            await("an end", () -> sending.send("s", next[0]++, List.of(process("x"))) == Status.Code.UNAUTHENTICATED);
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(10));
            assertThat(other.sending().send("s", 1, List.of(process("x")))).isInstanceOf(Taken.class);
            assertThat(host.sending().send("s", 1, List.of(process("x")))).isNotInstanceOf(Taken.class);
        }
    }

    @Test
    void theCertificateBeforeIsGoodNoMoreAtOnce() throws Exception {
        try (var first = host("ws-5")) {
            assertThat(first.sending().send("s", 1, List.of(process("x")))).isInstanceOf(Taken.class);
            try (var again = host("ws-5")) {
                assertThat(again.id()).isEqualTo(first.id());
                assertThat(first.sending().send("s", 2, List.of(process("x")))).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(again.sending().send("s", 2, List.of(process("x")))).isInstanceOf(Taken.class);
            }
        }
    }

    @Test
    void aRelayHearsWhomItMaySpeakWithAndSpeaksForThem() throws Exception {
        var made = client.post("/v1/enroll-secrets", Map.of("name", "relays", "purpose", "relay"));
        var secret = made.body().path("secret").asString();
        try (var host = host("ws-6");
                var relay =
                        new AgentHost("main", secret, EnrollRequest.Kind.KIND_RELAY, "relay-1", agents(2), agents(1))) {
            var rosters = new AgentHost.Heard<Roster>();
            var states = RelaysGrpc.newStub(relay.channel()).attend(rosters);
            states.onNext(RelayState.newBuilder().addConnected(host.id()).build());
            var whole = (Roster) rosters.next();
            assertThat(whole.getWhole()).isTrue();
            assertThat(whole.getEndpointsList())
                    .filteredOn(one -> one.getEndpointId().equals(host.id()))
                    .singleElement()
                    .satisfies(one -> assertThat(one.getCertificateHash().toByteArray())
                            .isEqualTo(Fingerprint.bytes(host.certificate)));
            var mark = mark();
            var sending = relay.sending();
            assertThat(sending.send(host.id(), "s", 1, List.of(process(mark)))).isInstanceOf(Taken.class);
            await("what the relay brought", () -> search(mark).size() == 1);
            assertThat(search(mark).getFirst().toString()).contains("ws-6");
            assertThat(host.sending().send(relay.id(), "s", 2, List.of(process(mark))))
                    .as("an endpoint speaks for itself only")
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
            var lists = new AgentHost.Heard<SignedKeys>();
            KeysGrpc.newStub(relay.channel()).watch(WatchKeys.getDefaultInstance(), lists);
            var list = (SignedKeys) lists.next();
            var keys = new TrustedKeys("main", List.of(relay.authority), InstantSource.system());
            assertThat(keys.accept(list.getEnvelope().toStringUtf8())).isTrue();
            assertThat(keys).isNotEmpty();
            client.post("/v1/endpoints/" + host.id() + "/revoke", Map.of());
            var change = (Roster) rosters.next();
            assertThat(change.getWhole()).isFalse();
            assertThat(change.getEndpoints(0).getRevoked()).isTrue();
        }
    }

    @Test
    void aHostCollectsFromTheFirstMinuteAndTakesWhatIsGivenOutLater() throws Exception {
        var group = mark();
        try (var host = new AgentHost("main", secret(group).path("secret").asString(), "ws-7", agents(2), agents(1))) {
            var heard = new AgentHost.Heard<SignedPolicy>();
            var stub = PoliciesGrpc.newStub(host.channel());
            stub.watch(WatchPolicy.getDefaultInstance(), heard);
            var keys = new TrustedKeys("main", List.of(host.authority), InstantSource.system());
            keys.accept(host.admitted.getKeysEnvelope().toStringUtf8());
            var verifier = new PolicyVerifier("main", group::equals, keys, InstantSource.system());
            var first =
                    verifier.accept(((SignedPolicy) heard.next()).getEnvelope().toStringUtf8(), null);
            assertThat(first.version()).isEqualTo(1);
            assertThat(first.policy())
                    .as("version and time stand in the envelope: agents refuse them here")
                    .startsWith("{\"collectors\":");
            assertThat(first.policy()).contains("processes", "sockets", "inventory", "/var/log/auth.log");
            var collectors = Map.of("processes", Map.of("on", true, "every_ms", 5000));
            var script = Map.of("name", "who", "text", "#!/bin/sh\nwho\n");
            var wanted = Map.of(
                    "group", group, "base", 1, "collectors", collectors, "scripts", List.of(script), "note", "less");
            var made = client.post("/v1/agent-policies", wanted);
            assertThat(made.status()).as(made.problem()).isEqualTo(201);
            var second =
                    verifier.accept(((SignedPolicy) heard.next()).getEnvelope().toStringUtf8(), first);
            assertThat(second.version()).isEqualTo(2);
            assertThat(second.policy())
                    .contains("5000", io.marsad.wire.SignedAction.hash("#!/bin/sh\nwho\n"))
                    .doesNotContain("sockets");
            PoliciesGrpc.newBlockingStub(host.channel())
                    .report(PolicyReport.newBuilder()
                            .setVersion(2)
                            .setApplied(true)
                            .build());
            assertThat(endpoint(host).path("policy_version").asLong()).isEqualTo(2);
            var versions =
                    client.get("/v1/agent-policies?group=" + group).body().path("policies");
            assertThat(versions).hasSize(2);
            var diff = client.get(
                    "/v1/agent-policies/" + versions.get(0).path("id").asString() + "/diff?base="
                            + versions.get(1).path("id").asString());
            assertThat(diff.body().toString()).contains("/processes/every_ms", "/sockets", "/scripts/who");
            assertThat(client.post("/v1/agent-policies", Map.of("group", group, "base", 1, "collectors", collectors))
                            .status())
                    .as("somebody else was faster")
                    .isEqualTo(409);
            var wrong = Map.of("procesess", Map.of("on", true), "sockets", Map.of("every_ms", 1));
            var refused = client.post("/v1/agent-policies", Map.of("group", group, "base", 2, "collectors", wrong));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().path("errors").toString()).contains("/collectors/procesess");
            var some = Map.of("group", group, "base", 2, "collectors", collectors, "share", 10);
            var tried = client.post("/v1/agent-policies", some).body();
            assertThat(tried.path("share").asInt()).isEqualTo(10);
            int chosen = PolicyShare.includes(group, UUID.fromString(host.id()), 10) ? 1 : 0;
            assertThat(tried.path("hosts").toString())
                    .startsWith("{\"of\":1,\"chosen\":" + chosen + ",\"in_force\":0,\"refused\":0,")
                    .contains("{\"share\":10,\"hosts\":" + chosen + "}", "{\"share\":100,\"hosts\":1}");
            var third =
                    verifier.accept(((SignedPolicy) heard.next()).getEnvelope().toStringUtf8(), second);
            assertThat(PolicyShare.of(third)).as("it is signed").isEqualTo(10);
            versions = client.get("/v1/agent-policies?group=" + group).body().path("policies");
            assertThat(versions.get(1).at("/hosts/in_force").asInt())
                    .as("the second")
                    .isEqualTo(1);
            var share = client.get(
                    "/v1/agent-policies/" + versions.get(0).path("id").asString() + "/diff");
            assertThat(share.body().toString()).contains("{\"path\":\"/share\",\"before\":100,\"after\":10}");
            for (int none : new int[] {0, 101}) {
                var odd = Map.of("group", group, "base", 3, "collectors", collectors, "share", none);
                var fault = client.post("/v1/agent-policies", odd);
                assertThat(fault.status()).isEqualTo(400);
                assertThat(fault.body().path("errors").toString()).contains("share");
            }
        }
    }

    @Test
    void rulesForAFalcoAreReadBeforeTheyAreSignedAndWhatASensorHasIsFound() throws Exception {
        var group = mark();
        var wrong = Map.of("on", true, "address", "falco", "rules", "- rule: x\n  priority: LOUD\n");
        var refused = client.post(
                "/v1/agent-policies", Map.of("group", group, "base", 0, "collectors", Map.of("falco", wrong)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("errors").toString())
                .contains("/collectors/falco/address", "line 1: 'desc' is missing");
        var falco = Map.of("on", true, "rules", "- list: a\n  items: [b]\n", "disable", List.of("Odd rule"));
        var made = client.post(
                "/v1/agent-policies", Map.of("group", group, "base", 0, "collectors", Map.of("falco", falco)));
        assertThat(made.status()).as(made.problem()).isEqualTo(201);
        var hash = FalcoRulesHash.of("- list: a\n  items: [b]\n", List.of("Odd rule"), List.of());
        assertThat(made.body().path("falco_rules_sha256").asString("")).isEqualTo(hash);
        try (var host = new AgentHost("main", secret(group).path("secret").asString(), group, agents(2), agents(1))) {
            var said = "{\"source\":\"falco_sensor\",\"activity\":\"Connected\",\"time\":" + System.currentTimeMillis()
                    + ",\"version\":\"0.39.2\",\"rules_sha256\":\"" + hash + "\",\"rules_trouble\":\"\"}";
            assertThat(host.sending().send("s", 1, List.of(said))).isInstanceOf(Taken.class);
            var query = "app.name = 'Falco' unmapped.rules_sha256 = '" + hash + "' device.hostname = '" + group + "'";
            await(
                    "the sensor's word",
                    () -> client.post("/v1/events/histogram", Map.of("query", query))
                                    .body()
                                    .path("total")
                                    .asLong()
                            == 1);
        }
    }

    private JsonNode action(String action, Map<String, String> parameters) throws Exception {
        var asked = client.post("/v1/actions", Map.of("action", action, "parameters", parameters));
        assertThat(asked.status()).as(asked.problem()).isEqualTo(201);
        return asked.body();
    }

    private JsonNode look(JsonNode action) throws IOException, InterruptedException {
        return client.get("/v1/actions/" + action.path("id").asString()).body();
    }

    private static ActionReport report(String id, ActionReport.State state, String output, String proof) {
        return ActionReport.newBuilder()
                .setActionId(id)
                .setState(state)
                .putOutputs("rows", output)
                .setProof(ByteString.copyFromUtf8(proof))
                .build();
    }

    @Test
    void anActionIsSignedForItsHostAndDoneWhenThatHostSaysSo() throws Exception {
        try (var host = host("ws-8.example.com");
                var other = host("ws-9")) {
            var orders = new AgentHost.Heard<SignedAction>();
            var reports = ActionsGrpc.newStub(host.channel()).follow(orders);
            reports.onNext(ActionReport.getDefaultInstance());
            var forged = ActionsGrpc.newStub(other.channel()).follow(new AgentHost.Heard<SignedAction>());
            var asked = action("run_endpoint_query", Map.of("host", "WS-8", "query", "users"));
            var envelope = ((SignedAction) orders.next()).getEnvelope().toStringUtf8();
            var keys = new TrustedKeys("main", List.of(host.authority), InstantSource.system());
            var lists = new AgentHost.Heard<SignedKeys>();
            KeysGrpc.newStub(host.channel()).watch(WatchKeys.getDefaultInstance(), lists);
            keys.accept(((SignedKeys) lists.next()).getEnvelope().toStringUtf8());
            var order = new Verifier("main", host.id(), keys, (_, _) -> true, InstantSource.system()).accept(envelope);
            assertThat(order.parameters()).isEqualTo("{\"host\":\"WS-8\",\"query\":\"users\"}");
            assertThat(Duration.between(order.issuedAt(), order.expiresAt())).isEqualTo(Duration.ofMinutes(10));
            var id = order.id().toString();
            assertThat(look(asked).path("carried_by").asString()).isEqualTo("the agent on ws-8.example.com");
            forged.onNext(report(id, ActionReport.State.STATE_COMPLETED, "forged", "{}"));
            reports.onNext(report(id, ActionReport.State.STATE_BEGUN, "", ""));
            reports.onNext(report(id, ActionReport.State.STATE_COMPLETED, "[1]", "{\"seen\":true}"));
            reports.onNext(report(id, ActionReport.State.STATE_FAILED, "later", "{}"));
            await("its end", () -> !look(asked).path("status").asString().equals("dispatched"));
            assertThat(look(asked).path("status").asString()).isEqualTo("completed");
            assertThat(look(asked).path("outputs").path("rows").asString()).isEqualTo("[1]");
            assertThat(look(asked).path("reason").asString())
                    .endsWith("proof " + io.marsad.wire.SignedAction.hash("{\"seen\":true}"));
            var nobody = action("run_endpoint_query", Map.of("host", "ws-no", "query", "users"));
            await("a failure", () -> look(nobody).path("status").asString().equals("failed"));
            assertThat(look(nobody).path("reason").asString()).contains("no host is named on which an agent runs");
        }
    }

    @Test
    void whatProvesAnActionIsTakenInBlocksFromWhomWasAsked() throws Exception {
        try (var host = host("ws-10")) {
            var policy = Map.of("level", "L2", "always_asked", List.of(), "never", List.of(), "trusted", List.of());
            assertThat(client.put("/v1/response-policy", policy).status()).isEqualTo(200); // nobody is asked for this
            var asked = action("collect_triage_package", Map.of("host", host.id()));
            await("a host", () -> !look(asked).path("carried_by").asString("").isEmpty());
            var bytes = new byte[EvidenceRoom.BLOCK + 100];
            AgentHost.RANDOM.nextBytes(bytes);
            var sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            var block = EvidenceBlock.newBuilder()
                    .setActionId(asked.path("id").asString())
                    .setName("triage.zip")
                    .setSize(bytes.length)
                    .setSha256(sha256);
            var heard = new AgentHost.Heard<EvidenceTaken>();
            var sending = EvidenceGrpc.newStub(host.channel()).upload(heard);
            sending.onNext(block.build());
            assertThat(((EvidenceTaken) heard.next()).getThrough()).isZero();
            sending.onNext(block.setData(ByteString.copyFrom(bytes, 0, EvidenceRoom.BLOCK))
                    .build());
            assertThat(((EvidenceTaken) heard.next()).getThrough()).isEqualTo(EvidenceRoom.BLOCK);
            sending.onCompleted(); // broken off
            var again = new AgentHost.Heard<EvidenceTaken>();
            var rest = EvidenceGrpc.newStub(host.channel()).upload(again);
            rest.onNext(block.clearData().build());
            assertThat(((EvidenceTaken) again.next()).getThrough()).isEqualTo(EvidenceRoom.BLOCK);
            rest.onNext(block.setOffset(EvidenceRoom.BLOCK)
                    .setData(ByteString.copyFrom(bytes, EvidenceRoom.BLOCK, 100))
                    .build());
            assertThat(((EvidenceTaken) again.next()).getThrough()).isEqualTo(bytes.length);
            var kept = client.get("/v1/carves").body().path("carves").get(0);
            assertThat(kept.path("sha256").asString()).isEqualTo(sha256);
            assertThat(kept.path("hostname").asString()).isEqualTo("ws-10");
            var unasked = new AgentHost.Heard<EvidenceTaken>();
            EvidenceGrpc.newStub(host.channel())
                    .upload(unasked)
                    .onNext(block.setActionId(java.util.UUID.randomUUID().toString())
                            .build());
            assertThat(unasked.next()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        }
    }
}
