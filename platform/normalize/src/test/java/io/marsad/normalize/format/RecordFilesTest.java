package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class RecordFilesTest {
    private RecordFiles.Summary summary = new RecordFiles.Summary(0, 0, java.util.Map.of());

    private List<String> read(byte[] file) throws IOException {
        var all = new ArrayList<String>();
        summary = RecordFiles.read(
                new ByteArrayInputStream(file),
                (format, bytes, offset, length) ->
                        all.add(format.label() + " " + new String(bytes, offset, length, StandardCharsets.UTF_8)));
        return all;
    }

    private List<String> read(String file) throws IOException {
        return read(file.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void jsonInAllItsWrappings() throws IOException {
        assertThat(read("{\"a\":\"}\\\"{\"}\r\n\n{\"b\":1\nnonsense"))
                .containsExactly("json {\"a\":\"}\\\"{\"}", "json {\"b\":1", "syslog nonsense");
        assertThat(read("[\n {\"a\":[{}]},\n{\"EventID\":1,\"Channel\":\"x\"}, \"text\"]"))
                .containsExactly("json {\"a\":[{}]}", "windows {\"EventID\":1,\"Channel\":\"x\"}");
        assertThat(summary.reasons()).containsKey("something that is not a JSON object");
        assertThat(read("{\n \"a\":1}\n{\n\"output_fields\":{},\"rule\":\"r\"}{\"c\":"))
                .containsExactly("json {\n \"a\":1}", "falco {\n\"output_fields\":{},\"rule\":\"r\"}");
        assertThat(summary.reasons()).containsKey("the file ends in the middle of an object");
        assertThat(
                        read(
                                "{\"Records\":[{\"eventSource\":\"s\",\"eventName\":\"n\"},{\"eventName\":1,\"eventSource\":2}],\"x\":[{}]}"))
                .containsExactly(
                        "cloudtrail {\"eventSource\":\"s\",\"eventName\":\"n\"}",
                        "cloudtrail {\"eventName\":1,\"eventSource\":2}");
        assertThat(summary.records()).isEqualTo(2);
    }

    @Test
    void linesOfText() throws IOException {
        assertThat(read("""
                        <34>Oct 11 22:14:15 h su: x
                        type=SYSCALL msg=audit(1.000:2): a=b
                        type=CWD msg=audit(1.000:2): cwd="/"
                        Oct 11 22:14:15 h su: y
                        type=EOE msg=audit(1.000:2):
                        """))
                .containsExactly(
                        "syslog <34>Oct 11 22:14:15 h su: x",
                        "syslog Oct 11 22:14:15 h su: y",
                        "auditd type=SYSCALL msg=audit(1.000:2): a=b\ntype=CWD msg=audit(1.000:2): cwd=\"/\"");
    }

    @Test
    void packed() throws IOException {
        var gz = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gz)) {
            out.write(EvtxFile.of(EvtxFile.event("7", "a", "b")));
        }
        assertThat(read(gz.toByteArray()))
                .containsExactly("windows {\"Event\":{\"System\":{\"EventID\":\"7\"},\"EventData\":{\"a\":\"b\"}}}");
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("a.json"));
            out.write("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry("b.json.gz"));
            out.write(gz.toByteArray());
        }
        assertThat(read(zip.toByteArray())).hasSize(2).first().isEqualTo("json {\"a\":1}");
    }

    @Test
    void longRecordsAreRefusedAndTheRestIsRead() throws IOException {
        var large = "x".repeat(3 << 20);
        assertThat(read("{\"a\":1}\n" + large + "\n{\"b\":2}")).containsExactly("json {\"a\":1}", "json {\"b\":2}");
        assertThat(summary.refused()).isEqualTo(1);
        assertThat(read("[{\"a\":1},{\"l\":\"" + large + "\"},{\"b\":2}]"))
                .containsExactly("json {\"a\":1}", "json {\"b\":2}");
        assertThat(summary.refused()).isEqualTo(1);
        assertThat(read("")).isEmpty();
        assertThatThrownBy(() -> read("ELF\0\0\0"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("binary");
    }

    @Test
    void realFilesAreReadAndTheirRecordsParse() throws IOException {
        var tape = new Tape(new PathTable());
        var refused = new TreeMap<String, Integer>();
        var formats = new TreeMap<String, Integer>();
        for (var folder : List.of("logs/cloudtrail", "logs/falco", "logs/security-datasets/atomic", "logs/suricata")) {
            try (var walk = Files.walk(SharedData.folder(folder))) {
                for (var file : walk.filter(f -> f.toString().matches(".*\\.(json|jsonl|log|zip|gz)"))
                        .sorted()
                        .limit(12)
                        .toList()) {
                    var parsers = new java.util.EnumMap<RecordFormat, RecordParser>(RecordFormat.class);
                    RecordFiles.read(file, (format, bytes, offset, length) -> {
                        var why = parsers.computeIfAbsent(format, RecordFormat::newParser)
                                .parse(bytes, offset, length, Leaves.RECEIVED, tape);
                        formats.merge(format.label(), 1, Integer::sum);
                        if (why != null) {
                            refused.merge(file.getFileName() + " " + format + ": " + why, 1, Integer::sum);
                        }
                    });
                }
            }
        }
        // That file is cut off in the middle of a string, on purpose.
        assertThat(refused).allSatisfy((what, times) -> assertThat(what).startsWith("jsonparse_eve_broken"));
        assertThat(formats).containsKeys("windows", "cloudtrail", "falco");
    }
}
