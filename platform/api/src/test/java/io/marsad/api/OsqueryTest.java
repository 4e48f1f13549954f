package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The exchanges that osquery's documentation has, over sockets, and what becomes of them. osqueryd itself is not run. */
class OsqueryTest {
    private static final String ENROLL = "/v1/osquery/enroll";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static TestNode node;

    private Tenant tenant;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void own() {
        tenant = node.tenant("osquery-" + NUMBER.incrementAndGet());
    }

    @Test
    void aHostEnrollsIsToldWhatToLookAtAndLogs() throws Exception {
        var key = enroll(secret(""), "host-1");
        var config = say("/v1/osquery/config", "{\"node_key\":\"" + key + "\"}");
        assertThat(config.at("/packs/fim-credentials/queries/file_events/query").stringValue())
                .contains("file_events");
        var before = node.intake.appended(tenant.id());
        var log = """
                {"node_key":"%s","log_type":"result","data":[
                {"name":"a","hostIdentifier":"h","calendarTime":"c","unixTime":"1795341600","epoch":0,"counter":0,
                 "numerics":false,"columns":{"x":"1"},"action":"added"},
                {"name":"b","hostIdentifier":"h","calendarTime":"c","unixTime":1795341600,"epoch":0,"counter":1,
                 "diffResults":{"added":[{"x":"1"},{"x":"2"}],"removed":[{"x":"3"}]}},
                {"name":"c","hostIdentifier":"h","calendarTime":"c","unixTime":1795341600,"epoch":0,"counter":0,
                 "action":"snapshot","snapshot":[{"x":"1"},{"x":"1"}]}, 7, "no"]}""".formatted(key);
        assertThat(say("/v1/osquery/log", log)).isEmpty();
        assertThat(say("/api/v1/osquery/log", log)).isEmpty(); // sent again, by the other way
        await().until(() -> node.workers.processed(tenant.id()) == before + 16);
        assertThat(events())
                .as("each row once; what is no entry is passed on as it came")
                .isEqualTo(8);
        var status = "{\"node_key\":\"" + key + "\",\"log_type\":\"status\",\"data\":[{\"hostIdentifier\":\"h\","
                + "\"calendarTime\":\"c\",\"unixTime\":\"1\",\"severity\":\"1\",\"filename\":\"f\",\"line\":\"1\","
                + "\"message\":\"Scheduled query may have failed: fim\",\"version\":\"5.23.0\"}]}";
        assertThat(say("/v1/osquery/log", status)).isEmpty();
        await().until(() -> events() == 9);
    }

