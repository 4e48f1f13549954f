package io.marsad.respond.trigger;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.cases.CaseReading;
import io.marsad.soc.suppression.Conditions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts and cases start a playbook: its {@code when}, read by the search language and answered by the matcher of
 * searches and rules. An alert is asked about as if it were an event: what it names stands where the event had it, and
 * besides that it has severity, title, rule, status, verdict, assignee, attack, tag, escalated, synthetic and firings.
 * Thread-safe.
 */
final class When {
    private static final int MOST_KEPT = 1_000;
    private static final String OF_FINDINGS = "evidences.";

    private static final Map<String, Field> FACTS = Map.of(
            "command", Field.of("process.cmd_line"),
            "parent", Field.of("process.parent_process.name"),
            "operation", Field.of("api.operation"),
            "service", Field.of("api.service.name"),
            "activity", Field.of("activity_name"));

    private final Conditions conditions;
    private final Map<String, CompiledPredicate> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompiledPredicate> eldest) {
            return size() > MOST_KEPT;
        }
    };

    When(Conditions conditions) {
        this.conditions = conditions;
    }

    /**
     * @param when null: all
     * @param asked of {@link #row}
     * @throws io.marsad.kernel.problem.ProblemException when it cannot be read (any more)
     */
    boolean fits(@Nullable String when, EventBatch asked) {
        return when == null || when.isBlank() || compiled(when).test(asked, 0);
    }

    private synchronized CompiledPredicate compiled(String when) {
        return kept.computeIfAbsent(when, text -> CompiledPredicate.of(conditions.read(text)))
                .copy();
    }

    static EventBatch row(TenantId tenant, AlertReading reading) {
        var alert = reading.alert();
        var row = row(tenant, alert.id(), alert.time().toEpochMilli());
        row.source(source(alert.logSource()));
        row.add(Field.of("kind"), "alert");
        row.add(Field.of("severity_id"), alert.severity().rank());
        row.add(Field.of("title"), alert.title());
        row.add(Field.of("rule"), alert.ruleId());
        row.add(Field.of("status"), alert.status().word());
        var verdict = alert.verdict();
        if (verdict != null) {
            row.add(Field.of("verdict"), verdict.word());
        }
        optional(row, "assignee", alert.assignee());
        texts(row, "attack", alert.attack());
        texts(row, "tag", alert.tags());
        row.add(Field.of("escalated"), Boolean.toString(alert.escalated()));
        row.add(Field.of("synthetic"), Boolean.toString(alert.synthetic()));
        row.add(Field.of("firings"), alert.count());
        entities(row, List.of(alert));
        for (Evidence evidence : reading.evidence()) {
            FACTS.forEach((fact, field) -> {
                var value = evidence.facts().get(fact);
                if (value != null) {
                    row.add(field, value);
                }
            });
        }
        row.endRow();
        return row;
    }

    static EventBatch row(TenantId tenant, CaseReading reading) {
        var kase = reading.kase();
        var row = row(tenant, kase.id(), kase.createdAt().toEpochMilli());
        row.add(Field.of("kind"), "case");
        row.add(Field.of("severity_id"), kase.severity().rank());
        row.add(Field.of("title"), kase.title());
        row.add(Field.of("status"), kase.status().word());
        optional(row, "assignee", kase.assignee());
        texts(row, "attack", kase.attack());
        texts(row, "tactic", kase.tactics());
        row.add(Field.of("alerts"), kase.alertCount());
        texts(
                row,
                "rule",
                reading.alerts().stream().map(Alert::ruleId).distinct().toList());
        texts(
                row,
                "tag",
                reading.alerts().stream()
                        .flatMap(alert -> alert.tags().stream())
                        .distinct()
                        .toList());
        entities(row, reading.alerts());
        row.endRow();
        return row;
    }

    private static EventBatch row(TenantId tenant, EventId id, long time) {
        var row = new EventBatch(tenant, 1, 64, 4_096);
        row.beginRow(id, time, -1, "");
        row.time(time);
        return row;
    }

    private static void optional(EventBatch row, String field, @Nullable String value) {
        if (value != null) {
            row.add(Field.of(field), value);
        }
    }

    private static void texts(EventBatch row, String field, List<String> values) {
        values.forEach(value -> row.add(Field.of(field), value));
    }

    private static void entities(EventBatch row, List<Alert> alerts) {
        Set<Entity> all = new LinkedHashSet<>();
        alerts.forEach(alert -> all.addAll(alert.entities()));
        for (Entity entity : all) {
            var path = entity.field();
            var field = Field.ofUntrusted(path.startsWith(OF_FINDINGS) ? path.substring(OF_FINDINGS.length()) : path);
            if (field != null) {
                row.add(field, entity.value());
            }
        }
    }

    /** Of the text that an alert keeps ({@link LogSource#toString}); the second of two parts may be either. */
    private static LogSource source(String text) {
        var parts = text.split("/", -1);
        return LogSource.of(part(parts, 0), part(parts, 1), part(parts, parts.length - 1 == 1 ? 1 : 2));
    }

    private static @Nullable String part(String[] parts, int at) {
        return at >= parts.length || parts[at].isEmpty() ? null : parts[at];
    }
}
