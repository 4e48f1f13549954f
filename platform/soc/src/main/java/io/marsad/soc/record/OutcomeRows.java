package io.marsad.soc.record;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger of what became of alerts, per version of their rule. Only people's verdicts are outcomes. Stateless. */
public final class OutcomeRows {
    private static final String FOLLOW = """
            INSERT INTO rule_outcomes AS was (tenant_id, alert_id, rule_id, rule_version, fired_at, auto_decision,
                decided_at, escalated, human_override, disposition, disposed_at)
            SELECT a.tenant_id, a.alert_id, a.rule_id, a.rule_revision, a.created_at, d.decision, d.decided_at,
                a.escalated, (SELECT o.decision FROM decision_overrides o WHERE o.tenant_id = a.tenant_id
                    AND o.alert_id = a.alert_id ORDER BY o.seq DESC LIMIT 1),
                a.verdict, CASE WHEN a.verdict IS NULL THEN NULL ELSE a.updated_at END
            FROM alerts a LEFT JOIN decisions d ON d.tenant_id = a.tenant_id AND d.alert_id = a.alert_id
            WHERE a.tenant_id = ? AND a.alert_id = ANY (?) ORDER BY a.alert_id
            ON CONFLICT (tenant_id, alert_id) DO UPDATE SET auto_decision = excluded.auto_decision,
                decided_at = excluded.decided_at, escalated = was.escalated OR excluded.escalated,
                human_override = excluded.human_override, disposition = excluded.disposition,
                disposed_at = CASE WHEN was.disposition = excluded.disposition THEN was.disposed_at
                    ELSE excluded.disposed_at END""";
    private static final String COUNTS = """
             rule_id, rule_version, count(*) AS fired,
                count(*) FILTER (WHERE disposition = 'true_positive') AS tp,
                count(*) FILTER (WHERE disposition = 'benign') AS benign,
                count(*) FILTER (WHERE disposition = 'false_positive') AS fp,
                count(*) FILTER (WHERE auto_decision = 'escalate') AS escalate,
                count(*) FILTER (WHERE auto_decision = 'auto_close') AS auto_close,
                count(*) FILTER (WHERE auto_decision = 'human_review') AS review,
                count(*) FILTER (WHERE human_override IS NOT NULL) AS overridden,
                min(fired_at) AS first_at, max(fired_at) AS last_at
            FROM rule_outcomes WHERE tenant_id = ?""";

    private OutcomeRows() {}

    /** A rule as it was at one time. */
    public record Version(String ruleId, String version) {}

    /**
     * How a version has done.
     *
     * @param fired alerts, judged or not
     * @param overridden decisions that people changed
     */
    public record Done(
            Version version,
            long fired,
            Outcomes outcomes,
            long escalated,
            long autoClosed,
            long reviewed,
            long overridden,
            Instant first,
            Instant last) {}

    /** Makes the ledger say of these alerts what is now true of them, inside the tenant's transaction. */
    public static void follow(Connection connection, TenantId tenant, Collection<UUID> alerts) throws SQLException {
        try (var insert = connection.prepareStatement(FOLLOW)) {
            insert.setString(1, tenant.value());
            insert.setArray(2, connection.createArrayOf("uuid", alerts.toArray()));
            insert.executeUpdate();
        }
    }

    /** What people found the alerts of these versions to be; those of which there are none are left out. */
    public static Map<Version, Outcomes> outcomes(Connection connection, TenantId tenant, Collection<Version> versions)
            throws SQLException {
        var found = new HashMap<Version, Outcomes>();
        try (var select = connection.prepareStatement(
                "SELECT" + COUNTS + " AND disposition IS NOT NULL AND rule_id = ANY (?) AND rule_version = ANY (?)"
                        + " GROUP BY rule_id, rule_version")) {
            select.setString(1, tenant.value());
            select.setArray(2, texts(connection, versions.stream().map(Version::ruleId)));
            select.setArray(3, texts(connection, versions.stream().map(Version::version)));
            for (Done done : read(select)) {
                found.put(done.version, done.outcomes);
            }
        }
        return found;
    }

    private static java.sql.Array texts(Connection connection, java.util.stream.Stream<String> texts)
            throws SQLException {
        return connection.createArrayOf("text", texts.distinct().toArray());
    }

    /**
     * How the versions of one rule, or of all rules, have done, newest first.
     *
     * @param ruleId null: all rules
     * @param from only what fired from then on; null: from the beginning
     */
    public static List<Done> done(
            Connection connection, TenantId tenant, @Nullable String ruleId, @Nullable Instant from, int most)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT" + COUNTS
                + (ruleId == null ? "" : " AND rule_id = ?") + (from == null ? "" : " AND fired_at >= ?")
                + " GROUP BY rule_id, rule_version ORDER BY last_at DESC, rule_id, rule_version LIMIT ?")) {
            int at = 1;
            select.setString(at++, tenant.value());
            if (ruleId != null) {
                select.setString(at++, ruleId);
            }
            if (from != null) {
                select.setTimestamp(at++, Timestamp.from(from));
            }
            select.setInt(at, most);
            return read(select);
        }
    }

    /** How the version that raised the alert has done; null when the ledger does not have it. */
    static @Nullable Done ofAlert(Connection connection, TenantId tenant, UUID alert) throws SQLException {
        try (var select = connection.prepareStatement("SELECT" + COUNTS
                + " AND (rule_id, rule_version) = (SELECT rule_id, rule_version FROM rule_outcomes WHERE tenant_id = ?"
                + " AND alert_id = ?) GROUP BY rule_id, rule_version")) {
            select.setString(1, tenant.value());
            select.setString(2, tenant.value());
            select.setObject(3, alert);
            var found = read(select);
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    private static List<Done> read(PreparedStatement select) throws SQLException {
        var all = new ArrayList<Done>();
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                all.add(new Done(
                        new Version(rows.getString("rule_id"), rows.getString("rule_version")),
                        rows.getLong("fired"),
                        new Outcomes(rows.getLong("tp"), rows.getLong("benign"), rows.getLong("fp")),
                        rows.getLong("escalate"),
                        rows.getLong("auto_close"),
                        rows.getLong("review"),
                        rows.getLong("overridden"),
                        rows.getTimestamp("first_at").toInstant(),
                        rows.getTimestamp("last_at").toInstant()));
            }
        }
        return all;
    }
}
