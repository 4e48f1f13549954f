package io.marsad.soc.intel.service;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.intel.Indicator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction. */
final class SourceRows {
    private static final int LONGEST_FAILURE = 500;
    private static final int LONGEST_INDICATOR = 2_200;
    private static final int PRUNED_AT_ONCE = 100;

    /** Takes one of the budgets in the row, in one statement: two at once never take the last one twice. */
    private static final String TAKE = """
            UPDATE intel_sources SET minute = ?, minute_used = CASE minute WHEN ? THEN minute_used + 1 ELSE 1 END,
                day = ?, day_used = CASE day WHEN ? THEN day_used + 1 ELSE 1 END
            WHERE tenant_id = ? AND source = ? AND enabled AND (minute <> ? OR minute_used < per_minute)
                AND (day <> ? OR day_used < per_day)""";

    private SourceRows() {}

    /** A row as it is. */
    record Row(
            boolean enabled,
            int perMinute,
            int perDay,
            long minute,
            int minuteUsed,
            long day,
            int dayUsed,
            @Nullable Instant answered,
            @Nullable Instant failed,
            @Nullable String failure) {}

    /** An answer that was kept. */
    record Kept(String body, Instant asked) {}

    static Map<String, Row> all(Connection connection, String tenant) throws SQLException {
        var all = new HashMap<String, Row>();
        try (var select =
                connection.prepareStatement("SELECT source, enabled, per_minute, per_day, minute, minute_used, day,"
                        + " day_used, answered_at, failed_at, failure FROM intel_sources WHERE tenant_id = ?")) {
            select.setString(1, tenant);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.put(
                            rows.getString(1),
                            new Row(
                                    rows.getBoolean(2),
                                    rows.getInt(3),
                                    rows.getInt(4),
                                    rows.getLong(5),
                                    rows.getInt(6),
                                    rows.getLong(7),
                                    rows.getInt(8),
                                    time(rows, 9),
                                    time(rows, 10),
                                    rows.getString(11)));
                }
            }
        }
        return all;
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    static void put(Connection connection, String tenant, SourceSetting setting, Instant now) throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO intel_sources (tenant_id, source, enabled, per_minute,"
                + " per_day, updated_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, source) DO UPDATE SET"
                + " enabled = excluded.enabled, per_minute = excluded.per_minute, per_day = excluded.per_day,"
                + " updated_at = excluded.updated_at")) {
            put.setString(1, tenant);
            put.setString(2, setting.service().name());
            put.setBoolean(3, setting.enabled());
            put.setInt(4, setting.perMinute());
            put.setInt(5, setting.perDay());
            put.setTimestamp(6, Timestamp.from(now));
            put.executeUpdate();
        }
    }

    /** Takes one question of the budgets; false when they are used up. */
    static boolean take(Connection connection, String tenant, String source, Instant now) throws SQLException {
        long minute = now.getEpochSecond() / 60;
        long day = now.getEpochSecond() / 86_400;
        try (var take = connection.prepareStatement(TAKE)) {
            take.setLong(1, minute);
            take.setLong(2, minute);
            take.setLong(3, day);
            take.setLong(4, day);
            take.setString(5, tenant);
            take.setString(6, source);
            take.setLong(7, minute);
            take.setLong(8, day);
            return take.executeUpdate() == 1;
        }
    }

    static @Nullable Kept kept(Connection connection, String tenant, String source, Indicator asked, Instant now)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT body, asked_at FROM intel_answers"
                + " WHERE tenant_id = ? AND answer_id = ? AND expires_at > ?")) {
            select.setString(1, tenant);
            select.setObject(2, id(source, asked).uuid());
            select.setTimestamp(3, Timestamp.from(now));
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Kept(rows.getString(1), rows.getTimestamp(2).toInstant())
                        : null;
            }
        }
    }

    /** Keeps an answer, and forgets some that have expired. */
    static void keep(
            Connection connection, String tenant, String source, Indicator asked, Kept answer, Duration howLong)
            throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO intel_answers VALUES (?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id, answer_id) DO UPDATE SET body = excluded.body, asked_at = excluded.asked_at,"
                + " expires_at = excluded.expires_at")) {
            put.setString(1, tenant);
            put.setObject(2, id(source, asked).uuid());
            put.setString(3, source);
            var key = asked.key();
            put.setString(4, key.substring(0, Math.min(LONGEST_INDICATOR, key.length())));
            put.setString(5, answer.body().replace("\u0000", "\uFFFD")); // PostgreSQL keeps none
            put.setTimestamp(6, Timestamp.from(answer.asked()));
            put.setTimestamp(7, Timestamp.from(answer.asked().plus(howLong)));
            put.executeUpdate();
        }
        try (var prune = connection.prepareStatement("DELETE FROM intel_answers WHERE tenant_id = ? AND answer_id IN"
                + " (SELECT answer_id FROM intel_answers WHERE tenant_id = ? AND expires_at <= ? LIMIT "
                + PRUNED_AT_ONCE + ")")) {
            prune.setString(1, tenant);
            prune.setString(2, tenant);
            prune.setTimestamp(3, Timestamp.from(answer.asked()));
            prune.executeUpdate();
        }
        try (var update = connection.prepareStatement(
                "UPDATE intel_sources SET answered_at = ? WHERE tenant_id = ? AND source = ?")) {
            update.setTimestamp(1, Timestamp.from(answer.asked()));
            update.setString(2, tenant);
            update.setString(3, source);
            update.executeUpdate();
        }
    }

    static void failed(Connection connection, String tenant, String source, String failure, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE intel_sources SET failed_at = ?, failure = ? WHERE tenant_id = ? AND source = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, failure.substring(0, Math.min(LONGEST_FAILURE, failure.length())));
            update.setString(3, tenant);
            update.setString(4, source);
            update.executeUpdate();
        }
    }

    private static EventId id(String source, Indicator asked) {
        return EventId.derived("intel-answer", source, asked.key());
    }
}
