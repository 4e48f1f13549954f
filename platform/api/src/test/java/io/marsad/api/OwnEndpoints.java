package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.http.Json;
import io.marsad.respond.host.HostOrders;
import io.marsad.wire.AgentPackage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** Hosts of a tenant and what lets them in, with a word in all that they say. */
final class OwnEndpoints {
    private static final Map<String, String> SESSIONS = new ConcurrentHashMap<>();

    private OwnEndpoints() {}

    static Map<String, List<String>> things(Belongings of) throws Exception {
        var word = of.word();
        var made = Json.tree(of.send("/v1/enroll-secrets", secret(word)).body());
        var other = of.make("/v1/enroll-secrets", secret(word + "2"));
        var keys = new ArrayList<String>();
        for (var more : List.of("", "2")) {
            var host = enroll(made.get("secret").stringValue(), word + more, word);
            var let = Json.tree(of.send("/v1/osquery/enroll", host).body());
            keys.add(let.get("node_key").stringValue());
        }
        var query = of.make("/v1/live-queries", query(word));
        of.send("/v1/osquery/distributed/write", answer(keys.getFirst(), query, 0, word));
        of.send("/v1/osquery/distributed/write", answer(keys.getLast(), query, 1, word));
        var policy = of.make("/v1/agent-policies", policy(word));
        for (var name : List.of(word, word + "2")) {
            of.node().send(of.tenant().byToken(), "PUT", "/v1/osquery-packs/" + name, pack(word, 0));
        }
        of.send("/v1/osquery-groups", assignment(word, 0));
        var page = of.node().send(of.tenant().byToken(), "GET", "/v1/endpoints", "");
        var endpoints = new ArrayList<String>();
        Json.tree(page.body())
                .get("endpoints")
                .forEach(one -> endpoints.add(one.get("id").stringValue()));
        return Map.of(
                "enroll-secrets", List.of(made.get("id").stringValue(), other),
                "endpoints", endpoints,
                "live-queries", List.of(query),
                "carves", carves(of, keys.getFirst()),
                "agent-policies", List.of(policy),
                "agent-packages", List.of(agent(of), agent(of)));
    }

    /** A package of two blocks; the first of them is here. */
    private static String agent(Belongings of) throws Exception {
        var id = of.make("/v1/agent-packages", "{\"size\":" + 2 * AgentPackage.BLOCK + "}");
        var start = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(start)) {
            packed.write(Arrays.copyOf("marsad-agent-0.2.0-linux-x86_64/".getBytes(StandardCharsets.US_ASCII), 512));
        }
        var block = HttpRequest.BodyPublishers.ofByteArray(Arrays.copyOf(start.toByteArray(), AgentPackage.BLOCK));
        var path = "/v1/agent-packages/" + id + "/blocks?number=0";
        var request = HttpRequest.newBuilder(of.node().request(of.tenant().byToken(), "PUT", path, ""), (_, _) -> true)
                .PUT(block)
                .build();
        assertThat(of.node()
                        .client
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        return id;
    }

    /** What an agent was told, and has said. */
    static void order(Belongings of) {
        var word = of.word();
        var tenant = of.tenant().id();
        var orders = new HostOrders(of.node().database, of.node().clock);
        var endpoint = UUID.randomUUID();
        var action = UUID.randomUUID();
        of.node().database.inTenant(tenant, connection -> {
            var until = of.node().clock.instant().plusSeconds(60);
            orders.put(connection, tenant, new HostOrders.Order(action, endpoint, word, "{}", until));
            return true;
        });
        orders.reported(
                tenant,
                endpoint,
                new HostOrders.Report(action, HostOrders.State.BEGUN, word, Map.of(word, word), word));
    }

