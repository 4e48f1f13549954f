package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad scan}, as its users call it. */
class ScanCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static final String NEEDLE = """
            title: Needle
            id: 11111111-1111-4111-8111-111111111111
            status: test
            level: high
            tags: [attack.t1059.001, attack.execution]
            logsource: {product: any}
            detection:
              keywords: [needle-7]
              condition: keywords
            """;
    private static final String WHOAMI = """
            title: Who am I
            id: 22222222-2222-4222-8222-222222222222
            status: test
            level: low
            tags: [attack.t1033]
            logsource: {product: windows, category: process_creation}
            detection:
              selection: {Image|endswith: '\\whoami.exe'}
              condition: selection
            ---
            title: A failed sign-in
            id: 33333333-3333-4333-8333-333333333333
            name: failed
            status: test
            level: informational
            logsource: {product: windows, service: security}
            detection:
              selection: {EventID: 4625}
              condition: selection
            ---
            title: Several failed sign-ins
            id: 44444444-4444-4444-8444-444444444444
            level: critical
            correlation:
              type: event_count
              rules: [failed]
              group-by: [TargetUserName]
              timespan: 5m
              condition: {gte: 5}
            """;

    @TempDir
    private Path folder;

    private Path rules = Path.of("");
    private Path logs = Path.of("");

    @BeforeEach
    void folders() throws IOException {
        rules = Files.createDirectory(folder.resolve("rules"));
        logs = Files.createDirectory(folder.resolve("logs"));
    }

    private void rule(String text) throws IOException {
        Files.writeString(rules.resolve("rule" + Files.list(rules).count() + ".yml"), text);
    }

    private String scan(int exit, String... more) throws IOException {
        var out = folder.resolve("out");
        Files.deleteIfExists(out);
        var all = new ArrayList<>(List.of("scan", "--rules", rules.toString(), "--output", out.toString(), "--timing"));
        all.addAll(List.of(more));
        assertThat(CommandTree.run(all.toArray(String[]::new))).isEqualTo(exit);
        return Files.exists(out) ? Files.readString(out) : "";
    }

    private List<JsonNode> rows(int exit, String... more) throws IOException {
        var all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--format", "ndjson"));
        return scan(exit, all.toArray(String[]::new))
                .lines()
                .map(JSON::readTree)
                .toList();
    }

    private static Path samples() {
        return Path.of(System.getProperty("marsad.root"), "content", "samples");
    }

    @Test
    void everyFormatIsRead() throws IOException {
        rule(NEEDLE);
        Files.copy(samples().resolve("windows.evtx"), logs.resolve("a.evtx"));
        write("array.json", "[{\"a\":1},\n{\"a\":\"needle-7\"}]");
        write("auditd.log", """
                type=SYSCALL msg=audit(1700000000.1:7): arch=c000003e syscall=59 success=yes comm="sh" exe="/bin/sh"
                type=EXECVE msg=audit(1700000000.1:7): argc=2 a0="sh" a1="needle-7"
                """);
        write("cloudtrail.json", "{\"Records\":[{\"eventSource\":\"s\",\"eventName\":\"n\",\"x\":\"needle-7\"}]}");
        write(
                "eve.json",
                "{\"timestamp\":\"2026-03-01T00:00:00.000000+0000\",\"event_type\":\"dns\",\"flow_id\":1,"
                        + "\"dns\":{\"rrname\":\"needle-7\"}}\n");
        write("lines.ndjson", "{\"a\":\"needle-7\"}\n{\"b\":2}\n{\"c\":[\"x\",\"NEEDLE-7\"]}\n");
        write("pretty.json", "{\n \"a\": \"needle-7\"\n}\n");
        write("syslog.log", "<34>Oct 11 22:14:15 host su: needle-7\nOct 11 22:14:16 host su: hay\n");
        write(
                "zeek.log",
                "#separator \\x09\n#path\tdns\n#fields\tts\tquery\n#types\ttime\tstring\n1.5\thay\n2.5\tneedle-7\n");
        write("zeek-json.log", "{\"ts\":1700000000.5,\"id.orig_h\":\"10.0.0.1\",\"query\":\"needle-7\"}\n");
        gzip("z.json.gz", "{\"a\":\"needle-7\"}\n");
        zip(
                "z.zip",
                "deep/one.json",
                "{\"a\":0}\n{\"a\":\"needle-7\"}\n",
                "two.log",
                "Oct 11 22:14:15 host su: needle-7\n");
        write("no-log.bin", "\0\1\2needle-7");

        var rows = rows(0, "--any-source", logs.toString());

        assertThat(rows)
                .extracting(row -> logs.relativize(Path.of(row.get("file").asString())) + "#"
                        + row.get("record_index").asLong())
                .containsExactly(
                        "array.json#1",
                        "auditd.log#0",
                        "cloudtrail.json#0",
                        "eve.json#0",
                        "lines.ndjson#0",
                        "lines.ndjson#2",
                        "pretty.json#0",
                        "syslog.log#0",
                        "z.json.gz#0",
                        "z.zip!deep/one.json#1",
                        "z.zip!two.log#0",
                        "zeek-json.log#0",
                        "zeek.log#1");
    }

    @Test
    void rowsSayWhereWhatAndWhy() throws IOException {
        rule(WHOAMI);
        var evtx = Files.copy(samples().resolve("windows.evtx"), logs.resolve("a.evtx"));
        var rows = rows(0, logs.toString());
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().propertyNames())
                .containsExactly(
                        "file",
                        "record_index",
                        "record_id",
                        "time",
                        "channel",
                        "event_id",
                        "host",
                        "rule_id",
                        "rule_title",
                        "level",
                        "attack",
                        "tactics",
                        "matched");
        var found = rows.getFirst();
        assertThat(found.get("file").asString()).isEqualTo(evtx.toString());
        assertThat(found.get("record_index").asInt()).isEqualTo(3);
        assertThat(found.get("record_id").asInt()).isEqualTo(4104);
        assertThat(found.get("event_id").asInt()).isEqualTo(1);
        assertThat(found.get("channel").asString()).isEqualTo("Microsoft-Windows-Sysmon/Operational");
        assertThat(found.get("host").asString()).isEqualTo("ws-finance-07.example");
        assertThat(found.get("level").asString()).isEqualTo("low");
        assertThat(found.get("attack").toString()).isEqualTo("[\"T1033\"]");
        assertThat(found.get("matched").toString())
                .contains("\"selection\":\"selection\",\"field\":\"Image\"")
                .contains("\"value\":\"C:\\\\Windows\\\\System32\\\\whoami.exe\"");
        var together = rows.getLast();
        assertThat(together.get("rule_title").asString()).isEqualTo("Several failed sign-ins");
        assertThat(together.get("record_index").asInt()).isEqualTo(11);
        assertThat(together.get("events").size()).isEqualTo(5);
        assertThat(together.get("events").get(0).get("record_index").asInt()).isEqualTo(7);
        assertThat(together.get("matched").get(0).get("value").asString()).isEqualTo("administrator");
    }

    @Test
    void theSameHoweverManyThreadsAndHoweverNamed() throws IOException {
        rule(WHOAMI);
        rule(NEEDLE);
        for (int i = 0; i < 9; i++) {
            Files.copy(samples().resolve("windows.evtx"), logs.resolve(i + ".evtx"));
        }
        var one = scan(0, "--format", "ndjson", "--threads", "1", logs.toString());
        assertThat(one.lines()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(scan(0, "--format", "ndjson", "--threads", "5", logs.toString()))
                .isEqualTo(one);
        var twice = scan(
                0, "--format", "ndjson", logs.toString(), logs.resolve("3.evtx").toString());
        assertThat(twice).isEqualTo(one);
    }

    @Test
    void timesAndLevels() throws IOException {
        rule(NEEDLE);
        rule(NEEDLE.replace("11111111", "55555555").replace("Needle", "Lesser").replace("high", "low"));
        write("a.json", """
                {"time":"2026-01-01T00:00:00Z","a":"needle-7"}
                {"time":"2026-01-02T00:00:00Z","a":"needle-7"}
                {"time":"2026-01-03T00:00:00Z","a":"needle-7"}
                """);
        assertThat(rows(0, "--any-source", logs.toString())).hasSize(6);
        assertThat(rows(0, "--any-source", "--min-level", "high", logs.toString()))
                .hasSize(3);
        var middle =
                rows(0, "--any-source", "--since", "2026-01-02", "--until", "2026-01-02T12:00:00Z", logs.toString());
        assertThat(middle).hasSize(2).allMatch(row -> row.get("record_index").asInt() == 1);
        assertThat(rows(0, "--any-source", "--since", "1h", logs.toString())).isEmpty();
    }

    @Test
    void exitCodes() throws IOException {
        rule(NEEDLE);
        write("a.json", "{\"a\":\"needle-7\"}");
        write("b.evtx", "ElfFile\0" + "x".repeat(100_000));
        scan(0, "--any-source", logs.toString());
        scan(1, "--any-source", "--fail-level", "high", logs.toString());
        scan(0, "--any-source", "--fail-level", "critical", logs.toString());
        scan(3, "--any-source", "--strict", logs.toString());
        scan(3, logs.resolve("missing").toString());
        scan(3, "--rules", folder.resolve("missing").toString(), logs.toString());
        scan(2, "--no-such-option", logs.toString());
        scan(2);
    }

    @Test
    void whatCannotBeReadIsTold() throws IOException {
        rule(NEEDLE);
        gzip("cut.json.gz", "{\"a\":\"needle-7\"}\n".repeat(5000));
        var cut = logs.resolve("cut.json.gz");
        var bytes = Files.readAllBytes(cut);
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 12));
        zip("mixed.zip", "bad.bin", "\0\0\0", "good.json", "{\"a\":\"needle-7\"}");
        var table = scan(0, "--any-source", logs.toString());
        assertThat(table)
                .contains("cut.json.gz: damaged packed data")
                .contains("mixed.zip: bad.bin: a binary file of no known kind")
                .contains("good.json #0")
                .contains("2 pieces could not be read");
    }

    @Test
    void reportsStayTextWhateverTheEventsSay() throws IOException {
        rule(NEEDLE);
        write(
                "a.json",
                "{\"host\":\"<img src=x onerror=alert(1)>\",\"a\":\"=cmd|'/c calc'!A1 needle-7\\u001b[31m\\u202e\"}");
        var html = scan(0, "--any-source", "--format", "html", logs.toString());
        assertThat(html)
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .contains("=cmd|&#39;/c calc&#39;!A1 needle-7")
                .doesNotContain("<img", "<script", "<link", "http://", "https://", "\u001b", "\u202e");
        assertThat(scan(0, "--any-source", logs.toString())).doesNotContain("\u001b", "\u202e");
        assertThat(scan(0, "--any-source", "--format", "csv", logs.toString()))
                .startsWith("file,record_index,record_id,time,")
                .contains("\r\n")
                .doesNotContain(",=cmd");
    }

    @Test
    void theSummaryOfTheSamples() throws IOException {
        rule(WHOAMI);
        assertThat(scan(0, samples().resolve("windows.evtx").toString())).endsWith("""

                        Rules                                                         level          detections  hosts
                          Several failed sign-ins                                     critical                1      1
                          Who am I                                                    low                     1      1

                        Hosts                                                         level          detections  rules
                          ws-finance-07.example                                       critical                2      2

                        ATT&CK techniques                                             level          detections  rules
                          T1033                                                       low                     1      1

                        2 detections of 2 rules in 20 records of 1 files, 1 critical, 1 low
                        """);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(logs.resolve(name), text);
    }

    private void gzip(String name, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(logs.resolve(name)))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void zip(String name, String... files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                out.putNextEntry(new ZipEntry(files[i]));
                out.write(files[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.write(logs.resolve(name), bytes.toByteArray());
    }
}
