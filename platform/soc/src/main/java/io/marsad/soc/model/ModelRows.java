package io.marsad.soc.model;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The table, in the tenant's transaction. */
final class ModelRows {
    private static final int LONGEST_FAILURE = 500;

    /** Takes a call and its most tokens in one statement: two at once never take the last one twice. */
    private static final String TAKE = """
            UPDATE model_settings SET day = ?,
                calls_used = CASE day WHEN ? THEN calls_used + 1 ELSE 1 END,
                tokens_used = CASE day WHEN ? THEN tokens_used + ? ELSE ? END
            WHERE tenant_id = ? AND version = ? AND enabled AND ? <= tokens_per_day
                AND (day <> ? OR (calls_used < calls_per_day AND tokens_used + ? <= tokens_per_day))""";

    private ModelRows() {}

    /** Null when the tenant has none. */
    static @Nullable ModelSetting find(Connection connection, String tenant, boolean hasKey, Instant now)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT version, enabled, provider, url, model, seconds,"
                + " calls_per_day, tokens_per_day, day, calls_used, tokens_used, answered_at, failed_at, failure"
                + " FROM model_settings WHERE tenant_id = ?")) {
            select.setString(1, tenant);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                boolean today = rows.getLong(9) == day(now);
                var content = new ModelContent(
                        rows.getBoolean(2),
                        ModelProvider.ofWord(rows.getString(3)),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getInt(6),
                        rows.getInt(7),
                        rows.getLong(8),
                        null);
                return new ModelSetting(
                        rows.getLong(1),
                        content,
                        hasKey,
                        today ? rows.getInt(10) : 0,
                        today ? rows.getLong(11) : 0,
                        time(rows, 12),
                        time(rows, 13),
                        rows.getString(14));
            }
        }
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    static void put(Connection connection, String tenant, ModelContent content, Instant now) throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO model_settings (tenant_id, version, enabled, provider,"
                + " url, model, seconds, calls_per_day, tokens_per_day, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET"
                + " version = greatest(model_settings.version + 1, excluded.version), enabled = excluded.enabled,"
                + " provider = excluded.provider, url = excluded.url, model = excluded.model,"
                + " seconds = excluded.seconds, calls_per_day = excluded.calls_per_day,"
                + " tokens_per_day = excluded.tokens_per_day, updated_at = excluded.updated_at, failed_at = NULL,"
                + " failure = NULL")) {
            put.setString(1, tenant);
            put.setLong(2, now.toEpochMilli());
            put.setBoolean(3, content.enabled());
            put.setString(4, content.provider().word());
            put.setString(5, content.url());
            put.setString(6, content.model());
            put.setInt(7, content.seconds());
            put.setInt(8, content.callsPerDay());
            put.setLong(9, content.tokensPerDay());
            put.setTimestamp(10, Timestamp.from(now));
            put.executeUpdate();
        }
    }

    static boolean remove(Connection connection, String tenant) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM model_settings WHERE tenant_id = ?")) {
            delete.setString(1, tenant);
            return delete.executeUpdate() == 1;
        }
    }

    /** False when the day's are used up, or the setting is another one by now. */
    static boolean take(Connection connection, String tenant, long version, int tokens, Instant now)
            throws SQLException {
        long day = day(now);
        try (var take = connection.prepareStatement(TAKE)) {
            take.setLong(1, day);
            take.setLong(2, day);
            take.setLong(3, day);
            take.setLong(4, tokens);
            take.setLong(5, tokens);
            take.setString(6, tenant);
            take.setLong(7, version);
            take.setLong(8, tokens);
            take.setLong(9, day);
            take.setLong(10, tokens);
            return take.executeUpdate() == 1;
        }
    }

    /**
     * Gives back what was taken and not needed, and keeps how it went.
     *
     * @param taken at which time
     * @param unused tokens
     * @param failure null when it answered
     */
    static void settle(Connection connection, String tenant, Instant taken, long unused, @Nullable String failure)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE model_settings SET"
                + " tokens_used = CASE day WHEN ? THEN greatest(0, tokens_used - ?) ELSE tokens_used END,"
                + " answered_at = CASE WHEN ?::text IS NULL THEN ? ELSE answered_at END,"
                + " failed_at = CASE WHEN ?::text IS NULL THEN failed_at ELSE ? END, failure = coalesce(?, failure)"
                + " WHERE tenant_id = ?")) {
            @Nullable
            String kept = failure == null ? null : failure.substring(0, Math.min(LONGEST_FAILURE, failure.length()));
            update.setLong(1, day(taken));
            update.setLong(2, unused);
            update.setString(3, kept);
            update.setTimestamp(4, Timestamp.from(taken));
            update.setString(5, kept);
            update.setTimestamp(6, Timestamp.from(taken));
            update.setString(7, kept == null ? null : kept.replace("\u0000", "\uFFFD"));
            update.setString(8, tenant);
            update.executeUpdate();
        }
    }

    private static long day(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 86_400L);
    }
}
