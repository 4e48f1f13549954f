package io.marsad.server.scan;

import io.marsad.ingest.scan.Finding;
import io.marsad.ingest.scan.ScanResult;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values with a header (RFC 4180). What a spreadsheet would take for a formula gets a {@code '} in front:
 * the values are an attacker's.
 */
final class CsvReport implements Report {
    private static final List<String> COLUMNS = List.of(
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

    @Override
    public void write(ScanResult result, Appendable out) throws IOException {
        line(out, COLUMNS);
        for (Finding finding : result.findings()) {
            var event = finding.event();
            var rule = finding.rule();
            line(
                    out,
                    Arrays.asList(
                            event.place().file(),
                            Long.toString(event.place().index()),
                            event.recordId(),
                            Instant.ofEpochMilli(event.time()).toString(),
                            event.channel(),
                            event.eventId(),
                            event.host(),
                            rule.id(),
                            rule.title(),
                            rule.level().text(),
                            String.join(" ", Attack.techniques(rule)),
                            String.join(" ", Attack.tactics(rule)),
                            matched(finding)));
        }
    }

    static String matched(Finding finding) {
        return finding.matched().stream()
                .map(one -> (one.field().isEmpty() ? "" : one.field() + "=") + (one.value() == null ? "" : one.value()))
                .collect(Collectors.joining("; "));
    }

    private static void line(Appendable out, List<? extends @Nullable String> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",");
            var value = values.get(i);
            cell(value == null ? "" : value, out);
        }
        out.append("\r\n");
    }

    private static void cell(String value, Appendable out) throws IOException {
        var safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        if (safe.indexOf(',') < 0 && safe.indexOf('"') < 0 && safe.indexOf('\n') < 0 && safe.indexOf('\r') < 0) {
            out.append(safe);
        } else {
            out.append('"').append(safe.replace("\"", "\"\"")).append('"');
        }
    }
}
