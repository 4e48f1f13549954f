package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Rules over stored events find what the live stream found, and raise it once. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RetroHuntTest extends RunningPlatform {
    private static final String RULE = """
            title: Nina clears a log
            id: 5f3c1c1e-6f63-4a0e-9d5a-0000000000aa
            status: test
            logsource: {product: windows, service: security}
            detection:
                cleared: {EventID: 1102}
                whose: {SubjectUserName: nina}
                condition: cleared and whose
            level: high
            """;
    private static final Duration BACK = Duration.ofHours(1);

    RetroHuntTest() {
        super("hunt");
    }

    @BeforeAll
    void sendAttack() throws Exception {
        connect();
        for (int i = 0; i < 4; i++) {
            clearLog(mark(), i < 3 ? "nina" : "olga"); // several machines: a correlation too
        }
        var marked = mark();
        for (int i = 0; i < 40; i++) {
            assertThat(client.post("/v1/ingest/batch", batch("syslog", failedSignIn(marked)))
                            .status())
                    .isEqualTo(202);
        }
        alert("Event logs are cleared on several machines", "");
        awaitAllProcessed();
        disconnect();
    }

    private JsonNode hunt(Map<String, Object> asked) throws Exception {
        var body = new TreeMap<>(asked);
        body.put("from", Instant.now().minus(BACK).toString());
        body.put("to", Instant.now().plus(BACK).toString());
        var started = client.post("/v1/hunts", body);
        assertThat(started.status()).as(started.problem()).isEqualTo(202);
        var id = started.body().path("id").asString();
        var last = new JsonNode[1];
        await("the hunt's end", () -> {
            last[0] = client.get("/v1/hunts/" + id).body();
            return !last[0].path("ended_at").isNull();
        });
        assertThat(last[0].path("state").asString()).as(last[0].toString()).isEqualTo("done");
        return last[0];
    }

    private TreeMap<String, Long> alertsPerRule() throws IOException, InterruptedException {
        var counts = new TreeMap<String, Long>();
        for (JsonNode alert : client.get("/v1/alerts?limit=500").body().path("alerts")) {
            counts.merge(alert.path("rule_id").asString(), alert.path("count").asLong(), Long::sum);
        }
        return counts;
    }

    private TreeSet<String> alertIds() throws IOException, InterruptedException {
        var ids = new TreeSet<String>();
        client.get("/v1/alerts?limit=500")
                .body()
                .path("alerts")
                .forEach(a -> ids.add(a.path("id").asString()));
        return ids;
    }

    @Test
    void allRulesFindWhatTheStreamRaisedAndRaiseNothingTwice() throws Exception {
        var before = alertIds();
        var live = alertsPerRule();
        assertThat(live).hasSizeGreaterThan(2);
        live.remove("5f3c1c1e-6f63-4a0e-9d5a-0000000000aa");

        var preview = hunt(Map.of());

        var found = new TreeMap<String, Long>();
        preview.path("rules")
                .forEach(rule -> found.put(
                        rule.path("rule_id").asString(), rule.path("hits").asLong()));
        assertThat(found).isEqualTo(live);
        assertThat(hunt(Map.of("raise", true)).path("hits").asLong())
                .isEqualTo(live.values().stream().mapToLong(Long::longValue).sum());
        assertThat(alertIds()).isEqualTo(before);
    }

    @Test
    void aNewRuleIsPreviewedThenRaisedOnce() throws Exception {
        var preview = hunt(Map.of("rule", RULE));

        assertThat(preview.path("hits").asInt()).isEqualTo(3);
        assertThat(preview.path("title").asString()).isEqualTo("Nina clears a log");
        var rule = preview.path("rules").get(0);
        assertThat(rule.path("newest")).hasSize(3);
        assertThat(rule.path("days").get(0).path("hits").asInt()).isEqualTo(3);
        var before = alertIds();
        hunt(Map.of("rule", RULE, "raise", true));
        hunt(Map.of("rule", RULE, "raise", true));
        assertThat(alertIds()).hasSize(before.size() + 3).containsAll(before);
    }

    @Test
    void theCommandPrintsHowOftenARuleWouldHaveFired() throws Exception {
        var file = Files.writeString(data.resolveSibling("nina.yml"), RULE);
        var out = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = CommandTree.run("rules", "hunt", file.toString(), "--last", "1h", "--data", data.toString());
            assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Nina clears a log: done. 3 hits in", "a day");
    }

    @Test
    void whatCannotBeHuntedIsRefusedWithTheReason() throws Exception {
        var broken = client.post("/v1/hunts", Map.of("rule", RULE.replace("EventID", "EventID|endwith")));
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.body().path("errors").get(0).path("where").asString()).startsWith("rule:");
        assertThat(client.post("/v1/hunts", Map.of("rule_ids", new String[] {"none"}))
                        .status())
                .isEqualTo(404);
        assertThat(client.post("/v1/hunts", Map.of("from", "2026-01-02T00:00:00Z", "to", "2026-01-01T00:00:00Z"))
                        .status())
                .isEqualTo(400);
        assertThat(client.get("/v1/hunts/5f3c1c1e-6f63-4a0e-9d5a-0000000000bb").status())
                .isEqualTo(404);
    }
}
