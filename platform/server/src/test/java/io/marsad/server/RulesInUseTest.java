package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.server.cli.CommandTree;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Rules that change while a platform runs: imported, edited, with lists, refused. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RulesInUseTest extends RunningPlatform {
    private static final String RULE = """
            title: %s
            id: 7d0c3c5e-2f63-4a0e-9d5a-0000000000%s
            status: test
            author: Ada Example
            logsource: {product: windows, service: security}
            detection:
                cleared: {EventID: 1102}
                whose: %s
                condition: cleared and whose
            level: high
            """;

    RulesInUseTest() {
        super("rules");
    }

    private record Run(int code, String out) {}

    private static Run run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new Run(CommandTree.run(arguments), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    private Run reload() {
        return run("rules", "reload", "--data", data.toString());
    }

    private Path own() throws Exception {
        return Files.createDirectories(data.resolve("rules"));
    }

    private JsonNode ruleOf(String title, String host) throws Exception {
        return client.get("/v1/alerts/" + alert(title, host)).body().path("rule");
    }

    @Test
    void anImportTakesEffectAtOnceAndItsAlertsSayWhoseRuleItIs() throws Exception {
        var source = Files.createDirectories(data.resolveSibling("community"));
        Files.writeString(source.resolve("LICENSE"), "Detection Rule License (DRL) 1.1");
        Files.writeString(source.resolve("cleared.yml"), RULE.formatted("Imported", "01", "{SubjectUserName: ivy}"));
        Files.writeString(source.resolve("broken.yml"), RULE.formatted("Broken", "02", "{A|endwith: x}"));

        var imported = run("rules", "import", source.toString(), "--name", "community", "--data", data.toString());
        assertThat(imported.code).as(imported.out).isZero();
        assertThat(imported.out).contains("1 refused", "In use:", "added  1", "Imported");
        var host = mark();
        clearLog(host, "ivy");

        var rule = ruleOf("Imported", host);
        assertThat(rule.path("author").asString()).isEqualTo("Ada Example");
        assertThat(rule.path("license").asString()).isEqualTo("DRL-1.1");
        assertThat(rule.path("set").asString()).isEqualTo("community");
        assertThat(rule.path("set_revision").asString()).startsWith("sha256:");
        assertThat(ruleOf("Security log is cleared", host).path("set").asString())
                .isEqualTo("marsad");

        var removed = run("rules", "import", "--remove", "community", "--data", data.toString());
        assertThat(removed.code).isZero();
        assertThat(removed.out).contains("removed  1");
    }

    @Test
    void aPublicRuleFiresRightAfterItsImport() throws Exception {
        var shared = System.getenv("MARSAD_SHARED_DATA");
        var folder = (shared != null
                        ? Path.of(shared)
                        : Path.of(System.getProperty("marsad.root"), "..", "shared", "data"))
                .resolve("sigma");
        assumeTrue(Files.isDirectory(folder), () -> "skipped: no public rules at " + folder);

        var imported = run(
                "rules",
                "import",
                folder.toString(),
                "--name",
                "public",
                "--path",
                "rules/windows/builtin/security",
                "--data",
                data.toString());
        assertThat(imported.code).as(imported.out).isZero();
        var host = mark();
        clearLog(host, "paula");

        var rule = ruleOf("Security Eventlog Cleared", host);
        assertThat(rule.path("author").asString()).contains("Florian Roth");
        assertThat(rule.path("license").asString()).isEqualTo("DRL-1.1");
        assertThat(rule.path("set").asString()).isEqualTo("public");
    }

    @Test
    void aBadFileChangesNothing() throws Exception {
        var good = own().resolve("good.yml");
        Files.writeString(good, RULE.formatted("Good", "11", "{SubjectUserName: greta}"));
        assertThat(reload().code).isZero();
        var bad = own().resolve("bad.yml");
        Files.writeString(bad, RULE.formatted("Bad", "12", "{SubjectUserName|containz: x}"));
        Files.writeString(good, RULE.formatted("Good", "11", "{SubjectUserName: harald}"));

        var refused = reload();
        assertThat(refused.code).isEqualTo(1);
        assertThat(refused.out).contains("bad.yml:8").contains("did you mean 'contains'");
        var host = mark();
        clearLog(host, "greta");
        alert("Good", host); // as it was

        Files.delete(bad);
        var taken = reload();
        assertThat(taken.code).isZero();
        assertThat(taken.out).contains("changed  1", "Good");
        Files.delete(good);
        assertThat(reload().out).contains("removed  1");
    }

    @Test
    void aTenantsListsCountForItsEvents() throws Exception {
        var rule = own().resolve("list.yml");
        Files.writeString(rule, RULE.formatted("Listed", "21", "{SubjectUserName|expand: '%Clearers%'}"));
        assertThat(reload().out).contains("1 wait for lists");
        var lists = Files.createDirectories(data.resolve("tenants/main/lists"));
        Files.writeString(lists.resolve("people.yaml"), "Clearers: [lena]\n");
        var others = Files.createDirectories(data.resolve("tenants/another/lists"));
        Files.writeString(others.resolve("people.yaml"), "Clearers: [mona]\n");

        var taken = reload();
        assertThat(taken.out).contains("0 wait for lists", "changed  1", "Listed");
        var monas = mark();
        var lenas = mark();
        clearLog(monas, "mona");
        clearLog(lenas, "lena");
        alert("Listed", lenas);
        assertThat(client.get("/v1/alerts?limit=500").body().path("alerts").values())
                .noneMatch(alert -> alert.path("title").asString().equals("Listed")
                        && alert.path("entities").toString().contains(monas));
        var evidence = client.get("/v1/alerts/" + alert("Listed", lenas)).body().path("evidence");
        assertThat(evidence.toString()).contains("lena").doesNotContain("mona");

        Files.writeString(lists.resolve("people.yaml"), "Clearers: [lena\n");
        var refused = reload();
        assertThat(refused.code).isEqualTo(1);
        assertThat(refused.out).contains("people.yaml");
        Files.writeString(lists.resolve("people.yaml"), "Clearers: [lena]\n");
        Files.delete(rule);
        assertThat(reload().code).isZero();
    }

    @Test
    void metersSayHowRulesDo() throws Exception {
        var url = Objects.requireNonNull(LocalAccess.read(data)).url();
        try (var http = HttpClient.newHttpClient()) {
            var meters = http.send(
                            HttpRequest.newBuilder(url.resolve("/metrics")).build(), BodyHandlers.ofString())
                    .body();
            assertThat(meters)
                    .contains("marsad_rules_over_budget 0", "marsad_rules_quarantined 0", "marsad_rules_waiting ");
        }
    }

    @Test
    void onlyWhoRunsTheInstallationReloads() throws Exception {
        var url = Objects.requireNonNull(LocalAccess.read(data)).url();
        try (var nobody = new PlatformClient(url, "nobody");
                var reader = clientOfAdmin("alerts:read");
                var keeper = clientOfAdmin("rules:reload")) {
            assertThat(nobody.post("/v1/rules/reload", Map.of()).status())
                    .as("from this machine, too")
                    .isEqualTo(401);
            assertThat(reader.post("/v1/rules/reload", Map.of()).status()).isEqualTo(403);
            var answer = keeper.post("/v1/rules/reload", Map.of());
            assertThat(answer.status()).as(answer.problem()).isEqualTo(200);
            System.out.println("RulesInUseTest: " + answer.body().path("loaded").asInt() + " rules reloaded in "
                    + answer.body().path("milliseconds").asInt() + " ms");
        }
    }
}
