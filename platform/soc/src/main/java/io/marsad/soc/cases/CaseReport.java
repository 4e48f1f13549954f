package io.marsad.soc.cases;

import io.marsad.soc.alert.Confidence;
import io.marsad.soc.alert.Entity;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A case as a document for people who do not have the platform; the same for the same case and moment. */
public final class CaseReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private CaseReport() {}

    /**
     * Of what state of affairs a report is.
     *
     * @param entries of the chain of evidence
     * @param hash what the chain ends with, in hexadecimal; null when there is none
     */
    public record Made(
            String tenant,
            Instant at,
            long entries,
            @Nullable String hash) {
        private String chain() {
            return hash == null
                    ? "nothing was taken in"
                    : entries + (entries == 1 ? " entry" : " entries") + ", ends with SHA-256 " + hash;
        }
    }

    /** What comes from events is escaped: it is text and never markup. */
    public static String markdown(Case.Detail detail, Made made) {
        var kase = detail.kase();
        var text = new StringBuilder(4_096);
        text.append("# Case ")
                .append(kase.number())
                .append(": ")
                .append(safe(kase.title()))
                .append("\n\n");
        row(text, "Tenant", made.tenant);
        row(text, "Report made", time(made.at));
        row(text, "Chain of evidence", made.chain());
        row(text, "Status", kase.status().word());
        row(text, "Severity", kase.severity().word());
        row(text, "Owner", kase.assignee());
        row(text, "Opened", time(kase.createdAt()) + " by " + CaseWords.person(kase.openedBy()));
        row(text, "Alerts", Integer.toString(kase.alertCount()));
        row(text, "From", time(kase.firstTime()));
        row(text, "To", time(kase.lastTime()));
        row(text, "ATT&CK", String.join(", ", kase.tactics()) + " (" + String.join(", ", kase.attack()) + ")");
        var surest = detail.surest();
        row(text, "How sure", surest == null ? "not decided yet" : sure(surest.confidence()));
        text.append("\n").append(safe(detail.narrative())).append("\n");
        alerts(text, detail.alerts());
        entities(text, detail.alerts());
        if (!detail.observables().isEmpty()) {
            text.append("\n## Added by people\n\n");
            detail.observables()
                    .forEach(one -> text.append("- ")
                            .append(one.type())
                            .append(' ')
                            .append(safe(one.value()))
                            .append(one.note().isEmpty() ? "" : ": " + safe(one.note()))
                            .append('\n'));
        }
        if (!detail.tasks().isEmpty()) {
            text.append("\n## Tasks\n\n");
            detail.tasks()
                    .forEach(task -> text.append(task.doneAt() == null ? "- [ ] " : "- [x] ")
                            .append(safe(task.title()))
                            .append('\n'));
        }
        text.append("\n## What was done\n\n");
        detail.history()
                .forEach(entry -> text.append("- ")
                        .append(time(entry.at()))
                        .append(" **")
                        .append(entry.action().replace('_', ' '))
                        .append("** by ")
                        .append(safe(CaseWords.person(entry.actor())))
                        .append(": ")
                        .append(safe(entry.detail()))
                        .append('\n'));
        return text.toString();
    }

    private static String sure(Confidence confidence) {
        return confidence.label() == Confidence.Label.UNKNOWN
                ? "not measured"
                : confidence.score() + " of 100, " + confidence.label().word();
    }

    private static void alerts(StringBuilder text, List<Case.Linked> alerts) {
        text.append("\n## What happened\n\n");
        for (var linked : alerts) {
            var alert = linked.alert();
            text.append("- ")
                    .append(time(alert.firstTime()))
                    .append(" **")
                    .append(safe(alert.title()))
                    .append("** (")
                    .append(alert.severity().word())
                    .append(", ")
                    .append(alert.status().word())
                    .append(")\n  - ")
                    .append(safe(linked.why()))
                    .append('\n');
        }
    }

    private static void entities(StringBuilder text, List<Case.Linked> alerts) {
        var seen = new LinkedHashMap<String, Integer>();
        for (var linked : alerts) {
            for (Entity entity : linked.alert().entities()) {
                seen.merge(entity.kind().word() + " " + entity.value(), 1, Integer::sum);
            }
        }
        if (!seen.isEmpty()) {
            text.append("\n## Who and what it is about\n\n");
            seen.forEach((name, count) -> text.append("- ")
                    .append(safe(name))
                    .append(" (")
                    .append(CaseWords.alerts(count))
                    .append(")\n"));
        }
    }

    private static void row(StringBuilder text, String name, @Nullable String value) {
        text.append("- ")
                .append(name)
                .append(": ")
                .append(value == null ? "nobody" : safe(value))
                .append('\n');
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "unknown" : TIME.format(time);
    }

    private static String safe(String text) {
        return text.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\`*_{}\\[\\]<>#|!~])", "\\\\$1");
    }
}
