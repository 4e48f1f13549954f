package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.PlatformClient.Answer;
import io.marsad.server.node.LocalAccess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A platform in a process of its own, started once for a class of tests, and how to speak to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunningPlatform {
    static final JsonMapper JSON = new JsonMapper();
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final AtomicInteger marks = new AtomicInteger();
    Path data;
    ChildNode node;
    PlatformClient client;

    /** @param name of the data folder */
    RunningPlatform(String name) {
        this.name = name;
    }

    /** Makes what the data folder has before the start. */
    void prepare() throws Exception {}

    /** What the start is given beside. */
    String[] options() {
        return new String[0];
    }

    @BeforeAll
    void start() throws Exception {
        data = ChildNode.freshFolder(name);
        prepare();
        node = ChildNode.start(data, options());
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

    // ---- what is sent

    String mark() {
        return "mark" + Long.toHexString(System.nanoTime()) + "n" + marks.incrementAndGet();
    }

    static Map<String, Object> event(String mark) {
        return Map.of("category", "endpoint", "severity", 3, "action", "exec", "attributes", Map.of("marker", mark));
    }

    static Map<String, Object> batch(String format, Object... records) {
        return Map.of("source_format", format, "events", List.of(records));
    }

    static Map<String, Object> falco(String mark, String file) {
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

    static String failedSignIn(String user) {
        return "<38>1 " + Instant.now() + " web-01 sshd 411 - - Failed password for invalid user " + user
                + " from 203.0.113.9 port 50022 ssh2";
    }

    String send() throws IOException, InterruptedException {
        var mark = mark();
        assertThat(client.post("/v1/ingest/events", event(mark)).status()).isEqualTo(202);
        return mark;
    }

    /** Clears a security log, as its record has it; returns the id of the alert on it. */
    String raiseAlert() throws Exception {
        var host = mark();
        clearLog(host, "carol");
        return alert("Security log is cleared", host);
    }

    /** Sends what Windows writes when somebody clears the security log. */
    void clearLog(String host, String user) throws IOException, InterruptedException {
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
                        Map.of("LogFileCleared", Map.of("SubjectUserName", user))));
        var answer = client.post("/v1/ingest/batch?ids=true", batch("windows", record));
        assertThat(answer.body().path("accepted").asInt()).as(answer.problem()).isEqualTo(1);
    }

    /** The id of the alert about the host, once it is there. */
    String alert(String title, String host) throws IOException, InterruptedException {
        var found = new String[1];
        await("the alert '" + title + "' on " + host, () -> {
            for (JsonNode alert : client.get("/v1/alerts?limit=500").body().path("alerts")) {
                // correlations over the same host raise alerts too
                if (alert.path("title").asString().equals(title)
                        && alert.path("entities").toString().contains(host)) {
                    found[0] = alert.path("id").asString();
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    int port(String protocol) throws IOException {
        var ports = Pattern.compile("Syslog on .*" + protocol + " (\\d+)").matcher(node.output());
        int port = 0;
        while (ports.find()) {
            port = Integer.parseInt(ports.group(1)); // of the newest start
        }
        return port;
    }

    /** Signs in as the person who started it first, and makes a token. */
    PlatformClient clientOfAdmin(String permission) throws IOException, InterruptedException {
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

    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5); // between two looks
        }
    }

    /** The events with the mark, once there are as many. */
    List<JsonNode> await(String mark, int events) throws IOException, InterruptedException {
        await(events + " events with " + mark, () -> search(mark).size() >= events);
        var found = search(mark);
        assertThat(found).hasSize(events);
        return found;
    }

    List<JsonNode> search(String query) throws IOException, InterruptedException {
        Answer answer = client.post("/v1/events/search", Map.of("query", query, "limit", 100));
        assertThat(answer.status()).as(answer.problem()).isEqualTo(200);
        return List.copyOf(answer.body().path("events").values());
    }

    JsonNode ledger() throws IOException, InterruptedException {
        return client.get("/v1/sources").body().path("ledger");
    }

    void awaitAllProcessed() throws IOException, InterruptedException {
        await("nothing pending", () -> ledger().path("pending").asLong() == 0);
    }

    JsonNode letter(String mark) throws IOException, InterruptedException {
        return client.get("/v1/dead-letters?limit=500").body().path("dead_letters").values().stream()
                .filter(letter -> letter.path("sample").asString().contains(mark))
                .findFirst()
                .orElseThrow();
    }

    static String field(JsonNode event, String path) {
        var value = event.path("fields").path(path);
        return value.isValueNode() ? value.asString() : value.toString();
    }

    static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.path("id").asString()).toList();
    }

    static List<String> strings(JsonNode texts) {
        return texts.values().stream().map(JsonNode::asString).toList();
    }
}
