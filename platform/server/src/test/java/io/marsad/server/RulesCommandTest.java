package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad rules …} as a team uses it in its own pipelines: what is printed, and the exit codes. */
class RulesCommandTest {
    private static final String RULE = """
            title: %s
            id: 00000000-0000-4000-8000-0000000000%s
            author: Ada, Bob
            status: test
            level: high
            logsource: {product: linux, category: process_creation}
            detection:
              selection: {Image|endswith: /whoami}
              filter: {User: root}
              condition: selection and not filter
            """;

    private record Run(int code, String out) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    @TempDir
    private Path folder;

    private Path rules;

    @BeforeEach
    void writeRules() throws Exception {
        rules = Files.createDirectories(folder.resolve("rules"));
        Files.writeString(rules.resolve("one.yml"), RULE.formatted("Whoami", "01"));
    }

    private static Run run(String... arguments) {
        return told("", arguments);
    }

    /** Standard streams are the commands' door. Tests of this module run one after the other. */
    private static Run told(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var before = System.out;
        var in = System.in;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return new Run(CommandTree.run(arguments), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
            System.setIn(in);
        }
    }

    @Test
    void checkSaysWhatIsRefusedAndWhatIsDoubtful() throws Exception {
        assertThat(run("rules", "check", rules.toString(), "--strict").code).isZero();
        Files.writeString(rules.resolve("two.yml"), RULE.formatted("Two", "02").replace("level: high\n", ""));
        Files.writeString(
                rules.resolve("three.yml"), RULE.formatted("Three", "03").replace("endswith", "endwith"));
        Files.writeString(
                rules.resolve("four.yml"),
                RULE.formatted("Four", "04").replace("User: root", "User|expand: '%Admins%'"));
        var check = run("rules", "check", rules.toString(), "--format", "json");
        assertThat(check.code).isEqualTo(1);
        assertThat(check.out.strip()).doesNotContain("\n");
        var json = check.json();
        assertThat(json.path("files").intValue()).isEqualTo(4);
        assertThat(json.path("compiled").intValue()).isEqualTo(3);
        assertThat(json.path("refused").size()).isEqualTo(1);
        var refused = json.path("refused").get(0);
        assertThat(refused.path("file").stringValue()).endsWith("three.yml");
        assertThat(refused.path("line").intValue()).isEqualTo(8);
        assertThat(refused.path("reason").stringValue()).contains("did you mean 'endswith'");
        assertThat(json.path("warnings").get(0).path("reason").stringValue()).contains("no level");
        assertThat(json.path("needs_lists").get(0).path("lists").get(0).stringValue())
                .isEqualTo("Admins");
        assertThat(json.path("can_fire").intValue()).isEqualTo(2);
        assertThat(json.path("cannot_fire").get(0).path("kind").stringValue()).isEqualTo("LIST");
        Files.delete(rules.resolve("three.yml"));
        assertThat(run("rules", "check", rules.toString()).code).isZero();
        assertThat(run("rules", "check", rules.toString(), "--strict").code).isEqualTo(1);
        var lists = Files.writeString(folder.resolve("lists.yaml"), "Admins: [root]\n");
        assertThat(run("rules", "check", rules.toString(), "--placeholders", lists.toString()).out)
                .doesNotContain("Admins");
        assertThat(run("rules", "check", rules.toString(), "--format", "xml").code)
                .isEqualTo(2);
        assertThat(run("rules", "check", folder.resolve("nothing").toString()).code)
                .isEqualTo(1);
    }

    @Test
    void testRunsTheSamplesBesideTheRules() throws Exception {
        Files.writeString(rules.resolve("one.yml"), RULE.formatted("One", "01").replace("linux", "windows"));
        Files.writeString(rules.resolve("two.yml"), RULE.formatted("Two", "02"));
        var proof = rules.resolve("one.test.yaml");
        var sample = "{EventID: 1, Provider_Name: Microsoft-Windows-Sysmon, Image: /usr/bin/%s}";
        Files.writeString(
                proof,
                "fires:\n  - {name: it, format: windows, record: " + sample.formatted("whoami")
                        + "}\nsilent:\n  - {name: another, format: windows, record: " + sample.formatted("id")
                        + "}\n");
        var passed = run("rules", "test", rules.toString(), "--format", "json");
        assertThat(passed.out).contains("\"untested\":1");
        var junit = folder.resolve("report.xml");
        var written = run("rules", "test", rules.toString(), "--format", "junit", "--output", junit.toString());
        assertThat(written.out).contains("1 files untested");
        var xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
        assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(3);
        assertThat(xml.getElementsByTagName("skipped").getLength()).isEqualTo(1);
        Files.writeString(proof, Files.readString(proof).replace("/usr/bin/id", "/usr/bin/whoami"));
        var failed = run("rules", "test", rules.toString());
        assertThat(failed.code).isEqualTo(1);
        assertThat(failed.out).contains("FAILED").contains("[silent: another]");
    }

