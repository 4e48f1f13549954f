package io.marsad.soc.decision.service;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Decision;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.Measures;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.service.KeptDecision.Override;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decisions and overrides as rows. */
final class DecisionRows {
    private static final String COLUMNS = "d.alert_id, d.decision, d.rule_triggered, d.review_reason, d.confidence,"
            + " d.settings_version, d.effect, d.decided_at, d.audit_seq, a.title, a.rule_id, a.severity, a.status,"
            + " a.verdict, (SELECT o.decision FROM decision_overrides o WHERE o.tenant_id = d.tenant_id"
            + " AND o.alert_id = d.alert_id ORDER BY o.seq DESC LIMIT 1) AS override";
    private static final String FROM =
            " FROM decisions d JOIN alerts a ON a.tenant_id = d.tenant_id AND a.alert_id = d.alert_id"
                    + " WHERE d.tenant_id = ?";

    private DecisionRows() {}

    /** Which of these alerts have their decision. */
    static Set<UUID> decided(Connection connection, TenantId tenant, Collection<UUID> ids) throws SQLException {
        var decided = new HashSet<UUID>();
        try (var select = connection.prepareStatement(
                "SELECT alert_id FROM decisions WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    decided.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return decided;
    }

    /** Those of these alerts that have no decision yet. */
    static List<Subject> open(Connection connection, TenantId tenant, Collection<UUID> ids) throws SQLException {
        var decided = decided(connection, tenant, ids);
        var open = ids.stream().filter(id -> !decided.contains(id)).toList();
        if (open.isEmpty()) {
            return List.of();
        }
        var bodies = new HashMap<UUID, String>();
        try (var select = connection.prepareStatement(
                "SELECT alert_id, body FROM submitted_alerts WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", open.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    bodies.put(rows.getObject(1, UUID.class), rows.getString(2));
                }
            }
        }
        var subjects = new ArrayList<Subject>();
        for (AlertReading reading : AlertReading.of(connection, tenant, open)) {
            subjects.add(Subject.of(reading, bodies.get(reading.alert().id().uuid())));
        }
        return subjects;
    }

    /**
     * A decision that is to be kept.
     *
     * @param settings the version by which it was made
     */
    record Made(Decision decision, Measures measures, int settings, Effect effect, long auditSeq) {}

    /** @throws SQLException when one of the alerts has its decision: one per alert, whoever was quicker */
    static void insert(Connection connection, TenantId tenant, List<Made> all) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)")) {
            for (Made made : all) {
                var decision = made.decision;
                var rule = decision.explanation().ruleTriggered();
                var review = decision.explanation().reviewReason();
                insert.setString(1, tenant.value());
                insert.setObject(2, decision.alertId().uuid());
                insert.setString(3, decision.ruling().word());
                insert.setString(4, rule == null ? null : rule.word());
                insert.setString(5, review == null ? null : review.word());
                insert.setBigDecimal(6, decision.confidence().fraction());
                insert.setString(7, made.measures.json());
                insert.setString(8, DecisionJson.text(decision));
                insert.setInt(9, made.settings);
                insert.setString(10, made.effect.word());
                insert.setTimestamp(11, Timestamp.from(decision.processedAt()));
                insert.setLong(12, made.auditSeq);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static @Nullable KeptDecision find(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT " + COLUMNS + ", d.explanation" + FROM + " AND d.alert_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? read(rows, rows.getString("explanation"), overrides(connection, tenant, id))
                        : null;
            }
        }
    }

    /** Newest first. */
    static List<KeptDecision> list(
            Connection connection, TenantId tenant, @Nullable Ruling ruling, boolean sampled, int most)
            throws SQLException {
        var found = new ArrayList<KeptDecision>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + FROM
                + (ruling == null ? "" : " AND d.decision = ?") + (sampled ? " AND d.effect = 'sampled'" : "")
                + " ORDER BY d.decided_at DESC, d.alert_id DESC LIMIT ?")) {
            int at = 1;
            select.setString(at++, tenant.value());
            if (ruling != null) {
                select.setString(at++, ruling.word());
            }
            select.setInt(at, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(read(rows, null, List.of()));
                }
            }
        }
        return found;
    }

    private static KeptDecision read(ResultSet row, @Nullable String explanation, List<Override> overrides)
            throws SQLException {
        var verdict = row.getString("verdict");
        var override = row.getString("override");
        return new KeptDecision(
                id(row),
                Ruling.ofWord(row.getString("decision")),
                row.getString("rule_triggered"),
                row.getString("review_reason"),
                row.getBigDecimal("confidence"),
                row.getInt("settings_version"),
                Effect.ofWord(row.getString("effect")),
                row.getTimestamp("decided_at").toInstant(),
                row.getLong("audit_seq"),
                new KeptDecision.Of(
                        row.getString("title"),
                        row.getString("rule_id"),
                        io.marsad.soc.alert.Severity.ofRank(row.getInt("severity")),
                        row.getString("status"),
                        verdict == null ? null : Verdict.ofWord(verdict)),
                override == null ? null : Ruling.ofWord(override),
                explanation,
                overrides);
    }

    private static EventId id(ResultSet row) throws SQLException {
        var uuid = row.getObject("alert_id", UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    static List<Override> overrides(Connection connection, TenantId tenant, EventId id) throws SQLException {
        var all = new ArrayList<Override>();
        try (var select = connection.prepareStatement("SELECT decision, verdict, reason, actor_name, made_at"
                + " FROM decision_overrides WHERE tenant_id = ? AND alert_id = ? ORDER BY seq")) {
            select.setString(1, tenant.value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var verdict = rows.getString(2);
                    all.add(new Override(
                            Ruling.ofWord(rows.getString(1)),
                            verdict == null ? null : Verdict.ofWord(verdict),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getTimestamp(5).toInstant()));
                }
            }
        }
        return all;
    }

    /** Behind those that there are; nobody else adds one, because the alert is locked. */
    static void add(
            Connection connection, TenantId tenant, EventId id, Override override, String subject, long auditSeq)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO decision_overrides SELECT ?, ?, 1 + count(*),"
                + " ?, ?, ?, ?, ?, ?, ? FROM decision_overrides WHERE tenant_id = ? AND alert_id = ?")) {
            var verdict = override.verdict();
            insert.setString(1, tenant.value());
            insert.setObject(2, id.uuid());
            insert.setString(3, override.decision().word());
            insert.setString(4, verdict == null ? null : verdict.word());
            insert.setString(5, override.reason());
            insert.setString(6, subject);
            insert.setString(7, override.by());
            insert.setTimestamp(8, Timestamp.from(override.at()));
            insert.setLong(9, auditSeq);
            insert.setString(10, tenant.value());
            insert.setObject(11, id.uuid());
            insert.executeUpdate();
        }
    }

    /** What one decision of the past rested on, and what the alert turned out to be. */
    record Past(
            EventId id,
            String title,
            Ruling ruling,
            Measures measures,
            @Nullable Verdict verdict) {}

    /**
     * Newest first.
     *
     * @param to exclusive; null: up to now
     */
    static List<Past> past(Connection connection, TenantId tenant, Instant from, @Nullable Instant to, int most)
            throws SQLException {
        var all = new ArrayList<Past>();
        try (var select = connection.prepareStatement("SELECT d.alert_id, d.decision, d.measures, a.title, a.verdict"
                + FROM + " AND d.decided_at >= ?" + (to == null ? "" : " AND d.decided_at < ?")
                + " ORDER BY d.decided_at DESC, d.alert_id DESC LIMIT ?")) {
            int at = 1;
            select.setString(at++, tenant.value());
            select.setTimestamp(at++, Timestamp.from(from));
            if (to != null) {
                select.setTimestamp(at++, Timestamp.from(to));
            }
            select.setInt(at, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var verdict = rows.getString("verdict");
                    all.add(new Past(
                            id(rows),
                            rows.getString("title"),
                            Ruling.ofWord(rows.getString("decision")),
                            Measures.read(rows.getString("measures")),
                            verdict == null ? null : Verdict.ofWord(verdict)));
                }
            }
        }
        return all;
    }

    /** How the sampled ones turned out: how many there are, were judged, and were attacks that would have been closed. */
    static KeptDecision.Sampled sampled(Connection connection, TenantId tenant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*),"
                + " count(*) FILTER (WHERE a.verdict IN ('true_positive', 'false_positive', 'benign')),"
                + " count(*) FILTER (WHERE a.verdict = 'true_positive')" + FROM + " AND d.effect = 'sampled'")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                rows.next();
                return new KeptDecision.Sampled(rows.getLong(1), rows.getLong(2), rows.getLong(3));
            }
        }
    }

    /**
     * How many of each there are since then.
     *
     * @param to exclusive; null: up to now
     */
    static Map<Ruling, Long> counts(Connection connection, TenantId tenant, Instant from, @Nullable Instant to)
            throws SQLException {
        var counts = new java.util.EnumMap<Ruling, Long>(Ruling.class);
        for (Ruling ruling : Ruling.values()) {
            counts.put(ruling, 0L);
        }
        try (var select = connection.prepareStatement("SELECT decision, count(*) FROM decisions WHERE tenant_id = ?"
                + " AND decided_at >= ?" + (to == null ? "" : " AND decided_at < ?") + " GROUP BY decision")) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(from));
            if (to != null) {
                select.setTimestamp(3, Timestamp.from(to));
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.put(Ruling.ofWord(rows.getString(1)), rows.getLong(2));
                }
            }
        }
        return counts;
    }
}
