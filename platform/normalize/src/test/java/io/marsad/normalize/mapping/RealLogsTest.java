package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Real logs through parser and mappings: what becomes an event, what does not and why, and whether OCSF agrees. */
class RealLogsTest {
    private final EventBatch out = new EventBatch(Samples.TENANT);
    private final Map<String, Integer> events = new TreeMap<>();
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private int records;
    private int clamped;
    private long bytes;
    private long nanos;

    @Test
    void windowsLogs() throws Exception {
        run("evtx");
        assertThat(refused.values().stream().mapToInt(i -> i).sum()).isLessThan(records / 100);
    }

    @Test
    void linuxAudit() throws Exception {
        run("logs/auditd");
        run("logs/crowdsec-hub-tests/auditd-base64-exec");
        assertThat(refused.values().stream().mapToInt(i -> i).sum()).isLessThan(records / 20);
    }

    @Test
    void cloudTrail() throws Exception {
        run("logs/cloudtrail");
        assertThat(refused).isEmpty();
        assertThat(events.keySet()).anyMatch(key -> key.startsWith("aws/cloudtrail"));
    }

    @Test
    void falco() throws Exception {
        run("logs/falco/alerts-from-docs-dev.jsonl");
        assertThat(refused).isEmpty();
        assertThat(events.keySet()).allMatch(key -> key.startsWith("falco"));
    }

    private void run(String name) throws Exception {
        var set = System.getenv("MARSAD_SHARED_DATA");
        var root = set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data");
        var folder = root.resolve(name);
        assumeTrue(Files.exists(folder), () -> "skipped: no real data at " + folder);
        var normalizer = new Normalizer(Samples.mappings());
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().matches(".*\\.(evtx|json|jsonl|log|gz|ndjson)"))
                    .sorted()
                    .toList()) {
                try {
                    RecordFiles.read(file, (format, b, offset, length) -> one(normalizer, format, b, offset, length));
                } catch (IOException e) {
                    refused.merge("file: " + e.getMessage(), 1, Integer::sum);
                }
            }
        }
        assertThat(faults).as("OCSF faults in %s", name).isEmpty();
        System.out.printf(
                "%s: %d records, %d B, %.2f us a record, %d clamped%n events %s%n refused %s%n faults %s%n",
                name, records, bytes, nanos / 1e3 / Math.max(1, records), clamped, events, refused, faults);
    }

    private void one(Normalizer normalizer, RecordFormat format, byte[] b, int offset, int length) {
        var batch = new RecordBatch(Samples.TENANT, "test", format.label(), Samples.RECEIVED, length);
        batch.add(new EventId(1, records++), (byte) 0, b, offset, length);
        bytes += length;
        out.clear();
        long start = System.nanoTime();
        var why = normalizer.normalize(batch, 0, out);
        nanos += System.nanoTime() - start;
        if (why != null) {
            refused.merge(format.label() + ": " + why, 1, Integer::sum);
            return;
        }
        assertThat(out.rows()).isEqualTo(1);
        clamped += "ts-clamped".equals(out.text(0, Field.of("metadata.labels"))) ? 1 : 0;
        var source = out.source(0) + " " + out.text(0, Field.of("class_uid"));
        events.merge(source, 1, Integer::sum);
        for (String fault : MappingContentTest.faults(source, out)) {
            var code = out.text(0, Field.of("metadata.event_code"));
            faults.merge(source + " " + code + " " + fault.replaceAll("\\[\\d+\\]", "[]"), 1, Integer::sum);
        }
    }
}
