package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Other products start playbooks over HTTP. */
class PlaybookWebhookTest {
    private static TestNode node;
    private static Tenant tenant;
    private static Calls calls;

    private final String id = UUID.randomUUID().toString();
    private final String path = "/v1/playbooks/" + id;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("by-webhook");
        calls = new Calls(node, tenant.byToken());
    }

    private void playbook(String trigger, boolean on) throws Exception {
        var text = TestRespond.playbook(id, "Isolate a host").replace("playbook_variables:", """
                        playbook_variables:
                          __address__: {type: ipv4-addr, external: true}
                          __ports__: {type: list, external: true}
                          __how__: {type: string, value: fast}""");
        calls.tree(
                "createPlaybook",
                "/v1/playbooks",
                TestRespond.source(text + TestRespond.TRIGGERS.formatted(trigger)),
                201);
        if (on) {
            calls.json("enablePlaybook", path + "/enabled", "{\"enabled\":true}");
        }
    }

    private JsonNode called(String body) throws Exception {
        return calls.tree("startPlaybookByWebhook", path + "/webhook", body, 202);
    }

    private HttpResponse<byte[]> keyed(String key, String body) throws Exception {
        var request = HttpRequest.newBuilder(
                        node.request(tenant.byToken(), "POST", path + "/webhook", body), (_, _) -> true)
                .header("Idempotency-Key", key)
                .build();
        var answer = node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Calls.check("startPlaybookByWebhook", answer);
        return answer;
    }

    private String problem(Calls by, String body, int status) throws Exception {
        return by.problem("startPlaybookByWebhook", path + "/webhook", body, status);
    }

    @Test
    void whatTheSenderSaysIsWhatTheRunIsGiven() throws Exception {
        playbook("{on: webhook}", true);
        assertThat(calls.json("getPlaybook", path, "").get("webhook").stringValue())
                .isEqualTo(path + "/webhook");
        var body = "{\"host\":\"x\",\"__host__\":\"ws-7\",\"address\":\"192.0.2.7\",\"ports\":[22,80],\"how\":\"slow\","
                + "\"__how__\":\"slow\",\"else\":{\"host\":\"y\"}}";
        var run = calls.json(
                "getPlaybookRun", "/v1/playbook-runs/" + called(body).get("run").stringValue(), "");
        assertThat(run.get("started_by").stringValue()).isEqualTo(tenant.id() + "-token");
        var values = run.get("values");
        assertThat(values.get("__host__").stringValue()).isEqualTo("ws-7");
        assertThat(values.get("__address__").stringValue()).isEqualTo("192.0.2.7");
        assertThat(values.get("__ports__").stringValue()).isEqualTo("[22,80]");
        assertThat(values.get("__how__").stringValue()).isEqualTo("fast");
        assertThat(values.size()).isEqualTo(4);
    }

    @Test
    void aSenderThatRepeatsStartsOneRun() throws Exception {
        playbook("{on: webhook}", true);
        var first = called("{\"host\":\"ws-1\"}");
        assertThat(first.get("begun").booleanValue()).isTrue();
        var again = called("{ \"host\": \"ws-1\" }");
        assertThat(again.get("begun").booleanValue()).isFalse();
        assertThat(again.get("run")).isEqualTo(first.get("run"));
        assertThat(called("{\"host\":\"ws-2\"}").get("run")).isNotEqualTo(first.get("run"));
        var one = Json.tree(keyed("a", "{\"host\":\"ws-1\"}").body()).get("run");
        assertThat(one).isNotEqualTo(first.get("run"));
        assertThat(Json.tree(keyed("a", "{\"host\":\"ws-1\",\"try\":2}").body()).get("run"))
                .isEqualTo(one);
        assertThat(Json.tree(keyed("b", "{\"host\":\"ws-1\"}").body()).get("run"))
                .isNotEqualTo(one);
        assertThat(calls.json("listPlaybookRuns", "/v1/playbook-runs?playbook=" + id, "")
                        .get("runs"))
                .hasSize(4);
    }

    @Test
    void whatCannotStartSaysWhy() throws Exception {
        playbook("{on: webhook}", false);
        assertThat(problem(calls, "{}", 409)).isEqualTo("not-enabled");
        calls.json("enablePlaybook", path + "/enabled", "{\"enabled\":true}");
        assertThat(problem(calls, "[]", 400)).isEqualTo("invalid-body");
        assertThat(problem(calls, "{\"x\":\"" + "y".repeat(300_000) + "\"}", 413))
                .isEqualTo("too-large");
        var wrong = calls.tree("startPlaybookByWebhook", path + "/webhook", "{\"address\":\"nowhere\"}", 400);
        assertThat(wrong.get("type").stringValue()).endsWith("invalid-values");
        assertThat(wrong.toString()).contains("/address");
        var auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        assertThat(problem(auditor, "{}", 403)).isEqualTo("forbidden");
        assertThat(calls.json("listPlaybookRuns", "/v1/playbook-runs?playbook=" + id, "")
                        .get("runs"))
                .isEmpty();
        calls.send("startPlaybookByWebhook", "/v1/playbooks/" + UUID.randomUUID() + "/webhook", "{}", 404);
    }

    @Test
    void onlyWhatHasTheTriggerIsStarted() throws Exception {
        playbook("{on: alert}", true);
        assertThat(problem(calls, "{}", 409)).isEqualTo("no-webhook");
        assertThat(calls.json("getPlaybook", path, "").get("webhook").isNull()).isTrue();
    }

    @Test
    void moreThanWantedInAnHourIsRefusedCountedAndShown() throws Exception {
        playbook("{on: webhook, max_per_hour: 2}", true);
        assertThat(calls.json("getPlaybook", path, "").get("left").isNull()).isTrue();
        var first = called("{\"host\":\"ws-1\"}").get("run");
        called("{\"host\":\"ws-2\"}");
        var answer = calls.send("startPlaybookByWebhook", path + "/webhook", "{\"host\":\"ws-3\"}", 429);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(3_000L, 3_600L);
        assertThat(called("{\"host\":\"ws-1\"}").get("run")).isEqualTo(first); // it is there, whatever the cap
        var left = calls.json("getPlaybook", path, "").get("left");
        assertThat(left.get("count").intValue()).isOne();
        assertThat(left.get("reason").stringValue()).isEqualTo("more than 2 in an hour (webhook)");
        for (var one : calls.json("listPlaybooks", "/v1/playbooks", "").get("playbooks")) {
            if (one.get("id").stringValue().equals(id)) {
                assertThat(one.get("left")).isEqualTo(left);
            }
        }
    }
}
