package io.marsad.soc.notify;

import io.marsad.db.vault.SecretName;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction. */
final class ChannelRows {
    static final String KIND = "notify";

    private static final int LONGEST_FAILURE = 500;
    private static final String COLUMNS = "channel_id, name, kind, target, min_severity, per_hour, enabled, version,"
            + " sent_at, failed_at, failure";

    /** Takes one of the hour's, in one statement: two at once never take the last one twice. */
    private static final String TAKE = """
            UPDATE notification_channels SET hour = ?, hour_used = CASE hour WHEN ? THEN hour_used + 1 ELSE 1 END
            WHERE tenant_id = ? AND channel_id = ? AND (hour <> ? OR hour_used < per_hour)""";

    private ChannelRows() {}

    static SecretName secret(UUID channel) {
        return new SecretName(KIND, channel.toString());
    }

    /** By name. @param secrets names of what the vault has */
    static List<Channel> list(Connection connection, TenantId tenant, Set<String> secrets) throws SQLException {
        var all = new ArrayList<Channel>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM notification_channels WHERE tenant_id = ? ORDER BY lower(name), channel_id")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows, secrets));
                }
            }
        }
        return all;
    }

    private static Channel read(ResultSet row, Set<String> secrets) throws SQLException {
        var id = row.getObject(1, UUID.class);
        var target = row.getString(4);
        var content = new Channel.Content(
                row.getString(2),
                Channel.Kind.ofWord(row.getString(3)),
                target,
                Severity.ofRank(row.getInt(5)),
                row.getInt(6),
                row.getBoolean(7));
        return new Channel(
                new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                content,
                target,
                secrets.contains(id.toString()),
                row.getInt(8),
                time(row, 9),
                time(row, 10),
                row.getString(11));
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    static void put(Connection connection, TenantId tenant, Channel channel, Instant now) throws SQLException {
        try (var put =
                connection.prepareStatement("INSERT INTO notification_channels (tenant_id, channel_id, name, kind,"
                        + " target, min_severity, per_hour, enabled, version, created_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, channel_id) DO UPDATE SET"
                        + " name = excluded.name, target = excluded.target, min_severity = excluded.min_severity,"
                        + " per_hour = excluded.per_hour, enabled = excluded.enabled, version = excluded.version,"
                        + " failed_at = NULL, failure = NULL, updated_at = excluded.updated_at")) {
            var content = channel.content();
            put.setString(1, tenant.value());
            put.setObject(2, channel.id().uuid());
            put.setString(3, content.name());
            put.setString(4, content.kind().word());
            put.setString(5, channel.target());
            put.setInt(6, content.least().rank());
            put.setInt(7, content.perHour());
            put.setBoolean(8, content.enabled());
            put.setInt(9, channel.version());
            put.setTimestamp(10, Timestamp.from(now));
            put.setTimestamp(11, Timestamp.from(now));
            put.executeUpdate();
        }
    }

    static void delete(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM notification_channels WHERE tenant_id = ? AND channel_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, id.uuid());
            delete.executeUpdate();
        }
    }

    /** Takes one message of the hour's; false when there is none left. */
    static boolean take(Connection connection, TenantId tenant, EventId channel, Instant now) throws SQLException {
        long hour = now.getEpochSecond() / 3_600;
        try (var take = connection.prepareStatement(TAKE)) {
            take.setLong(1, hour);
            take.setLong(2, hour);
            take.setString(3, tenant.value());
            take.setObject(4, channel.uuid());
            take.setLong(5, hour);
            return take.executeUpdate() == 1;
        }
    }

    /** How many were held back since something was sent. */
    static long held(Connection connection, TenantId tenant, Channel channel) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT count(*) FROM notifications n JOIN notification_channels c"
                        + " USING (tenant_id, channel_id) WHERE n.tenant_id = ? AND n.channel_id = ? AND n.state = 'held'"
                        + " AND (c.sent_at IS NULL OR n.at >= c.sent_at)")) {
            select.setString(1, tenant.value());
            select.setObject(2, channel.id().uuid());
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    static void sent(Connection connection, TenantId tenant, EventId channel, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE notification_channels SET sent_at = ?, failed_at = NULL,"
                + " failure = NULL WHERE tenant_id = ? AND channel_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant.value());
            update.setObject(3, channel.uuid());
            update.executeUpdate();
        }
    }

    static void failed(Connection connection, TenantId tenant, EventId channel, String why, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE notification_channels SET failed_at = ?, failure = ?"
                + " WHERE tenant_id = ? AND channel_id = ?")) {
            var text = why.replace('\u0000', '\uFFFD'); // PostgreSQL keeps none
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, text.substring(0, Math.min(LONGEST_FAILURE, text.length())));
            update.setString(3, tenant.value());
            update.setObject(4, channel.uuid());
            update.executeUpdate();
        }
    }

    /** That an alert was told there, or held back; false when the channel is gone. */
    static boolean told(
            Connection connection, TenantId tenant, EventId channel, UUID alert, Notification.State state, Instant now)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO notifications SELECT ?, ?, channel_id, ?, ?"
                + " FROM notification_channels WHERE tenant_id = ? AND channel_id = ? ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, alert);
            insert.setString(3, state.word());
            insert.setTimestamp(4, Timestamp.from(now));
            insert.setString(5, tenant.value());
            insert.setObject(6, channel.uuid());
            return insert.executeUpdate() == 1;
        }
    }

    /** Channels by alert that were told already, or not let. */
    static Map<UUID, Set<UUID>> told(Connection connection, TenantId tenant, List<UUID> alerts) throws SQLException {
        var told = new HashMap<UUID, Set<UUID>>();
        try (var select = connection.prepareStatement(
                "SELECT alert_id, channel_id FROM notifications WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", alerts.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    told.computeIfAbsent(rows.getObject(1, UUID.class), _ -> new java.util.HashSet<>())
                            .add(rows.getObject(2, UUID.class));
                }
            }
        }
        return told;
    }

    /** Newest first. */
    static List<Notification> newest(Connection connection, TenantId tenant, int most) throws SQLException {
        var all = new ArrayList<Notification>();
        try (var select = connection.prepareStatement("SELECT n.alert_id, a.title, c.name, n.state, n.at"
                + " FROM notifications n JOIN notification_channels c USING (tenant_id, channel_id)"
                + " JOIN alerts a USING (tenant_id, alert_id) WHERE n.tenant_id = ?"
                + " ORDER BY n.at DESC, n.alert_id, n.channel_id LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setInt(2, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var alert = rows.getObject(1, UUID.class);
                    all.add(new Notification(
                            new EventId(alert.getMostSignificantBits(), alert.getLeastSignificantBits()),
                            rows.getString(2),
                            rows.getString(3),
                            Notification.State.ofWord(rows.getString(4)),
                            rows.getTimestamp(5).toInstant()));
                }
            }
        }
        return all;
    }
}