    @Test
    void testExitsZeroWhenAllPassAndStrictMindsUntested() {
        assertThat(run("rules", "test").code).isZero();
        assertThat(run("rules", "test", rules.toString()).code).isZero();
        assertThat(run("rules", "test", rules.toString(), "--strict").code).isEqualTo(1);
    }

    @Test
    void explainShowsWhyAndWhyNot() throws Exception {
        var rule = rules.resolve("one.yml").toString();
        var event = "{\"Image\": \"/usr/bin/whoami\", \"User\": \"bob\"}\n{\"Image\": \"/bin/id\"}\n";
        var file = Files.writeString(folder.resolve("events.ndjson"), event).toString();
        assertThat(run("rules", "explain", rule, file).out).startsWith("SILENT").contains("log source  no");
        var fires = run("rules", "explain", rule, file, "--any-source");
        assertThat(fires.code).isZero();
        assertThat(fires.out).startsWith("FIRES").contains("/usr/bin/whoami").contains("1 of 2 events");
        var second = run("rules", "explain", rule, file, "--any-source", "--record", "2");
        assertThat(second.code).isEqualTo(1);
        assertThat(second.out).contains("event has").contains("/bin/id");
        var json = told(event, "rules", "explain", rule, "-", "--source", "linux/process_creation", "--format", "json")
                .json();
        assertThat(json.path("fires").booleanValue()).isTrue();
        assertThat(json.path("selections").get(1).path("holds").booleanValue()).isFalse();
        assertThat(run("rules", "explain", rule, file, "--record", "9").code).isEqualTo(1);
        assertThat(run("rules", "explain", "no-such-id", file).code).isEqualTo(1);
    }

    @Test
    void aRecordOfAWindowsLogIsChosenByItsEventRecordId() {
        var env = System.getenv("MARSAD_SHARED_DATA");
        var data = env == null ? Path.of(System.getProperty("marsad.root"), "..", "shared", "data") : Path.of(env);
        var id = "62f7c9bf-9135-49b2-8aeb-1e54a6ecc13c";
        var name = "rules/windows/process_creation/proc_creation_win_browsers_tor_execution";
        var log = data.resolve("evtx/sigmahq-regression/" + name + "/" + id + ".evtx");
        Assumptions.assumeTrue(Files.exists(log), "the shared data is not here: " + log.getFileName());
        var rule = data.resolve("sigma/" + name + ".yml").toString();
        var fires = run("rules", "explain", rule, log.toString(), "--record", "33232425");
        assertThat(fires.code).isZero();
        assertThat(fires.out).contains("record 33232425").contains("process.file.desc = Tor Browser");
        assertThat(run("rules", "explain", rule, log.toString(), "--record", "1").code)
                .isEqualTo(1);
    }

