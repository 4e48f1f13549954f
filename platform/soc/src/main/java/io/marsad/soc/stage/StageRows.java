package io.marsad.soc.stage;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stages of a tenant's rules, in its transaction. */
final class StageRows {
    private static final String COLUMNS = "rule_id, stage, reason, changed_by_name, changed_at, version";

    private StageRows() {}

    static Map<String, Stage> notActive(Connection connection, TenantId tenant, Collection<String> rules)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT rule_id, stage FROM rule_stages"
                + " WHERE tenant_id = ? AND rule_id = ANY (?) AND stage <> 'active'")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("text", rules.toArray()));
            var found = new HashMap<String, Stage>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), Stage.ofWord(rows.getString(2)));
                }
            }
            return Map.copyOf(found);
        }
    }

    static List<RuleStage> notActive(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM rule_stages"
                + " WHERE tenant_id = ? AND stage <> 'active' ORDER BY changed_at DESC, rule_id")) {
            select.setString(1, tenant.value());
            var all = new ArrayList<RuleStage>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
            return all;
        }
    }

    /** @param lock nobody else changes it until the transaction ends, as far as it was ever changed */
    static RuleStage find(Connection connection, TenantId tenant, String rule, boolean lock) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM rule_stages WHERE tenant_id = ? AND rule_id = ?" + (lock ? " FOR UPDATE" : ""))) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : RuleStage.untouched(rule);
            }
        }
    }

    static int count(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*) FROM rule_stages WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** @return whether the version before was still what is there */
    static boolean write(Connection connection, TenantId tenant, RuleStage after) throws SQLException {
        try (var upsert = connection.prepareStatement("INSERT INTO rule_stages AS s (tenant_id, rule_id, stage, reason,"
                + " changed_by_name, changed_at, version) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, rule_id)"
                + " DO UPDATE SET stage = excluded.stage, reason = excluded.reason, changed_by_name ="
                + " excluded.changed_by_name, changed_at = excluded.changed_at, version = excluded.version"
                + " WHERE s.version = excluded.version - 1")) {
            upsert.setString(1, tenant.value());
            upsert.setString(2, after.ruleId());
            upsert.setString(3, after.stage().word());
            upsert.setString(4, after.reason());
            upsert.setString(5, after.changedByName());
            upsert.setTimestamp(6, after.changedAt() == null ? null : Timestamp.from(after.changedAt()));
            upsert.setInt(7, after.version());
            return upsert.executeUpdate() == 1;
        }
    }

    private static RuleStage read(ResultSet row) throws SQLException {
        return new RuleStage(
                row.getString("rule_id"),
                Stage.ofWord(row.getString("stage")),
                row.getString("reason"),
                row.getString("changed_by_name"),
                row.getTimestamp("changed_at").toInstant(),
                row.getInt("version"));
    }
}
