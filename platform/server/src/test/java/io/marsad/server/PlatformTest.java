package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.PlatformClient.Answer;
import io.marsad.server.client.PlatformClient.LiveEvent;
import io.marsad.server.node.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running platform through its public doors only: what is sent, refused, kept, found and told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("try") // resources that are open while a block runs, not used in it
class PlatformTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger marks = new AtomicInteger();
    private Path data;
    private ChildNode node;
    private PlatformClient client;

    @BeforeAll
    void start() throws Exception {
        data = ChildNode.freshFolder("platform");
        node = ChildNode.start(data);
    }

    @BeforeEach
    void connect() throws IOException {
        client = node.client();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @AfterAll
    void stop() throws IOException {
        node.close();
        ChildNode.delete(data);
    }

    @Test
    void anEventThatComesTwiceWithItsKeyIsStoredOnce() throws Exception {
        var mark = mark();
        var body = JSON.writeValueAsBytes(event(mark));
        var key = Map.of("Idempotency-Key", "key-" + mark);
        long before = ledger().path("deduplicated").asLong();

        var first = client.post("/v1/ingest/events", body, key);
        var second = client.post("/v1/ingest/events", body, key);

        assertThat(first.status()).as(first.problem()).isEqualTo(202);
        assertThat(second.body().path("event_id")).isEqualTo(first.body().path("event_id"));
        awaitAllProcessed();
        assertThat(ids(search(mark)))
                .containsExactly(first.body().path("event_id").asString());
        assertThat(ledger().path("deduplicated").asLong()).isEqualTo(before + 1);
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReason() throws Exception {
        var answer = client.post("/v1/ingest/events", Map.of("severity", 3, "action", "exec"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("type").asString()).isNotEmpty();
        assertThat(answer.body().path("errors").toString()).contains("category");
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        var answer = client.post("/v1/ingest/events", event("x".repeat(1 << 20)));

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void oneBadEventOfABatchDoesNotTouchTheOthers() throws Exception {
        var mark = mark();
        var answer = client.post(
                "/v1/ingest/batch?ids=true",
                batch("canonical", event(mark), Map.of("severity", 3, "action", "exec"), event(mark)));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("accepted").asInt()).isEqualTo(2);
        assertThat(answer.body().path("rejected").asInt()).isEqualTo(1);
        assertThat(answer.body().path("errors").get(0).path("index").asInt()).isEqualTo(1);
        assertThat(ids(await(mark, 2)))
                .containsExactlyInAnyOrderElementsOf(strings(answer.body().path("event_ids")));
    }

    @Test
    void syslogOverUdpAndTcpBecomesSignIns() throws Exception {
        var mark = mark();
        try (var socket = new DatagramSocket()) {
            var line = failedSignIn("udp-" + mark).getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(line, line.length, InetAddress.getLoopbackAddress(), port("UDP")));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port("TCP"))) {
            var lines = failedSignIn("lf-" + mark) + "\n" + failedSignIn("lf2-" + mark) + "\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port("TCP"))) {
            var line = failedSignIn("counted-" + mark);
            var frames = line.length() + " " + line;
            socket.getOutputStream().write(frames.getBytes(StandardCharsets.UTF_8));
        }

        var events = await(mark, 4);

        assertThat(events)
                .extracting(event -> field(event, "user.name"))
                .containsExactlyInAnyOrder("udp-" + mark, "lf-" + mark, "lf2-" + mark, "counted-" + mark);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.path("log_source").asString()).startsWith("linux/");
            assertThat(field(event, "class_uid")).isEqualTo("3002");
            assertThat(field(event, "src_endpoint.ip")).isEqualTo("203.0.113.9");
        });
    }

    @Test
    void falcoComesByItsUrlAndInTheSidekicksEnvelope() throws Exception {
        var mark = mark();
        var access = Objects.requireNonNull(LocalAccess.read(data));
        try (var nobody = new PlatformClient(access.url(), "nobody")) {
            var byUrl = nobody.post("/v1/falco/" + access.token(), falco(mark, "one"));
            var refused = nobody.post("/v1/falco/not-a-token", falco(mark, "refused"));
            var wrapped = client.post("/v1/falco", Map.of("event", falco(mark, "two"), "outputs", List.of("WebUI")));

            assertThat(byUrl.status()).as(byUrl.problem()).isEqualTo(202);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(wrapped.status()).as(wrapped.problem()).isEqualTo(202);
        }

        assertThat(await(mark, 2)).allSatisfy(event -> {
            assertThat(event.path("log_source").asString()).startsWith("falco");
            assertThat(field(event, "finding_info.title")).startsWith("Read of a file");
        });
    }

    @Test
    void packedBodiesAreUnpacked() throws Exception {
        var mark = mark();
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(JSON.writeValueAsBytes(batch("canonical", event(mark), event(mark))));
        }

        var answer = client.post("/v1/ingest/batch", packed.toByteArray(), Map.of("Content-Encoding", "gzip"));

        assertThat(answer.status()).as(answer.problem()).isEqualTo(202);
        await(mark, 2);
    }

    @Test
    void whatDoesNotParseIsADeadLetterThatCanBeSentAgain() throws Exception {
        var mark = mark();
        client.post("/v1/ingest/batch", batch("windows", "{\"Event\": " + mark + " is cut"));
        awaitAllProcessed();

        var letter = letter(mark);
        assertThat(letter.path("reason").asString()).isNotBlank();
        assertThat(letter.path("state").asString()).isEqualTo("dead");
        var again = "/v1/dead-letters/" + letter.path("id").asString() + "/replay";
        assertThat(client.post(again, Map.of()).status()).as("may only look").isEqualTo(403);
        long dead = ledger().path("dead").asLong();
        try (var keeper = clientOfAdmin("sources:write")) {
            var answer = keeper.post(again, Map.of());
            assertThat(answer.status()).as(answer.problem()).isEqualTo(202);
            assertThat(answer.body().path("event_id")).isEqualTo(letter.path("id"));
        }
        awaitAllProcessed();
        await("the record to be dead again", () -> ledger().path("dead").asLong() == dead + 1);
        assertThat(letter(mark).path("state").asString()).isEqualTo("dead");
    }

    @Test
    void secretsAreNotStored() throws Exception {
        var mark = mark();
        var event = Map.of(
                "category",
                "endpoint",
                "severity",
                3,
                "action",
                "exec",
                "attributes",
                Map.of("marker", mark, "password", "hunter2-" + mark));
        var id = client.post("/v1/ingest/events", event).body().path("event_id").asString();
        await(mark, 1);

        var raw = client.get("/v1/events/" + id + "/raw").body().toString();

        assertThat(raw).contains("[redacted]").contains("\"marker\":\"" + mark).doesNotContain("hunter2");
        assertThat(search("\"hunter2-" + mark + "\"")).isEmpty();
    }

    @Test
    void nobodySpeaksForAnotherTenant() throws Exception {
        var body = JSON.writeValueAsBytes(event(mark()));

        assertThat(client.post("/v1/ingest/events", body, Map.of("X-Tenant-ID", "other"))
                        .status())
                .isEqualTo(403);
        assertThat(client.post("/v1/ingest/events", body, Map.of("X-Tenant-ID", "main"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void impossibleTimesBecomeTheTimeOfReceipt() throws Exception {
        var mark = mark();
        for (String time : List.of("1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z")) {
            var event = Map.of(
                    "category",
                    "endpoint",
                    "severity",
                    3,
                    "action",
                    "exec",
                    "timestamp",
                    time,
                    "attributes",
                    Map.of("marker", mark));
            assertThat(client.post("/v1/ingest/events", event).status()).isEqualTo(202);
        }

        assertThat(await(mark, 2)).allSatisfy(event -> {
            assertThat(event.path("time")).isEqualTo(event.path("received_at"));
            assertThat(field(event, "metadata.labels")).contains("ts-clamped");
        });
    }

    @Test
    void theLiveStreamGoesOnWhereItWasLeft() throws Exception {
        var first = raiseAlert();
        var events = new LinkedBlockingQueue<LiveEvent>();
        long seen;
        try (var ignored = follow("0", events)) {
            seen = next(events, first).id();
        }
        var second = raiseAlert();
        events.clear();
        try (var ignored = follow(Long.toString(seen), events)) {
            var event = next(events, second);
            assertThat(event.id()).isGreaterThan(seen);
            assertThat(event.data().path("title").asString()).isEqualTo("Security log is cleared");
        }
        assertThat(events).noneMatch(event -> event.id() > 0 && event.id() <= seen);
    }

    @Test
    void eventsAreFoundWithinTwoSeconds() throws Exception {
        await(send(), 1); // the first search loads classes
        for (int i = 0; i < 20; i++) {
            var mark = send();
            long acknowledged = System.nanoTime();
            await(mark, 1);
            assertThat(Duration.ofNanos(System.nanoTime() - acknowledged)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aRestartKeepsWhatWasThere() throws Exception {
        var mark = send();
        var alert = raiseAlert();
        awaitAllProcessed();
        var before = ledger();

        client.close();
        node.close();
        assertThat(node.output()).doesNotContain("ERROR");
        node = ChildNode.start(data);
        connect();

        assertThat(await(mark, 1)).hasSize(1);
        assertThat(client.get("/v1/alerts/" + alert).status()).isEqualTo(200);
        assertThat(ledger()).isEqualTo(before);
    }

    // ---- what is sent

    private String mark() {
        return "mark" + Long.toHexString(System.nanoTime()) + "n" + marks.incrementAndGet();
    }

    private static Map<String, Object> event(String mark) {
        return Map.of("category", "endpoint", "severity", 3, "action", "exec", "attributes", Map.of("marker", mark));
    }

    private static Map<String, Object> batch(String format, Object... records) {
        return Map.of("source_format", format, "events", List.of(records));
    }

    private static Map<String, Object> falco(String mark, String file) {
        return Map.of(
                "rule",
                "Read of a file",
                "priority",
                "Notice",
                "source",
                "syscall",
                "time",
                Instant.now().toString(),
                "output",
                "a file was read " + mark,
                "output_fields",
                Map.of("proc.name", "cat", "fd.name", "/tmp/" + file, "container.id", "c0ffee"));
    }

    private static String failedSignIn(String user) {
        return "<38>1 " + Instant.now() + " web-01 sshd 411 - - Failed password for invalid user " + user
                + " from 203.0.113.9 port 50022 ssh2";
    }

    private String send() throws IOException, InterruptedException {
        var mark = mark();
        assertThat(client.post("/v1/ingest/events", event(mark)).status()).isEqualTo(202);
        return mark;
    }

    /** Clears a security log, as its record has it; returns the id of the alert on it. */
    private String raiseAlert() throws Exception {
        var host = mark();
        var record = Map.of(
                "Event",
                Map.of(
                        "System",
                        Map.of(
                                "Provider",
                                Map.of("#attributes", Map.of("Name", "Microsoft-Windows-Eventlog")),
                                "EventID",
                                1102,
                                "Channel",
                                "Security",
                                "Computer",
                                host,
                                "TimeCreated",
                                Map.of(
                                        "#attributes",
                                        Map.of("SystemTime", Instant.now().toString()))),
                        "UserData",
                        Map.of("LogFileCleared", Map.of("SubjectUserName", "carol"))));
        var answer = client.post("/v1/ingest/batch?ids=true", batch("windows", record));
        assertThat(answer.body().path("accepted").asInt()).as(answer.problem()).isEqualTo(1);
        var found = new String[1];
        await("the alert on " + host, () -> {
            for (JsonNode alert : client.get("/v1/alerts?limit=500").body().path("alerts")) {
                // correlations over the same host raise alerts too
                if (alert.path("title").asString().equals("Security log is cleared")
                        && alert.path("entities").toString().contains(host)) {
                    found[0] = alert.path("id").asString();
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    private int port(String protocol) throws IOException {
        var ports = Pattern.compile("Syslog on .*" + protocol + " (\\d+)").matcher(node.output());
        int port = 0;
        while (ports.find()) {
            port = Integer.parseInt(ports.group(1)); // of the newest start
        }
        return port;
    }

    /** Signs in as the person who started it first, and makes a token. */
    private PlatformClient clientOfAdmin(String permission) throws IOException, InterruptedException {
        var login = Pattern.compile("Login +(\\S+) / (\\S+)").matcher(node.output());
        assertThat(login.find()).isTrue();
        var url = Objects.requireNonNull(LocalAccess.read(data)).url();
        try (var http = HttpClient.newHttpClient()) {
            var session = http.send(
                    HttpRequest.newBuilder(url.resolve("/v1/auth/login"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(
                                    Map.of("username", login.group(1), "password", login.group(2)))))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(session.statusCode()).as(session.body()).isEqualTo(200);
            var cookie = session.headers().firstValue("Set-Cookie").orElseThrow();
            var token = http.send(
                    HttpRequest.newBuilder(url.resolve("/v1/tokens"))
                            .header("Content-Type", "application/json")
                            .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
                            .header(
                                    "X-Marsad-Csrf",
                                    JSON.readTree(session.body()).path("csrf").asString())
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(
                                    Map.of("name", mark(), "permissions", List.of(permission)))))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(token.statusCode()).as(token.body()).isEqualTo(201);
            return new PlatformClient(
                    url, JSON.readTree(token.body()).path("secret").asString());
        }
    }

    // ---- what is there

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5); // between two looks
        }
    }

    /** The events with the mark, once there are as many. */
    private List<JsonNode> await(String mark, int events) throws IOException, InterruptedException {
        await(events + " events with " + mark, () -> search(mark).size() >= events);
        var found = search(mark);
        assertThat(found).hasSize(events);
        return found;
    }

    private List<JsonNode> search(String query) throws IOException, InterruptedException {
        Answer answer = client.post("/v1/events/search", Map.of("query", query, "limit", 100));
        assertThat(answer.status()).as(answer.problem()).isEqualTo(200);
        return List.copyOf(answer.body().path("events").values());
    }

    private JsonNode ledger() throws IOException, InterruptedException {
        return client.get("/v1/sources").body().path("ledger");
    }

    private void awaitAllProcessed() throws IOException, InterruptedException {
        await("nothing pending", () -> ledger().path("pending").asLong() == 0);
    }

    private JsonNode letter(String mark) throws IOException, InterruptedException {
        return client.get("/v1/dead-letters?limit=500").body().path("dead_letters").values().stream()
                .filter(letter -> letter.path("sample").asString().contains(mark))
                .findFirst()
                .orElseThrow();
    }

    private static String field(JsonNode event, String path) {
        var value = event.path("fields").path(path);
        return value.isValueNode() ? value.asString() : value.toString();
    }

    private static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.path("id").asString()).toList();
    }

    private static List<String> strings(JsonNode texts) {
        return texts.values().stream().map(JsonNode::asString).toList();
    }

    // ---- the live stream

    private interface Following extends AutoCloseable {
        @Override
        void close() throws InterruptedException;
    }

    private Following follow(String after, LinkedBlockingQueue<LiveEvent> into) {
        var thread = Thread.ofPlatform().start(() -> {
            try {
                client.live(after, into::add);
            } catch (IOException e) {
                into.add(new LiveEvent(0, "ended: " + e.getMessage(), JSON.createObjectNode()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // as wanted
            }
        });
        return () -> {
            thread.interrupt();
            thread.join();
        };
    }

    private static LiveEvent next(LinkedBlockingQueue<LiveEvent> events, String alert) throws InterruptedException {
        while (true) {
            var event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("a live event about alert " + alert).isNotNull();
            if (event.data().path("id").asString().equals(alert)) {
                return event;
            }
        }
    }
}
