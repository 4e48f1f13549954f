package io.marsad.server.scan;

import io.marsad.ingest.scan.Finding;
import io.marsad.ingest.scan.ScanResult;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A JSON object a line for each finding; keys are always all there, null where the event says nothing. */
final class NdjsonReport implements Report {
    @Override
    public void write(ScanResult result, Appendable out) throws IOException {
        var line = new JsonLine();
        for (Finding finding : result.findings()) {
            line.begin();
            row(finding, line);
            out.append(line.end()).append('\n');
        }
    }

    private static void row(Finding finding, JsonLine line) {
        var event = finding.event();
        var rule = finding.rule();
        line.text("file", event.place().file());
        line.number("record_index", event.place().index());
        id("record_id", event.recordId(), line);
        line.text("time", Instant.ofEpochMilli(event.time()).toString());
        line.text("channel", event.channel());
        id("event_id", event.eventId(), line);
        line.text("host", event.host());
        line.text("rule_id", rule.id());
        line.text("rule_title", rule.title());
        line.text("level", rule.level().text());
        line.texts("attack", Attack.techniques(rule));
        line.texts("tactics", Attack.tactics(rule));
        line.objects("matched", finding.matched(), NdjsonReport::matched);
        if (!finding.members().isEmpty()) {
            line.objects("events", finding.members(), NdjsonReport::member);
        }
    }

    private static void matched(Finding.Matched matched, JsonLine line) {
        line.text("selection", matched.selection());
        line.text("field", matched.field());
        line.text("value", matched.value());
        line.text("pattern", matched.pattern());
    }

    private static void member(Finding.Place place, JsonLine line) {
        line.text("file", place.file());
        line.number("record_index", place.index());
    }

    /** A number where it is one. */
    private static void id(String key, @Nullable String value, JsonLine line) {
        boolean number = value != null
                && !value.isEmpty()
                && value.length() < 19
                && value.chars().allMatch(c -> c >= '0' && c <= '9')
                && (value.length() == 1 || value.charAt(0) != '0');
        if (number && value != null) {
            line.number(key, Long.parseLong(value));
        } else {
            line.text(key, value);
        }
    }
}
