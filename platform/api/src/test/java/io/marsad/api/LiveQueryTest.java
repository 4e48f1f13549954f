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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Queries that people put to hosts: from the person's request to osquery's exchanges and back. */
class LiveQueryTest {
    private static final String READ = "/v1/osquery/distributed/read";
    private static final String WRITE = "/v1/osquery/distributed/write";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static TestNode node;

    private Tenant tenant;
    private String secret;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void own() throws Exception {
        tenant = node.tenant("live-query-" + NUMBER.incrementAndGet());
        secret = ask("POST", "/v1/enroll-secrets", "{\"name\":\"all\",\"group\":\"servers\"}", 201)
                .get("secret")
                .stringValue();
    }

    @Test
    void hostsAreAskedAndWhatTheyAnswerIsStreamed() throws Exception {
        var one = enroll("web-1");
        var two = enroll("web-2");
        var three = enroll("db-1");
        assertThat(read(one).get("queries")).isEmpty();
        var made = ask("POST", "/v1/live-queries", query("\"text\":\"WEB\"", ""), 201);
        var id = made.get("id").stringValue();
        assertThat(made.get("hosts").intValue()).isEqualTo(2);
        assertThat(read(three).get("queries")).isEmpty();
        var asked = read(one);
        assertThat(asked.get("queries").get(id).stringValue()).isEqualTo("SELECT 1 AS x");
        assertThat(asked.get("accelerate").intValue()).isPositive();
        assertThat(asked.has("discovery")).isFalse();
        assertThat(read(one).get("queries"))
                .as("not again while it may still answer")
                .isEmpty();
        var stream = node.client.sendAsync(
                node.request(tenant.byToken(), "GET", "/v1/live-queries/" + id + "/stream", ""),
                HttpResponse.BodyHandlers.ofString());
        say(WRITE, OwnEndpoints.answer(one, id, 0, "found"));
        read(two);
        var failed = "{\"queries\":{\"" + id + "\":\"\"},\"statuses\":{\"" + id + "\":\"1\"},\"messages\":{\"" + id
                + "\":\"no such table: nope\"}}";
        assertThat(sayPacked(WRITE, two, failed)).isEmpty(); // the key in the header, packed, numbers as texts
        var told = stream.get().body();
        assertThat(told)
                .contains("event: answer\nid: 1\n", "event: answer\nid: 2\n", "\"found\"", "no such table: nope")
                .contains("event: end\n", "\"state\":\"complete\"");
        var state = ask("GET", "/v1/live-queries/" + id, "", 200);
        assertThat(state.get("answered").intValue()).isEqualTo(2);
        assertThat(state.get("failed").intValue()).isEqualTo(1);
        assertThat(state.get("rows").intValue()).isEqualTo(1);
        var second = ask("GET", "/v1/live-queries/" + id + "/answers?after=1", "", 200)
                .get("hosts")
                .get(0);
        assertThat(second.get("hostname").stringValue()).isEqualTo("web-2");
        assertThat(second.get("state").stringValue()).isEqualTo("failed");
        await().until(() -> node.store.usage(tenant.id()).events() == 1);
        var events = ask("POST", "/v1/events/search", "{\"query\":\"\\\"" + id + "\\\"\"}", 200);
        assertThat(events.get("events")).as("rows are events, too").hasSize(1);
        assertThat(ask("GET", "/v1/audit", "", 200).toString()).contains("live-query.create", "SELECT 1 AS x");
    }