    /** Two carves of two blocks, the first of each here; the last session is what the tenant's host goes on in. */
    private static List<String> carves(Belongings of, String key) throws Exception {
        var word = of.word();
        for (int i = 0; i < 2; i++) {
            var begun = of.send("/v1/osquery/carve/begin", begin(key, word, 20, 12));
            var session = Json.tree(begun.body()).get("session_id").stringValue();
            of.send("/v1/osquery/carve/block", block(session, 0, new byte[12]));
            if (i == 0) {
                of.send("/v1/osquery/carve/block", block(session, 1, new byte[8]));
            }
            SESSIONS.put(word, session);
        }
        var ids = new ArrayList<String>();
        Json.tree(of.node().send(of.tenant().byToken(), "GET", "/v1/carves", "").body())
                .get("carves")
                .forEach(one -> ids.addFirst(one.get("id").stringValue()));
        return ids;
    }

    /** As osquery announces a carve. */
    static String begin(String key, String word, long size, long block) {
        return """
                {"node_key":"%s","carve_id":"%s","request_id":"%s","carve_size":"%s","block_size":"%s","block_count":"%s"}""".formatted(key, word, word, size, block, Math.ceilDiv(size, block));
    }

    /** As osquery sends a block: with no key. */
    static String block(String session, int block, byte[] data) {
        return """
                {"block_id":%s,"session_id":"%s","request_id":"r","data":"%s"}""".formatted(block, session, Base64.getEncoder().encodeToString(data));
    }

    /** Of the tenant's own host, again and again the first block. */
    static String block(String word) {
        return block(SESSIONS.getOrDefault(word, ""), 0, new byte[12]);
    }

    /** Of a group of its own. */
    static String policy(String word) {
        return "{\"group\":\"" + word + "\",\"base\":0,\"note\":\"" + word
                + "\",\"scripts\":[{\"name\":\"" + word + "\",\"text\":\"#!" + word + "\"}]"
                + ",\"collectors\":{\"files\":{\"on\":true,\"paths\":[\"/" + word + "\"]}}}";
    }

    /** A pack of the tenant's own; what is deleted is none that others are asked about. */
    static String pack(String operation, String word) {
        return operation.startsWith("delete") ? word + "2" : word;
    }

    /** Its next version. */
    static String pack(String word, int base) {
        return """
                {"base":%s,"note":"%s","text":"title: %s\\nqueries:\\n  one: {query: select 1, interval: 60}"}""".formatted(base, word, word);
    }

    static String assignment(String word, int base) {
        return "{\"group\":\"" + word + "\",\"base\":" + base + ",\"packs\":[\"" + word + "\"],\"note\":\"" + word
                + "\"}";
    }

    /** To all hosts. */
    static String query(String word) {
        return "{\"sql\":\"SELECT '" + word + "'\",\"discovery\":\"SELECT '" + word + "'\",\"targets\":{\"all\":true}}";
    }

    /** As osquery writes it. */
    static String answer(String key, String query, int status, String word) {
        return """
                {"node_key":"%s","queries":{"%s":[{"x":"%s"}]},"statuses":{"%s":%s},"messages":{"%s":"%s"},
                "stats":{"%s":{"wall_time_ms":7,"user_time":1,"system_time":1,"memory":1}}}""".formatted(key, query, word, query, status, query, word, query);
    }

    static String secret(String word) {
        return "{\"name\":\"" + word + "\",\"group\":\"" + word + "\"}";
    }

    /** Of nobody that is known. */
    static String body(String word) {
        return "{\"enroll_secret\":\"" + word + "\",\"node_key\":\"" + word + "\"}";
    }

    /** As osquery sends it. */
    static String enroll(String secret, String identifier, String word) {
        return """
                {"enroll_secret":"%s","host_identifier":"%s","platform_type":"9","host_details":{
                "os_version":{"name":"%s","version":"12","platform":"%s"},
                "osquery_info":{"version":"%s"},
                "system_info":{"hostname":"%s","uuid":"%s"},"platform_info":{"vendor":"x"}}}""".formatted(secret, identifier, word, word, word, word, word);
    }
}
