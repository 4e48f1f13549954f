package io.marsad.soc.alert;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.List;

/** Detections as a rule on process creation gives them. */
public final class Detections {
    public static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    private Detections() {}

    public static RuleSnapshot rule(String id, String level) {
        return new RuleSnapshot(
                id,
                "Encoded PowerShell " + id,
                level,
                "test",
                "Looks for encoded commands.",
                "somebody",
                List.of("attack.execution", "attack.t1059.001", "attack.T1027"),
                List.of("https://example.org"),
                List.of("Administrators"),
                "title: Encoded PowerShell\nid: " + id + "\n",
                new RuleOrigin("public", "https://rules.example/public", "abc", "DRL-1.1"));
    }

    /** An event of its own per number, a second after the one before. */
    public static Detection detection(TenantId tenant, String rule, String level, int number) {
        return Detection.onEvent(
                rule(rule, level),
                batch(tenant, number),
                0,
                List.of(new Match("process.cmd_line", "powershell -enc SQBFAFgA", "selection", "*-enc*")),
                false);
    }

    public static EventBatch batch(TenantId tenant, int number) {
        var batch = new EventBatch(tenant);
        batch.beginRow(new EventId(7, number), TIME.toEpochMilli(), -1, "test");
        batch.time(TIME.plusSeconds(number).toEpochMilli());
        batch.source(LogSource.of("windows", "process_creation", "sysmon"));
        batch.add(Field.of("device.hostname"), "WS-" + number % 10);
        batch.add(Field.of("process.file.path"), "C:\\Windows\\powershell.exe");
        batch.add(Field.of("process.name"), "powershell.exe");
        batch.add(Field.of("process.cmd_line"), "powershell -enc SQBFAFgA");
        batch.add(Field.of("process.parent_process.file.path"), "C:\\Office\\winword.exe");
        batch.add(Field.of("actor.user.name"), "CORP\\alice");
        batch.add(Field.of("src_endpoint.ip"), "-");
        batch.add(Field.of("process.file.hashes.value"), "d41d8cd98f00b204e9800998ecf8427e");
        batch.add(Field.of("process.file.hashes.value"), "D41D8CD98F00B204E9800998ECF8427E");
        batch.endRow();
        return batch;
    }
}