    @Test
    void anAnswerThatIsSentManyTimesAtOnceCountsOnce() throws Exception {
        var one = enroll("web-1");
        enroll("web-2");
        var id = ask("POST", "/v1/live-queries", query("\"groups\":[\"servers\"]", ""), 201)
                .get("id")
                .stringValue();
        read(one);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                threads.submit(() -> say(WRITE, OwnEndpoints.answer(one, id, 0, "w")));
            }
        }
        var state = ask("GET", "/v1/live-queries/" + id, "", 200);
        assertThat(state.get("answered").intValue()).isEqualTo(1);
        assertThat(state.get("rows").intValue()).isEqualTo(1);
        await().until(() -> node.store.usage(tenant.id()).events() == 1);
        assertThat(ask("GET", "/v1/live-queries/" + id + "/silent", "", 200)
                        .get("hosts")
                        .get(0)
                        .get("hostname")
                        .stringValue())
                .isEqualTo("web-2");
    }

    @Test
    void whatIsCancelledIsAskedNoMoreAndNoAnswerIsTaken() throws Exception {
        var one = enroll("web-1");
        var id = ask("POST", "/v1/live-queries", query("\"all\":true", ""), 201)
                .get("id")
                .stringValue();
        assertThat(ask("POST", "/v1/live-queries/" + id + "/cancel", "", 200)
                        .get("state")
                        .stringValue())
                .isEqualTo("cancelled");
        assertThat(read(one).get("queries")).isEmpty();
        assertThat(say(WRITE, OwnEndpoints.answer(one, id, 0, "late"))).isEmpty();
        assertThat(ask("GET", "/v1/live-queries/" + id, "", 200).get("answered").intValue())
                .isZero();
        assertThat(ask("GET", "/v1/audit", "", 200).toString()).contains("live-query.cancel");
        var other = ask("POST", "/v1/live-queries", query("\"all\":true", ""), 201)
                .get("id")
                .stringValue();
        var stranger = enroll("web-2"); // came later: nobody asked it
        say(WRITE, OwnEndpoints.answer(stranger, other, 0, "w"));
        assertThat(ask("GET", "/v1/live-queries/" + other, "", 200)
                        .get("answered")
                        .intValue())
                .isZero();
    }

    @Test
    void whereOneQueryHasADiscoveryQueryAllHave() throws Exception {
        var one = enroll("web-1");
        var plain = ask("POST", "/v1/live-queries", query("\"all\":true", ""), 201)
                .get("id")
                .stringValue();
        var picky = ask(
                        "POST",
                        "/v1/live-queries",
                        query("\"all\":true", ",\"discovery\":\"SELECT 1 FROM docker_info\""),
                        201)
                .get("id")
                .stringValue();
        var asked = read(one);
        assertThat(asked.get("queries").propertyNames()).containsExactlyInAnyOrder(plain, picky);
        assertThat(asked.get("discovery").get(picky).stringValue()).isEqualTo("SELECT 1 FROM docker_info");
        assertThat(asked.get("discovery").get(plain).stringValue()).isEqualTo("SELECT 1");
        assertThat(asked.get("discovery").has("always")).isTrue();
    }

    @Test
    void whatCannotBeAskedIsRefusedAndSaidWhy() throws Exception {
        assertThat(ask("POST", "/v1/live-queries", query("\"all\":true", ""), 400)
                        .toString())
                .contains("no-hosts");
        enroll("web-1");
        assertThat(ask("POST", "/v1/live-queries", query("", ""), 400).toString())
                .contains("no-hosts");
        for (var sql : List.of("DROP TABLE x", "  ", "selection")) {
            var body = "{\"sql\":\"" + sql + "\",\"targets\":{\"all\":true}}";
            assertThat(ask("POST", "/v1/live-queries", body, 400).toString()).contains("invalid-live-query");
        }
        var unknown = "/v1/live-queries/00000000-0000-7000-8000-000000000000";
        for (var path : List.of("", "/answers", "/silent", "/stream")) {
            ask("GET", unknown + path, "", 404);
        }
    }

    @Test
    void whateverIsWrittenIsAnsweredAndBreaksNothing() throws Exception {
        var one = enroll("web-1");
        var id = ask("POST", "/v1/live-queries", query("\"all\":true", ""), 201)
                .get("id")
                .stringValue();
        read(one);
        var whole = OwnEndpoints.answer(one, id, 0, "\\u0000\\ud800");
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            var text = new StringBuilder(whole);
            for (int j = 0; j < 3; j++) {
                text.setCharAt(random.nextInt(text.length()), "{}[]\",:0nx".charAt(random.nextInt(10)));
            }
            for (var path : List.of(READ, WRITE)) {
                var answer = node.send(Identity.NOBODY, "POST", path, text.toString());
                assertThat(answer.statusCode()).as("seed %s: %s", seed, text).isIn(200, 400);
            }
        }
        assertThat(say(WRITE, whole)).isEmpty();
        assertThat(ask("GET", "/v1/live-queries/" + id, "", 200).get("answered").intValue())
                .isEqualTo(1);
    }

    /** With {@code -Dmarsad.live.hosts=10000} as many as one console is to reach; few otherwise. */
    @Test
    void manyHostsAnswerOneQuery() throws Exception {
        int hosts = Integer.getInteger("marsad.live.hosts", 100);
        var keys = each(hosts, i -> enroll("host-" + i));
        long began = System.nanoTime();
        var id = ask("POST", "/v1/live-queries", query("\"all\":true", ""), 201)
                .get("id")
                .stringValue();
        long asked = System.nanoTime();
        each(hosts, i -> {
            assertThat(read(keys.get(i)).get("queries").has(id)).isTrue();
            return say(WRITE, OwnEndpoints.answer(keys.get(i), id, 0, "w" + i));
        });
        long answered = System.nanoTime();
        var state = ask("GET", "/v1/live-queries/" + id, "", 200);
        assertThat(state.get("state").stringValue()).isEqualTo("complete");
        var stream = node.send(tenant.byToken(), "GET", "/v1/live-queries/" + id + "/stream", "");
        long streamed = System.nanoTime();
        assertThat(new String(stream.body(), StandardCharsets.UTF_8).split("event: answer\n", -1))
                .hasSize(hosts + 1);
        System.out.printf(
                "live query to %,d hosts: asked in %,d ms, read and written by all in %,d ms, streamed in %,d ms%n",
                hosts, (asked - began) / 1_000_000, (answered - asked) / 1_000_000, (streamed - answered) / 1_000_000);
    }

    private interface Step<R> {
        R at(int i) throws Exception;
    }

    private static <R> List<R> each(int count, Step<R> step) throws Exception {
        var done = new ArrayList<Future<R>>();
        var room = new Semaphore(64);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int at = i;
                room.acquire();
                done.add(threads.submit(() -> {
                    try {
                        return step.at(at);
                    } finally {
                        room.release();
                    }
                }));
            }
        }
        var all = new ArrayList<R>();
        for (var one : done) {
            all.add(one.get());
        }
        return all;
    }

    private static String query(String targets, String more) {
        return "{\"sql\":\"SELECT 1 AS x\",\"targets\":{" + targets + "}" + more + "}";
    }

    private String enroll(String host) throws Exception {
        return say("/v1/osquery/enroll", OwnEndpoints.enroll(secret, host, host))
                .get("node_key")
                .stringValue();
    }

    private static JsonNode read(String key) throws Exception {
        return say(READ, "{\"node_key\":\"" + key + "\"}");
    }

    private JsonNode ask(String method, String path, String body, int status) throws Exception {
        var answer = node.send(tenant.byToken(), method, path, body);
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(path + " " + text).isEqualTo(status);
        return Json.tree(answer.body());
    }

    private static JsonNode say(String path, String body) throws Exception {
        var answer = node.send(Identity.NOBODY, "POST", path, body);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return Json.tree(answer.body());
    }

    private static JsonNode sayPacked(String path, String key, String body) throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        var request = HttpRequest.newBuilder(node.request(Identity.NOBODY, "POST", path, "x"), (_, _) -> true)
                .header("Authorization", "NodeKey " + key)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                .build();
        var answer = node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.tree(answer.body());
    }
}
