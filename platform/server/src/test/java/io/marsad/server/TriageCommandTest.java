package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad triage --offline}, as its users call it. */
class TriageCommandTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ALERT = "{\"source\": \"edr\", \"rule_id\": \"r1\", \"rule_name\": \"Beacon\","
            + " \"severity\": \"high\", \"indicator\": {\"type\": \"ip\", \"value\": \"192[.]0.2.77\"}";

    @TempDir
    private Path folder;

    private static Path resources() {
        return Path.of(System.getProperty("marsad.root"), "platform", "server", "src", "test", "resources", "triage");
    }

    private String triage(int exit, Path cases, String... more) throws IOException {
        var out = folder.resolve("out");
        Files.deleteIfExists(out);
        var all = new ArrayList<>(List.of("triage", "--offline", cases.toString(), "--output", out.toString()));
        all.addAll(List.of(more));
        assertThat(CommandTree.run(all.toArray(String[]::new))).isEqualTo(exit);
        return Files.exists(out) ? Files.readString(out) : "";
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("cases.json"), text);
    }

    @Test
    void everyRecordedCaseIsDecidedAsItExpects() throws IOException {
        var intel = resources().resolve("intel").toString();
        var printed = triage(
                0,
                resources().resolve("cases.ndjson"),
                "--intel",
                intel,
                "--at",
                "2026-02-01T00:00:00Z",
                "--format",
                "ndjson");
        var decisions = printed.lines().map(JSON::readTree).toList();
        assertThat(decisions).hasSizeGreaterThan(35).allSatisfy(decision -> {
            assertThat(decision.has("not_as_expected")).isFalse();
            assertThat(decision.get("processed_at").asString()).isEqualTo("2026-02-01T00:00:00.000Z");
            assertThat(decision.get("rule_version").asString()).isNotEmpty();
        });
        assertThat(decisions.getFirst().get("input").asString()).isEqualTo("cases.ndjson:1");
        assertThat(decisions.stream().map(d -> d.get("alert_id").asString()).distinct())
                .hasSameSizeAs(decisions);
        var again = triage(
                0,
                resources().resolve("cases.ndjson"),
                "--intel",
                intel,
                "--at",
                "2026-02-01T00:00:00Z",
                "--format",
                "ndjson");
        assertThat(again).as("the same facts, the same bytes").isEqualTo(printed);
    }

    @Test
    void theExampleByHandIsWhatComesOut() throws IOException {
        var printed = triage(
                0,
                resources().resolve("cases.ndjson"),
                "--intel",
                resources().resolve("intel").toString(),
                "--at",
                "2026-02-01T00:00:00Z",
                "--format",
                "ndjson");
        var why = JSON.readTree(printed.lines().findFirst().orElseThrow()).get("explainability");
        var terms = new ArrayList<String>();
        why.get("evidence").forEach(step -> terms.add(step.get("contribution").asString()));
        assertThat(Files.readString(Path.of(System.getProperty("marsad.root"), "docs", "reference", "decisions.md")))
                .contains(String.join(" + ", terms.subList(1, terms.size())) + " = "
                        + why.get("confidence_score").asString());
        assertThat(terms.getFirst()).as("the rule has no record").isEqualTo("0");
    }

    @Test
    void feedsExpireAndAreAskedBesideWhatIsRecorded() throws IOException {
        var intel = resources().resolve("intel").toString();
        var cases = file(ALERT + "}");
        var decision = JSON.readTree(triage(0, cases, "--intel", intel, "--format", "ndjson"));
        assertThat(decision.get("decision").asString()).isEqualTo("escalate");
        assertThat(decision.get("explainability")
                        .get("intel")
                        .get("sources_queried")
                        .toString())
                .isEqualTo("[\"abuseipdb\",\"feed:bundle.json\",\"feed:files.csv\",\"feed:quiet.txt\"]");
        var own = file(ALERT + ", \"intel\": {\"abuseipdb\": {\"data\": {\"abuseConfidenceScore\": 1}}}}");
        assertThat(JSON.readTree(triage(0, own, "--intel", intel, "--format", "ndjson"))
                        .get("confidence")
                        .asString())
                .as("what stands beside the alert counts")
                .isEqualTo("0.01");
        var late = triage(1, resources().resolve("cases.ndjson"), "--intel", intel, "--at", "2027-06-01T00:00:00Z");
        assertThat(late)
                .contains("2 NOT AS EXPECTED")
                .contains("NOT AS EXPECTED: expected a confidence of 0.9, not 0.0000");
    }

    @Test
    void aBadLineIsNamedAndTheOthersAreDecided() throws IOException {
        var table = triage(
                1,
                file(ALERT + "}\n"
                        + "{\n"
                        + "{\"source\": \"edr\"}\n"
                        + "\n"
                        + ALERT + ", \"intel\": {\"acme\": {}}}\n"
                        + "{\"alert\": " + ALERT + "}, \"expects\": {}}\n"
                        + "{\"alert\": " + ALERT + "}, \"expect\": {\"decision\": \"escalate\"}}\n"
                        + "7\n"
                        + ALERT + "}\n"));
        assertThat(table.lines().filter(line -> line.contains("NOT READ")))
                .containsExactly(
                        "  NOT READ: cases.json:2: is not JSON (column 2)",
                        "  NOT READ: cases.json:3: rule_id is missing; rule_name is missing; severity is missing;"
                                + " indicator has no type and value",
                        "  NOT READ: cases.json:5: answers of acme cannot be read; known are virustotal, abuseipdb and"
                                + " greynoise",
                        "  NOT READ: cases.json:6: expects is not known; there are alert, expect, intel, model, name, rule",
                        "  NOT READ: cases.json:8: is no JSON object");
        assertThat(table)
                .contains("human_review    0.00  unknown   high           no_judge")
                .contains("NOT AS EXPECTED: expected escalate, decided human_review")
                .endsWith(
                        "3 decided: 0 escalate, 0 auto_close, 3 human_review; a model was asked 0 times; 1 NOT AS EXPECTED;"
                                + " 5 could not be read" + System.lineSeparator());
    }

    @Test
    void eachLineIsDecidedOrNamedWhateverItIs() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("TriageCommandTest: -Dmarsad.seed=" + seed);
        var random = new SplittableRandom(seed);
        var cases = Files.readAllLines(resources().resolve("cases.ndjson"));
        var lines = new ArrayList<String>();
        for (int i = 0; i < 1_500; i++) {
            var line = new StringBuilder(cases.get(random.nextInt(cases.size())));
            for (int n = random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, "{}[]\",:0x-\u00e9".charAt(random.nextInt(11)));
                    case 1 -> line.delete(at, Math.min(line.length(), at + random.nextInt(1, 25)));
                    default -> line.insert(at, line.substring(at, Math.min(line.length(), at + random.nextInt(1, 40))));
                }
            }
            lines.add(line.isEmpty() ? "{" : line.toString());
        }
        lines.add("{");
        var printed = JSON.readTree(triage(1, file(String.join("\n", lines)), "--format", "json"));
        var summary = printed.get("summary");
        assertThat(summary.get("decided").intValue() + summary.get("not_read").intValue())
                .isEqualTo(lines.size());
        assertThat(summary.get("decided").intValue()).isGreaterThan(300);
        assertThat(printed.get("results")).hasSize(summary.get("decided").intValue());
    }

    @Test
    void arraysAndSingleObjectsAreReadToo() throws IOException {
        var array = file("[\n" + ALERT + "},\n" + ALERT + "},\n7,\n");
        var document = JSON.readTree(triage(1, array, "--format", "json"));
        assertThat(inputs(document)).containsExactly("cases.json:2", "cases.json:3");
        assertThat(document.get("faults").get(0).asString()).isEqualTo("cases.json:4: is no JSON object");
        assertThat(document.get("faults").get(1).asString()).contains("what comes behind that is not read");
        assertThat(document.get("summary").toString())
                .isEqualTo("{\"decided\":2,\"escalate\":0,\"auto_close\":0,\"human_review\":2,\"llm_calls\":0,"
                        + "\"not_as_expected\":0,\"not_read\":2}");
        var one = file("\n" + ALERT.replace(",", ",\n") + "\n}\n");
        assertThat(inputs(JSON.readTree(triage(0, one, "--format", "json")))).containsExactly("cases.json:2");
        assertThat(JSON.readTree(triage(0, file(""), "--format", "json")).get("results"))
                .isEmpty();
    }

    private static List<String> inputs(JsonNode document) {
        var inputs = new ArrayList<String>();
        document.get("results").forEach(result -> inputs.add(result.get("input").asString()));
        return inputs;
    }

    @Test
    void thresholdsAndTheKillSwitch() throws IOException {
        var high = file(ALERT + ", \"intel\": {\"abuseipdb\": {\"data\": {\"abuseConfidenceScore\": 84}}}}");
        assertThat(triage(0, high)).contains("human_review");
        assertThat(triage(0, high, "--thresholds", "escalate=0.84")).contains("escalate       84.00");
        var low = file(ALERT.replace("high", "low")
                + ", \"intel\": {\"abuseipdb\": {\"data\": {\"abuseConfidenceScore\": 10}}}}");
        assertThat(triage(0, low)).contains("auto_close     10.00");
        assertThat(triage(0, low, "--no-auto-close")).contains("guard_refused_close");
        assertThat(triage(0, low, "--thresholds", "close=0.05")).contains("human_review");
        var printed = JSON.readTree(triage(0, low, "--thresholds", "close=0.05,model=0.7", "--format", "ndjson"));
        assertThat(printed.get("thresholds_in_force").toString())
                .isEqualTo("{\"escalate\":0.85,\"close\":0.05,\"model\":0.7,\"auto_close\":true}");
    }

    @Test
    void wrongUse() throws IOException {
        var cases = file(ALERT + "}");
        triage(2, cases, "--thresholds", "escalate=2");
        triage(2, cases, "--at", "yesterday");
        triage(2, cases, "--format", "xml");
        assertThat(CommandTree.run("triage")).isEqualTo(2);
        triage(1, folder.resolve("nowhere.ndjson"));
        triage(1, cases, "--intel", folder.resolve("nowhere").toString());
        assertThat(CommandTree.run("triage", "--help")).isZero();
    }

    @Test
    void whatSteersATerminalIsShownAsDots() throws IOException {
        var table = triage(0, file(ALERT.replace("192[.]0.2.77", "\\u001b[2J\\u202e") + "}"));
        assertThat(table).doesNotContain("\u001b").doesNotContain("\u202e").contains(".[2J.");
    }
}
