package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Packs are written, checked and given to groups; what hosts are told follows. */
class OsqueryPacksTest {
    private static final String PACK = "title: Ours\\nqueries:\\n  %s: {query: SELECT name FROM users, interval: 600}";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static TestNode node;

    private Tenant tenant;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void own() {
        tenant = node.tenant("packs-" + NUMBER.incrementAndGet());
    }

    @Test
    void aGroupIsGivenAnOwnPackAndItsHostsAskForIt() throws Exception {
        var secret = ok("POST", "/v1/enroll-secrets", "{\"name\":\"s\",\"group\":\"web servers\"}")
                .get("secret")
                .stringValue();
        var let = node.send(Identity.NOBODY, "POST", "/v1/osquery/enroll", OwnEndpoints.enroll(secret, "host-1", "w"));
        var key = Json.tree(let.body()).get("node_key").stringValue();
        var group = ok("GET", "/v1/osquery-groups", "").get("groups").get(0);
        assertThat(group.get("group").stringValue()).isEqualTo("web servers");
        assertThat(group.get("hosts").intValue()).isEqualTo(1);
        assertThat(group.get("version").intValue()).as("nobody has chosen").isZero();
        assertThat(texts(group.get("packs"))).contains("fim-credentials", "inventory");
        assertThat(told(key)).contains("fim-credentials", "inventory");
        var made = ok("PUT", "/v1/osquery-packs/ours", put(0, PACK.formatted("first")));
        assertThat(made.get("version").intValue()).isEqualTo(1);
        assertThat(made.get("findings")).isEmpty();
        var assigned = ok("POST", "/v1/osquery-groups", assign(0, "ours", "osquery-health"));
        assertThat(assigned.get("version").intValue()).isEqualTo(1);
        assertThat(told(key)).containsExactlyInAnyOrder("ours", "osquery-health");
        ok("PUT", "/v1/osquery-packs/ours", put(1, PACK.formatted("second")));
        var config = config(key);
        assertThat(config.at("/packs/ours/queries/second/query").stringValue()).isEqualTo("SELECT name FROM users");
        assertThat(config.has("file_paths"))
                .as("no pack of the group watches files")
                .isFalse();
        assertThat(ok("GET", "/v1/osquery-groups/config?group=web%20servers", ""))
                .isEqualTo(config);
        assertThat(ok("GET", "/v1/osquery-packs/ours?version=1", "").get("text").stringValue())
                .contains("first");
        assertThat(ok("POST", "/v1/osquery-groups", assign(1)).get("packs")).isEmpty();
        assertThat(config(key).get("packs"))
                .as("none at all, when somebody wants that")
                .isEmpty();
    }

    @Test
    void whatIsRefusedSaysWhy() throws Exception {
        refused(409, "pack-is-shipped", "PUT", "/v1/osquery-packs/inventory", put(0, PACK.formatted("q")));
        refused(409, "pack-is-shipped", "DELETE", "/v1/osquery-packs/inventory", "");
        var faults = refused(
                400,
                "invalid-pack",
                "PUT",
                "/v1/osquery-packs/ours",
                put(0, "queries:\\n  a: {query: DROP, interval: 60}"));
        assertThat(faults.at("/errors/0/reason").stringValue())
                .isEqualTo("line 2: a: it has to begin with SELECT or WITH");
        refused(400, "invalid-pack", "PUT", "/v1/osquery-packs/Ours", put(0, PACK.formatted("q")));
        ok("PUT", "/v1/osquery-packs/ours", put(0, PACK.formatted("q")));
        refused(409, "pack-changed", "PUT", "/v1/osquery-packs/ours", put(0, PACK.formatted("q")));
        refused(400, "invalid-assignment", "POST", "/v1/osquery-groups", assign(0, "ours", "theirs"));
        ok("POST", "/v1/osquery-groups", assign(0, "ours"));
        refused(409, "assignment-changed", "POST", "/v1/osquery-groups", assign(0, "ours"));
        refused(409, "pack-in-use", "DELETE", "/v1/osquery-packs/ours", "");
        ok("POST", "/v1/osquery-groups", assign(1));
        assertThat(send("DELETE", "/v1/osquery-packs/ours", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/v1/osquery-packs/ours", "").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/v1/osquery-packs/ours", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aPackIsCheckedAndNotKept() throws Exception {
        var checked = ok(
                "POST",
                "/v1/osquery-packs/check",
                "{\"text\":\"queries:\\n  a: {query: SELECT name FROM procesess, interval: 60}\"}");
        assertThat(checked.get("good").booleanValue()).isTrue();
        assertThat(checked.at("/findings/0/severity").stringValue()).isEqualTo("warning");
        assertThat(checked.at("/findings/0/line").intValue()).isEqualTo(2);
        assertThat(checked.at("/pack/queries/0/name").stringValue()).isEqualTo("a");
        var bad = ok("POST", "/v1/osquery-packs/check", "{\"text\":\"nothing\"}");
        assertThat(bad.get("good").booleanValue()).isFalse();
        assertThat(bad.has("pack")).isFalse();
        ok("GET", "/v1/osquery-packs", "")
                .get("packs")
                .forEach(one -> assertThat(one.get("shipped").booleanValue()).isTrue());
    }

    private static String put(int base, String text) {
        return "{\"base\":" + base + ",\"text\":\"" + text + "\"}";
    }

    private static String assign(int base, String... packs) {
        var names = packs.length == 0 ? "" : "\"" + String.join("\",\"", packs) + "\"";
        return "{\"group\":\"web servers\",\"base\":" + base + ",\"packs\":[" + names + "]}";
    }

    private JsonNode config(String key) throws Exception {
        var answer = node.send(Identity.NOBODY, "POST", "/v1/osquery/config", "{\"node_key\":\"" + key + "\"}");
        return Json.tree(answer.body());
    }

    private List<String> told(String key) throws Exception {
        return List.copyOf(config(key).get("packs").propertyNames());
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private JsonNode ok(String method, String path, String body) throws Exception {
        var answer = send(method, path, body);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isBetween(200, 201);
        return Json.tree(answer.body());
    }

    private JsonNode refused(int status, String type, String method, String path, String body) throws Exception {
        var answer = send(method, path, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        var problem = Json.tree(answer.body());
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:marsad:problem:" + type);
        return problem;
    }

    private HttpResponse<byte[]> send(String method, String path, String body) throws Exception {
        return node.send(tenant.byToken(), method, path, body);
    }
}
