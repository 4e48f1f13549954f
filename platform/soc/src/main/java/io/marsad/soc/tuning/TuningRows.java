package io.marsad.soc.tuning;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.stage.Stage;
import io.marsad.soc.tuning.TuningPreview.Attack;
import io.marsad.soc.tuning.TuningPreview.Culprit;
import io.marsad.soc.tuning.TuningPreview.Lost;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of acts, and alerts as previews count them, in the tenant's transaction. */
final class TuningRows {
    private static final int CULPRITS = 5;
    private static final int ATTACKS = 10;
    private static final String OF_RULE = " FROM alerts AS a WHERE a.tenant_id = ? AND a.rule_id = ? AND a.time >= ?";
    private static final String NAMING = " AND (?::text IS NULL OR EXISTS (SELECT FROM alert_entities AS e"
            + " WHERE e.tenant_id = a.tenant_id AND e.alert_id = a.alert_id AND e.entity_key = ?))";

    private TuningRows() {}

    /** @param entity in lower case; null for all of the rule's alerts */
    static Lost lost(Connection connection, TenantId tenant, String rule, Instant from, @Nullable String entity)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*), coalesce(sum(a.firings), 0),"
                + " count(*) FILTER (WHERE a.verdict = 'true_positive'), count(*) FILTER (WHERE a.verdict = 'benign'),"
                + " count(*) FILTER (WHERE a.verdict = 'false_positive'), count(*) FILTER (WHERE a.verdict IS NULL)"
                + OF_RULE + NAMING)) {
            bind(select, tenant, rule, from, entity);
            try (var rows = select.executeQuery()) {
                rows.next();
                return new Lost(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getLong(3),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getLong(6));
            }
        }
    }

    static boolean hasAlerts(Connection connection, TenantId tenant, String rule) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT EXISTS (SELECT FROM alerts WHERE tenant_id = ? AND rule_id = ?)")) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            try (var rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    static List<Attack> attacks(
            Connection connection, TenantId tenant, String rule, Instant from, @Nullable String entity)
            throws SQLException {
        var attacks = new ArrayList<Attack>();
        try (var select = connection.prepareStatement("SELECT a.alert_id, a.time, a.title" + OF_RULE + NAMING
                + " AND a.verdict = 'true_positive' ORDER BY a.time DESC, a.alert_id LIMIT " + ATTACKS)) {
            bind(select, tenant, rule, from, entity);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    attacks.add(new Attack(
                            id(rows, "alert_id"), rows.getTimestamp("time").toInstant(), rows.getString("title")));
                }
            }
        }
        return attacks;
    }

    /** Of those who caused as many false ones, whoever is in fewer attacks, and who rather than by what program. */
    static List<Culprit> culprits(Connection connection, TenantId tenant, String rule, Instant from)
            throws SQLException {
        var worst = new ArrayList<Culprit>();
        try (var select = connection.prepareStatement("SELECT e.kind, e.entity_key, count(*) AS n,"
                + " count(*) FILTER (WHERE a.verdict = 'false_positive') AS wrong,"
                + " count(*) FILTER (WHERE a.verdict = 'true_positive') AS attacks"
                + " FROM alerts AS a JOIN alert_entities AS e USING (tenant_id, alert_id)"
                + " WHERE tenant_id = ? AND a.rule_id = ? AND a.time >= ? GROUP BY e.kind, e.entity_key"
                + " HAVING count(*) FILTER (WHERE a.verdict = 'false_positive') > 0"
                + " ORDER BY wrong DESC, attacks, coalesce(array_position(ARRAY['user', 'account', 'host', 'ip',"
                + " 'container', 'email', 'domain'], e.kind), 99), n, e.entity_key LIMIT " + CULPRITS)) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            select.setTimestamp(3, Timestamp.from(from));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    worst.add(new Culprit(
                            rows.getString("kind"),
                            rows.getString("entity_key"),
                            rows.getLong("n"),
                            rows.getLong("wrong"),
                            rows.getLong("attacks")));
                }
            }
        }
        return worst;
    }

    private static void bind(
            PreparedStatement select, TenantId tenant, String rule, Instant from, @Nullable String entity)
            throws SQLException {
        select.setString(1, tenant.value());
        select.setString(2, rule);
        select.setTimestamp(3, Timestamp.from(from));
        select.setObject(4, entity, Types.VARCHAR);
        select.setObject(5, entity, Types.VARCHAR);
    }

    static void insert(Connection connection, TenantId tenant, TuningAct act) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO tuning_acts (tenant_id, act_id, rule_id, lane, act,"
                + " entity, suppression_id, stage_before, stage_version, reason, lost, lost_attacks, made_by_name, made_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, act.id().uuid());
            insert.setString(3, act.ruleId());
            insert.setString(4, act.lane());
            insert.setString(5, act.does().kind().word());
            insert.setNull(6, Types.VARCHAR);
            insert.setNull(7, Types.OTHER);
            insert.setNull(8, Types.VARCHAR);
            insert.setNull(9, Types.INTEGER);
            switch (act.does()) {
                case TuningAct.Suppressed one -> {
                    insert.setString(6, one.entity());
                    insert.setObject(7, one.suppression().uuid());
                }
                case TuningAct.Staged one -> {
                    insert.setString(8, one.before().word());
                    insert.setInt(9, one.version());
                }
            }
            insert.setString(10, act.reason());
            insert.setLong(11, act.lost());
            insert.setLong(12, act.lostAttacks());
            insert.setString(13, act.madeByName());
            insert.setTimestamp(14, Timestamp.from(act.madeAt()));
            insert.executeUpdate();
        }
    }

    static List<TuningAct> newest(Connection connection, TenantId tenant, int most) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT * FROM tuning_acts WHERE tenant_id = ? ORDER BY made_at DESC, act_id LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setInt(2, most);
            var all = new ArrayList<TuningAct>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
            return all;
        }
    }

    static @Nullable TuningAct lock(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT * FROM tuning_acts WHERE tenant_id = ? AND act_id = ? FOR UPDATE")) {
            select.setString(1, tenant.value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static void undone(Connection connection, TenantId tenant, EventId id, TuningAct.Undone undone)
            throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE tuning_acts SET undone_by_name = ?, undone_at = ? WHERE tenant_id = ? AND act_id = ?")) {
            update.setString(1, undone.byName());
            update.setTimestamp(2, Timestamp.from(undone.at()));
            update.setString(3, tenant.value());
            update.setObject(4, id.uuid());
            update.executeUpdate();
        }
    }

    private static TuningAct read(ResultSet row) throws SQLException {
        var kind = TuningAct.Kind.ofWord(row.getString("act"));
        var undoneAt = row.getTimestamp("undone_at");
        var does = kind == TuningAct.Kind.SUPPRESS
                ? new TuningAct.Suppressed(row.getString("entity"), id(row, "suppression_id"))
                : new TuningAct.Staged(kind, Stage.ofWord(row.getString("stage_before")), row.getInt("stage_version"));
        return new TuningAct(
                id(row, "act_id"),
                row.getString("rule_id"),
                row.getString("lane"),
                does,
                row.getString("reason"),
                row.getLong("lost"),
                row.getLong("lost_attacks"),
                row.getString("made_by_name"),
                row.getTimestamp("made_at").toInstant(),
                undoneAt == null ? null : new TuningAct.Undone(row.getString("undone_by_name"), undoneAt.toInstant()));
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
