package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.suppression.Suppression.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stored alerts against a suppression that is not there yet. */
final class PreviewRows {
    static final int DAYS = 30;
    static final int MOST_LOOKED_AT = 1_000;

    private static final int EXAMPLES = 20;

    private PreviewRows() {}

    /** @param newest of all that fit rules and entity */
    record Candidates(long all, List<Candidate> newest) {}

    record Candidate(
            Preview.Example alert,
            String ruleId,
            long firings,
            boolean truePositive,
            @Nullable EventId event) {}

    static Candidates find(Connection connection, TenantId tenant, Content content, Instant now) throws SQLException {
        var where = new StringBuilder(" FROM alerts WHERE tenant_id = ? AND created_at >= ?");
        if (!content.rules().isEmpty()) {
            where.append(" AND rule_id = ANY (?)");
        }
        if (content.entity() != null) {
            where.append(
                    " AND alert_id IN (SELECT alert_id FROM alert_entities WHERE tenant_id = ? AND entity_key = ?)");
        }
        var newest = new ArrayList<Candidate>();
        long all = 0;
        try (var select =
                connection.prepareStatement("SELECT alert_id, time, title, severity, status, rule_id, firings,"
                        + " verdict, event_ids[1] AS event, count(*) OVER () AS n" + where
                        + " ORDER BY time DESC, alert_id LIMIT " + MOST_LOOKED_AT)) {
            int at = 1;
            select.setString(at++, tenant.value());
            select.setTimestamp(at++, Timestamp.from(now.minus(Duration.ofDays(DAYS))));
            if (!content.rules().isEmpty()) {
                select.setArray(
                        at++, connection.createArrayOf("text", content.rules().toArray()));
            }
            if (content.entity() != null) {
                select.setString(at++, tenant.value());
                select.setString(at, content.entity());
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all = rows.getLong("n");
                    var example = new Preview.Example(
                            SuppressionRows.id(rows, "alert_id"),
                            rows.getTimestamp("time").toInstant(),
                            rows.getString("title"),
                            Severity.ofRank(rows.getInt("severity")).word(),
                            rows.getString("status"));
                    newest.add(new Candidate(
                            example,
                            rows.getString("rule_id"),
                            rows.getLong("firings"),
                            "true_positive".equals(rows.getString("verdict")),
                            rows.getString("event") == null ? null : SuppressionRows.id(rows, "event")));
                }
            }
        }
        return new Candidates(all, newest);
    }

    static Preview judge(TenantId tenant, Candidates candidates, @Nullable CompiledPredicate condition, Events events) {
        var byRule = new HashMap<String, Preview.OfRule>();
        var examples = new ArrayList<Preview.Example>();
        int hidden = 0;
        int gone = 0;
        for (var one : candidates.newest()) {
            if (condition != null) {
                var event = event(tenant, one, events);
                if (event == null) {
                    gone++;
                    continue;
                }
                if (!condition.test(event, 0)) {
                    continue;
                }
            }
            hidden++;
            int missed = one.truePositive() ? 1 : 0;
            var of = new Preview.OfRule(one.ruleId(), one.alert().title(), 1, one.firings(), missed);
            byRule.merge(
                    one.ruleId(),
                    of,
                    (a, b) -> new Preview.OfRule(
                            a.ruleId(),
                            a.title(),
                            a.alerts() + b.alerts(),
                            a.firings() + b.firings(),
                            a.truePositives() + b.truePositives()));
            if (examples.size() < EXAMPLES) {
                examples.add(one.alert());
            }
        }
        var rules = byRule.values().stream()
                .sorted(Comparator.comparingInt(Preview.OfRule::alerts)
                        .reversed()
                        .thenComparing(Preview.OfRule::ruleId))
                .toList();
        return new Preview(DAYS, candidates.all(), candidates.newest().size(), hidden, gone, rules, examples);
    }

    private static @Nullable EventBatch event(TenantId tenant, Candidate one, Events events) {
        try {
            var id = one.event();
            var batch = id == null ? null : events.find(tenant, id);
            return batch == null || batch.rows() == 0 ? null : batch;
        } catch (IOException e) {
            throw new UncheckedIOException("the evidence of an alert cannot be read", e);
        }
    }
}
