package io.marsad.soc.decision.service;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Thresholds;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of decisions and the kill switch. */
final class SettingsRows {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('marsad.decisions ' || ?, 0))";

    private SettingsRows() {}

    /**
     * Until the end of the transaction nobody else decides for the tenant or changes by what is decided. So once the kill
     * switch has been thrown, nothing is closed any more: whoever was closing has ended before.
     */
    static void lock(Connection connection, TenantId tenant) throws SQLException {
        try (var lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, tenant.value());
            lock.execute();
        }
    }

    static Settings now(Connection connection, TenantId tenant) throws SQLException {
        var stop = stop(connection, tenant);
        var newest = versions(connection, tenant, 1);
        var set = newest.isEmpty() ? Settings.OF_THE_HOUSE : newest.getFirst();
        return new Settings(
                set.version(), set.thresholds(), set.samplePercent(), set.reason(), set.madeBy(), set.madeAt(), stop);
    }

    /** Newest first. */
    static List<Settings> versions(Connection connection, TenantId tenant, int most) throws SQLException {
        var versions = new ArrayList<Settings>();
        try (var select = connection.prepareStatement("SELECT version, escalate, close, model, auto_close,"
                + " sample_percent, reason, made_by_name, made_at FROM decision_settings WHERE tenant_id = ?"
                + " ORDER BY version DESC LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setInt(2, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    versions.add(read(rows));
                }
            }
        }
        return versions;
    }

    private static Settings read(ResultSet row) throws SQLException {
        var thresholds = new Thresholds(
                row.getBigDecimal("escalate"),
                row.getBigDecimal("close"),
                row.getBigDecimal("model"),
                row.getBoolean("auto_close"));
        return new Settings(
                row.getInt("version"),
                thresholds,
                row.getInt("sample_percent"),
                row.getString("reason"),
                row.getString("made_by_name"),
                row.getTimestamp("made_at").toInstant(),
                null);
    }

    private static Settings.@Nullable Stop stop(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT reason, changed_by_name, changed_at FROM decision_switches WHERE tenant_id = ? AND stopped")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Settings.Stop(
                                rows.getString(1),
                                rows.getString(2),
                                rows.getTimestamp(3).toInstant())
                        : null;
            }
        }
    }

    /** @param subject who, as the audit log has it */
    static void add(Connection connection, TenantId tenant, Settings made, String subject) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO decision_settings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setInt(2, made.version());
            insert.setBigDecimal(3, made.thresholds().escalate());
            insert.setBigDecimal(4, made.thresholds().close());
            insert.setBigDecimal(5, made.thresholds().model());
            insert.setBoolean(6, made.thresholds().autoClose());
            insert.setInt(7, made.samplePercent());
            insert.setString(8, made.reason());
            insert.setString(9, subject);
            insert.setString(10, made.madeBy());
            insert.setTimestamp(11, made.madeAt() == null ? null : Timestamp.from(made.madeAt()));
            insert.executeUpdate();
        }
    }

    static void turn(Connection connection, TenantId tenant, boolean stopped, String reason, String by, Instant at)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO decision_switches VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET stopped = excluded.stopped, reason = excluded.reason,"
                + " changed_by_name = excluded.changed_by_name, changed_at = excluded.changed_at")) {
            insert.setString(1, tenant.value());
            insert.setBoolean(2, stopped);
            insert.setString(3, reason);
            insert.setString(4, by);
            insert.setTimestamp(5, Timestamp.from(at));
            insert.executeUpdate();
        }
    }
}