    @Test
    void theKeyMayComeInTheHeaderAndTheBodyPacked() throws Exception {
        var key = enroll(secret(""), "host-1");
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(
                    "{\"log_type\":\"result\",\"data\":[{\"name\":\"a\",\"columns\":{\"x\":\"1\"},\"action\":\"added\"}]}"
                            .getBytes(StandardCharsets.UTF_8));
        }
        var request = HttpRequest.newBuilder(
                        node.request(Identity.NOBODY, "POST", "/api/osquery/log", "x"), (_, _) -> true)
                .header("Authorization", "NodeKey " + key)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                .build();
        var answer = node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.tree(answer.body())).isEmpty();
        await().until(() -> events() == 1);
    }

    @Test
    void aHostThatEnrollsAgainStaysItselfAndItsOldKeyIsGoodNoMore() throws Exception {
        var secret = secret("");
        var old = enroll(secret, "host-1");
        var id = endpoints().get(0).get("id").stringValue();
        var key = enroll(secret, "host-1");
        assertThat(endpoints()).hasSize(1);
        assertThat(endpoints().get(0).get("id").stringValue()).isEqualTo(id);
        assertUnknown(say("/v1/osquery/config", "{\"node_key\":\"" + old + "\"}"));
        assertThat(say("/v1/osquery/config", "{\"node_key\":\"" + key + "\"}").has("packs"))
                .isTrue();
        assertThat(ask("POST", "/v1/endpoints/" + id + "/revoke", "")
                        .get("state")
                        .stringValue())
                .isEqualTo("revoked");
        assertUnknown(say("/v1/osquery/config", "{\"node_key\":\"" + key + "\"}"));
        assertUnknown(say(ENROLL, OwnEndpoints.enroll(secret, "host-1", "w")));
        assertThat(node.send(tenant.byToken(), "DELETE", "/v1/endpoints/" + id, "")
                        .statusCode())
                .isEqualTo(204);
        enroll(secret, "host-1");
        assertThat(endpoints().get(0).get("id").stringValue()).isNotEqualTo(id);
    }

    @Test
    void whoHasNoGoodSecretIsNotLetIn() throws Exception {
        var once = secret(",\"one_time\":true");
        enroll(once, "host-1");
        assertUnknown(say(ENROLL, OwnEndpoints.enroll(once, "host-2", "w")));
        var soon = node.clock.instant().plusMillis(300);
        var short1 = secret(",\"expires_at\":\"" + soon + "\"");
        await().until(() -> node.clock.instant().isAfter(soon));
        assertUnknown(say(ENROLL, OwnEndpoints.enroll(short1, "host-3", "w")));
        var made = ask("POST", "/v1/enroll-secrets", "{\"name\":\"gone\"}");
        node.send(
                tenant.byToken(),
                "DELETE",
                "/v1/enroll-secrets/" + made.get("id").stringValue(),
                "");
        assertUnknown(say(ENROLL, OwnEndpoints.enroll(made.get("secret").stringValue(), "host-4", "w")));
        var other = node.tenant(tenant.id() + "-other");
        var renamed = secret("").replace("mse_" + tenant.id(), "mse_" + other.id());
        assertUnknown(say(ENROLL, OwnEndpoints.enroll(renamed, "host-5", "w")));
        assertThat(endpoints()).hasSize(1);
        var listed = ask("GET", "/v1/enroll-secrets", "").toString();
        assertThat(listed).contains("\"used\"", "\"expired\"", "\"revoked\"").doesNotContain("mse_");
        var audit = ask("GET", "/v1/audit", "").toString();
        assertThat(audit)
                .contains("enroll-secret.create", "enroll-secret.revoke", "endpoint.enroll", "endpoint.refuse")
                .doesNotContain("mse_");
    }

    @Test
    void anotherTenantsKeyWritesToItsOwnTenantOnly() throws Exception {
        var key = enroll(secret(""), "host-1");
        var other = node.tenant(tenant.id() + "-other");
        var renamed = key.replace("msn_" + tenant.id(), "msn_" + other.id());
        assertUnknown(say("/v1/osquery/log", "{\"node_key\":\"" + renamed + "\",\"log_type\":\"result\",\"data\":[]}"));
        assertUnknown(say("/v1/osquery/log", "{\"log_type\":\"result\",\"data\":[]}"));
        assertThat(node.intake.appended(other.id())).isZero();
    }

    @Test
    void whateverIsSentIsAnsweredAndBreaksNothing() throws Exception {
        var key = enroll(secret(""), "host-1");
        var whole = "{\"node_key\":\"" + key + "\",\"log_type\":\"result\",\"data\":[{\"name\":\"a\",\"counter\":\"1\","
                + "\"columns\":{\"x\":\"\\u0000\"},\"action\":\"added\",\"snapshot\":[[],1]}]}";
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            var bytes = new StringBuilder(whole);
            for (int j = 0; j < 3; j++) {
                bytes.setCharAt(random.nextInt(bytes.length()), "{}[]\",:0nx".charAt(random.nextInt(10)));
            }
            for (var path : List.of("enroll", "config", "log")) {
                var answer = node.send(Identity.NOBODY, "POST", "/v1/osquery/" + path, bytes.toString());
                assertThat(answer.statusCode()).as("seed %s: %s", seed, bytes).isIn(200, 400);
            }
        }
        assertThat(say("/v1/osquery/log", whole)).isEmpty();
    }

    private String secret(String more) throws Exception {
        var made = ask("POST", "/v1/enroll-secrets", "{\"name\":\"spare\",\"group\":\"servers\"" + more + "}");
        return made.get("secret").stringValue();
    }

    private static String enroll(String secret, String host) throws Exception {
        var answer = say(ENROLL, OwnEndpoints.enroll(secret, host, "w"));
        assertThat(answer.get("node_invalid").booleanValue()).isFalse();
        return answer.get("node_key").stringValue();
    }

    private static void assertUnknown(JsonNode answer) {
        assertThat(answer.toString()).isEqualTo("{\"node_invalid\":true}");
    }

    private JsonNode endpoints() throws Exception {
        return ask("GET", "/v1/endpoints?group=servers", "").get("endpoints");
    }

    private long events() throws Exception {
        return node.store.usage(tenant.id()).events();
    }

    private JsonNode ask(String method, String path, String body) throws Exception {
        var answer = node.send(tenant.byToken(), method, path, body);
        assertThat(answer.statusCode()).as(path).isBetween(200, 299);
        return Json.tree(answer.body());
    }

    private static JsonNode say(String path, String body) throws Exception {
        var answer = node.send(Identity.NOBODY, "POST", path, body);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return Json.tree(answer.body());
    }
}
