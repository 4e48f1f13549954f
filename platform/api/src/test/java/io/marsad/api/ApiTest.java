package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.api.platform.Check;
import io.marsad.soc.identity.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the routes do, over HTTP on real services; every answer is held to the contract. */
class ApiTest {
    private static TestNode node;
    private static Tenant tenant;
    private static Identity analyst;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("acme");
        analyst = node.signIn(tenant.id(), Role.SOC_ANALYST);
    }

    private static JsonNode call(Identity as, String operation, String path, String body, int status) throws Exception {
        return new Calls(node, as).tree(operation, path, body, status);
    }

    @Test
    void signsInAndOut() throws Exception {
        var admin = node.signIn(tenant.id(), Role.TENANT_ADMIN);
        var session = call(admin, "getSession", "/v1/auth/session", "", 200);
        assertThat(session.at("/user/role").stringValue()).isEqualTo("tenant_admin");
        assertThat(session.at("/tenant/id").stringValue()).isEqualTo("acme");
        assertThat(session.get("csrf").stringValue()).isEqualTo(admin.csrf());
        call(admin, "logout", "/v1/auth/logout", "", 204);
        call(admin, "getSession", "/v1/auth/session", "", 401);
        call(tenant.byToken(), "getSession", "/v1/auth/session", "", 401);
    }

    @Test
    void refusesWrongPasswordsWithoutSayingWhatIsWrong() throws Exception {
        var bodies = List.of(
                "{\"tenant\":\"acme\",\"username\":\"soc_analyst\",\"password\":\"wrong wrong wrong\"}",
                "{\"tenant\":\"acme\",\"username\":\"no such\",\"password\":\"wrong wrong wrong\"}",
                "{\"tenant\":\"no-such\",\"username\":\"a\",\"password\":\"wrong wrong wrong\"}",
                "{\"tenant\":\"NO TENANT\",\"username\":\"a\",\"password\":\"wrong wrong wrong\"}",
                "{\"username\":\"a\",\"password\":\"wrong wrong wrong\"}");
        for (String body : bodies) {
            var problem = call(Identity.NOBODY, "login", "/v1/auth/login", body, 401);
            assertThat(problem.get("detail").stringValue()).isEqualTo("The name, the password or the tenant is wrong.");
        }
        var again = "{\"tenant\":\"acme\",\"username\":\"many\",\"password\":\"wrong wrong wrong\"}";
        await().until(() ->
                node.send(Identity.NOBODY, "POST", "/v1/auth/login", again).statusCode() == 429);
        call(Identity.NOBODY, "login", "/v1/auth/login", again, 429);
        call(Identity.NOBODY, "login", "/v1/auth/login", "{\"username\":\"a\"}", 400);
    }

    @Test
    void theCookieIsForNoScriptAndNoOtherSite() throws Exception {
        var response = node.send(
                Identity.NOBODY,
                "POST",
                "/v1/auth/login",
                "{\"tenant\":\"acme\",\"username\":\"soc_analyst\",\"password\":\"" + TestNode.PASSWORD + "\"}");
        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/");
    }

    @Test
    void makesTokensThatWorkUntilTheyAreRevoked() throws Exception {
        var made = call(tenant.byToken(), "createToken", "/v1/tokens", "{\"name\":\"sensor-1\"}", 201);
        assertThat(made.get("permissions").get(0).stringValue()).isEqualTo("ingest:write");
        var token = new Identity(
                "t", "Authorization", "Bearer " + made.get("secret").stringValue(), "");
        call(token, "ingestEvent", "/v1/ingest/events", "{\"category\":\"auth\"}", 202);
        call(token, "listTokens", "/v1/tokens", "", 403);
        var listed = call(tenant.byToken(), "listTokens", "/v1/tokens", "", 200);
        assertThat(listed.toString())
                .contains("sensor-1")
                .doesNotContain(made.get("secret").stringValue());
        var path = "/v1/tokens/" + made.get("id").stringValue();
        call(tenant.byToken(), "revokeToken", path, "", 204);
        call(token, "ingestEvent", "/v1/ingest/events", "{\"category\":\"auth\"}", 401);
        call(tenant.byToken(), "revokeToken", path, "", 404);
        call(tenant.byToken(), "createToken", "/v1/tokens", "{\"name\":\"x\",\"permissions\":[\"fly\"]}", 400);
    }

    @Test
    void takesRecordsInAndSaysWhichNot() throws Exception {
        long before = node.log.endOffset(0);
        var one = call(tenant.byToken(), "ingestEvent", "/v1/ingest/events", "{\"category\":\"auth\"}", 202);
        assertThat(one.get("event_id").stringValue()).hasSize(36);
        call(tenant.byToken(), "ingestEvent", "/v1/ingest/events", "{\"category\":\"nonsense\"}", 400);
        var batch = call(
                tenant.byToken(),
                "ingestBatch",
                "/v1/ingest/batch?ids=true",
                "{\"source_format\":\"json\",\"events\":[{\"a\":1},7,\"{}\",{\"b\":[]}]}",
                202);
        assertThat(batch.get("accepted").intValue()).isEqualTo(3);
        assertThat(batch.get("event_ids")).hasSize(3);
        assertThat(batch.at("/errors/0/index").intValue()).isEqualTo(1);
        call(tenant.byToken(), "ingestBatch", "/v1/ingest/batch", "{\"source_format\":\"xml\",\"events\":[]}", 400);
        var zero = "{\"connector_id\":\"a\\u0000b\",\"events\":[{\"a\":1}]}"; // no database takes it as a text
        call(tenant.byToken(), "ingestBatch", "/v1/ingest/batch", zero, 400);
        call(tenant.byToken(), "ingestBatch", "/v1/ingest/batch?connector_id=a%0Ab", "{\"events\":[{\"a\":1}]}", 400);
        call(tenant.byToken(), "ingestFalco", "/v1/falco", "{\"rule\":\"r\",\"priority\":\"Notice\"}", 202);
        call(Identity.NOBODY, "ingestFalcoByUrl", "/v1/falco/" + tenant.token(), "{\"rule\":\"r\"}", 202);
        call(Identity.NOBODY, "ingestFalcoByUrl", "/v1/falco/mst_none", "{\"rule\":\"r\"}", 401);
        call(analyst, "ingestFalco", "/v1/falco", "{\"rule\":\"r\"}", 403);
        assertThat(node.log.endOffset(0) - before).isEqualTo(6);
        var lines = HttpRequest.newBuilder(
                        node.request(tenant.byToken(), "POST", "/v1/ingest/batch?source_format=syslog", "x\ny\n"),
                        (_, _) -> true)
                .header("Content-Type", "text/plain; charset=utf-8")
                .build();
        var answer = node.client.send(lines, HttpResponse.BodyHandlers.ofByteArray());
        Calls.check("ingestBatch", answer);
        assertThat(Json.tree(answer.body()).get("accepted").intValue()).isEqualTo(2);
    }

    @Test
    void aBatchThatComesAgainHasTheSameIds() throws Exception {
        var ids = new ArrayList<JsonNode>();
        for (int i = 0; i < 2; i++) {
            var request = HttpRequest.newBuilder(
                            node.request(
                                    tenant.byToken(), "POST", "/v1/ingest/batch?ids=true", "{\"events\":[{\"a\":1}]}"),
                            (_, _) -> true)
                    .header("Idempotency-Key", "key-1")
                    .build();
            ids.add(Json.tree(node.client
                            .send(request, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .get("event_ids"));
        }
        assertThat(ids.getFirst()).hasSize(1).isEqualTo(ids.getLast());
    }

    @Test
    void findsEvents() throws Exception {
        for (int i = 0; i < 5; i++) {
            node.event(tenant.id(), "needle" + i);
        }
        var id = node.event(tenant.id(), "needle5");
        var found = call(analyst, "searchEvents", "/v1/events/search", "{\"query\":\"needle5\"}", 200);
        assertThat(found.get("events")).hasSize(1);
        assertThat(found.at("/events/0/id").stringValue()).isEqualTo(id.toString());
        assertThat(found.at("/events/0/fields/process.cmd_line").stringValue()).isEqualTo("run needle5");

        var ids = new ArrayList<String>();
        String cursor = null;
        do {
            var page = call(
                    analyst,
                    "searchEvents",
                    "/v1/events/search",
                    "{\"query\":\"needle\",\"limit\":2" + (cursor == null ? "" : ",\"cursor\":\"" + cursor + "\"")
                            + "}",
                    200);
            page.get("events").forEach(e -> ids.add(e.get("id").stringValue()));
            cursor = Json.text(page, "next");
        } while (cursor != null);
        assertThat(ids).hasSize(6).doesNotHaveDuplicates();

        var histogram =
                call(analyst, "histogramEvents", "/v1/events/histogram", "{\"query\":\"needle\",\"buckets\":7}", 200);
        assertThat(histogram.get("total").intValue()).isEqualTo(6);
        assertThat(histogram.get("counts").size()).isLessThanOrEqualTo(7);

        var one = call(analyst, "getEvent", "/v1/events/" + id, "", 200);
        assertThat(one.at("/ocsf/process/cmd_line").stringValue()).isEqualTo("run needle5");
        var raw = node.send(analyst, "GET", "/v1/events/" + id + "/raw", "");
        Calls.check("getRawEvent", raw);
        assertThat(raw.body()).asString(StandardCharsets.UTF_8).isEqualTo("needle5");
        call(analyst, "getEvent", "/v1/events/00000000-0000-7000-8000-000000000000", "", 404);
    }

    @Test
    void saysWhereAQueryIsWrong() throws Exception {
        var problem = call(analyst, "searchEvents", "/v1/events/search", "{\"query\":\"a AND (b\"}", 400);
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:marsad:problem:invalid-query");
        assertThat(problem.at("/errors/0/where").stringValue()).startsWith("query:");
        call(analyst, "searchEvents", "/v1/events/search", "{\"cursor\":\"nonsense\"}", 400);
        call(
                analyst,
                "searchEvents",
                "/v1/events/search",
                "{\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"}",
                400);
        call(analyst, "searchEvents", "/v1/events/search", "{\"limit\":1001}", 400);
        call(
                analyst,
                "histogramEvents",
                "/v1/events/histogram",
                "{\"from\":\"-999999999-01-01T00:00:00Z\",\"to\":\"+999999999-01-01T00:00:00Z\"}",
                400);
    }

    @Test
    void worksThroughTheQueue() throws Exception {
        var alert = node.alert(tenant.id(), node.event(tenant.id(), "queue"), "queue");
        var path = "/v1/alerts/" + alert.id();
        var listed = call(analyst, "listAlerts", "/v1/alerts?q=queue&status=new,in_progress&severity=high", "", 200);
        assertThat(listed.get("total").intValue()).isEqualTo(1);
        assertThat(listed.at("/alerts/0/id").stringValue()).isEqualTo(alert.id().toString());
        assertThat(listed.get("live_seq").isString()).isTrue();
        call(analyst, "listAlerts", "/v1/alerts?status=nonsense", "", 400);
        call(analyst, "listAlerts", "/v1/alerts?cursor=nonsense", "", 400);
        var detail = call(analyst, "getAlert", path, "", 200);
        assertThat(detail.at("/evidence/0/matches/0/value").stringValue()).isEqualTo("run queue");
        assertThat(detail.at("/rule/title").stringValue()).isEqualTo("Title queue");

        var taken = call(analyst, "transitionAlert", path + "/transition", "{\"to\":\"in_progress\"}", 200);
        assertThat(taken.get("assignee").stringValue()).isEqualTo("soc_analyst");
        call(analyst, "transitionAlert", path + "/transition", "{\"to\":\"resolved\"}", 400);
        call(
                analyst,
                "transitionAlert",
                path + "/transition",
                "{\"to\":\"resolved\",\"verdict\":\"benign\",\"version\":1}",
                409);
        var closed = call(
                analyst,
                "transitionAlert",
                path + "/transition",
                "{\"to\":\"resolved\",\"verdict\":\"benign\",\"version\":2,\"comment\":\"ok\"}",
                200);
        assertThat(closed.get("status").stringValue()).isEqualTo("resolved");
        assertThat(call(analyst, "getAlert", path, "", 200).get("history")).hasSizeGreaterThan(1);
    }

    @Test
    void tellsWhatBecameOfRecords() throws Exception {
        var other = node.tenant("sources");
        node.event(other.id(), "fine");
        var dead = node.deadLetters(other.id(), "bad");
        var sources = call(other.byToken(), "listSources", "/v1/sources", "", 200);
        assertThat(sources.at("/ledger/received").intValue()).isEqualTo(4);
        assertThat(sources.at("/ledger/stored").intValue()).isEqualTo(1);
        assertThat(sources.at("/ledger/dead").intValue()).isEqualTo(3);
        assertThat(sources.at("/sources/0/state").stringValue()).isEqualTo("failing");
        assertThat(sources.at("/rules/loaded").intValue()).isEqualTo(40);

        var ids = new ArrayList<String>();
        var page = call(other.byToken(), "listDeadLetters", "/v1/dead-letters?limit=2", "", 200);
        page.get("dead_letters").forEach(letter -> ids.add(letter.get("id").stringValue()));
        var next = page.get("next").stringValue();
        page = call(other.byToken(), "listDeadLetters", "/v1/dead-letters?limit=2&cursor=" + next, "", 200);
        page.get("dead_letters").forEach(letter -> ids.add(letter.get("id").stringValue()));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(dead);
        assertThat(page.get("next").isNull()).isTrue();
        assertThat(page.at("/dead_letters/0/reason").stringValue()).isEqualTo("cannot read dead bad");
        call(other.byToken(), "listDeadLetters", "/v1/dead-letters?cursor=AAAA", "", 400);

        var path = "/v1/dead-letters/" + dead.getFirst() + "/replay";
        call(other.byToken(), "replayDeadLetter", path, "", 202);
        await().until(() -> node.send(other.byToken(), "POST", path, "").statusCode() == 202); // it died again
        call(
                other.byToken(),
                "replayDeadLetter",
                path.replace(dead.getFirst(), "00000000-0000-7000-8000-000000000000"),
                "",
                404);
    }

    @Test
    void saysHowItDoes() throws Exception {
        call(Identity.NOBODY, "health", "/health", "", 200);
        assertThat(call(Identity.NOBODY, "ready", "/ready", "", 200)
                        .at("/checks/thing/status")
                        .stringValue())
                .isEqualTo("ok");
        node.check.set(Check.State.down("gone"));
        await().until(() -> node.send(Identity.NOBODY, "GET", "/ready", "").statusCode() == 503);
        assertThat(call(Identity.NOBODY, "ready", "/ready", "", 503)
                        .at("/checks/thing/detail")
                        .stringValue())
                .isEqualTo("gone");
        node.check.set(Check.State.OK);
        var metrics = node.send(Identity.NOBODY, "GET", "/metrics", "");
        Calls.check("metrics", metrics);
        assertThat(metrics.body())
                .asString(StandardCharsets.UTF_8)
                .contains("marsad_http_requests_seconds_count", "jvm_memory_used_bytes", "marsad_ingest_records_total");
    }
}