    @Test
    void aSetIsImportedRenewedAndRemoved() throws Exception {
        var source = Files.createDirectories(folder.resolve("public/rules"));
        Files.writeString(folder.resolve("public/LICENSE.md"), "Detection Rule License (DRL) 1.1");
        Files.writeString(folder.resolve("public/workflow.yml"), "on: push\n");
        Files.writeString(source.resolve("a.yml"), RULE.formatted("A", "0a"));
        Files.writeString(source.resolve("b.yml"), RULE.formatted("B", "0b"));
        Files.writeString(
                source.resolve("bad.yml"), RULE.formatted("C", "0c").replace("condition:", "condition: x and"));
        Files.writeString(source.resolve("old.yml"), RULE.formatted("D", "0d").replace("test", "deprecated"));
        var from = folder.resolve("public").toString();
        var data = folder.resolve("data");
        var dry = run("rules", "import", from, "--data", data.toString(), "--dry-run");
        assertThat(dry.code).isZero();
        assertThat(data.resolve("rules")).doesNotExist();
        var first = run("rules", "import", from, "--data", data.toString(), "--format", "json")
                .json();
        assertThat(first.path("licence").stringValue()).isEqualTo("DRL-1.1");
        assertThat(first.path("rules").intValue()).isEqualTo(2);
        assertThat(first.path("added").size()).isEqualTo(2);
        assertThat(first.path("retired").intValue()).isEqualTo(1);
        assertThat(first.path("other").intValue()).isEqualTo(1);
        assertThat(first.path("refused").get(0).path("file").stringValue()).isEqualTo("rules/bad.yml");
        var set = data.resolve("rules/public");
        assertThat(set.resolve("rules/a.yml")).hasSameTextualContentAs(source.resolve("a.yml"));
        assertThat(set.resolve("LICENSE.md")).exists();
        assertThat(set.resolve("NOTICE.md")).content().contains("DRL-1.1").contains("author");
        var manifest = JsonMapper.shared().readTree(Files.readString(set.resolve("manifest.json")));
        assertThat(manifest.path("revision").stringValue()).startsWith("sha256:");
        assertThat(manifest.path("authors").path("Ada, Bob").intValue()).isEqualTo(2);

        Files.writeString(source.resolve("a.yml"), RULE.formatted("A, renewed", "0a"));
        Files.delete(source.resolve("b.yml"));
        var again = run("rules", "import", from, "--data", data.toString(), "--format", "json")
                .json();
        assertThat(again.path("changed").toString()).isEqualTo("[\"rules/a.yml\"]");
        assertThat(again.path("removed").toString()).isEqualTo("[\"rules/b.yml\"]");
        assertThat(set.resolve("rules/b.yml")).doesNotExist();

        // The same ids under another name are refused, so nothing is left to import.
        assertThat(run("rules", "import", from, "--data", data.toString(), "--name", "other").code)
                .isEqualTo(1);
        assertThat(run("rules", "import", "--list", "--data", data.toString()).out)
                .contains("public")
                .contains("DRL-1.1");
        var byId = "00000000-0000-4000-8000-00000000000a";
        var event = "{\"Image\": \"/usr/bin/whoami\"}";
        assertThat(told(event, "rules", "explain", byId, "-", "--any-source", "--data", data.toString()).out)
                .startsWith("FIRES A, renewed".replace("FIRES", "FIRES "));
        assertThat(run("rules", "import", "--remove", "public", "--data", data.toString()).code)
                .isZero();
        assertThat(set).doesNotExist();
        try (Stream<Path> left = Files.list(data.resolve("rules"))) {
            assertThat(left).isEmpty();
        }
        assertThat(run("rules", "import", "--remove", "public", "--data", data.toString()).code)
                .isEqualTo(1);
    }

    @Test
    void aZipIsImportedAndAHostileOneIsNot() throws Exception {
        var into = folder.resolve("sets").toString();
        assertThat(run("rules", "import", zip("repo-1/a.yml").toString(), "--name", "z", "--into", into).code)
                .isZero();
        assertThat(folder.resolve("sets/z/a.yml")).exists();
        assertThat(run("rules", "import", zip("../a.yml").toString(), "--name", "y", "--into", into).code)
                .isEqualTo(1);
        assertThat(folder.resolve("sets/y")).doesNotExist();
        assertThat(run("rules", "import", zip("a.yml").toString(), "--name", "../y", "--into", into).code)
                .isEqualTo(1);
    }

    private Path zip(String name) throws Exception {
        var file = Files.createTempFile(folder, "rules", ".zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(RULE.formatted("Z", "0f").getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return file;
    }

    @Test
    void helpSaysWhole() {
        for (String command : new String[] {"check", "test", "explain", "import"}) {
            var help = run("rules", command, "--help");
            assertThat(help.code).isZero();
            assertThat(help.out).contains("Examples:").contains("Exits 0");
        }
        var all = run("--help").out + run("rules", "--help").out;
        assertThat(all.lines().filter(line -> line.startsWith("  ")).filter(line -> line.endsWith(":")))
                .isEmpty();
    }
}
