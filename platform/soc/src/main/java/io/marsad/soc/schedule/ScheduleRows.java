package io.marsad.soc.schedule;

import io.marsad.db.Cron;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.identity.Owners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules as rows of the tenant that the connection is bound to. */
final class ScheduleRows {
    private static final String SELECT = "SELECT v.schedule_id, v.owner, " + Owners.NAME + ", v.name, v.description,"
            + " v.query, v.rule_id, v.view_id, v.cron, v.time_zone, v.max_hits, v.alert_level, v.alert_threshold,"
            + " v.enabled, v.log_offset, v.looked_until, v.planned_from, v.created_at, v.updated_at, v.version"
            + " FROM schedules v";

    private ScheduleRows() {}

    static List<Schedule> list(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement(SELECT + " ORDER BY lower(v.name), v.schedule_id");
                var rows = select.executeQuery()) {
            var all = new ArrayList<Schedule>();
            while (rows.next()) {
                all.add(read(rows));
            }
            return all;
        }
    }

    static @Nullable Schedule find(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(SELECT + " WHERE v.schedule_id = ?")) {
            select.setObject(1, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static int count(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*) FROM schedules");
                var rows = select.executeQuery()) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    static void insert(Connection connection, String tenant, Schedule schedule) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO schedules (name, description, query, rule_id, view_id,"
                        + " cron, time_zone, max_hits, alert_level, alert_threshold, updated_at, tenant_id, schedule_id, owner,"
                        + " enabled, log_offset, looked_until, planned_from, created_at, version)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")) {
            int at = content(insert, schedule.content(), schedule.updatedAt());
            insert.setString(at++, tenant);
            insert.setObject(at++, schedule.id().uuid());
            insert.setString(at++, schedule.owner());
            insert.setBoolean(at++, schedule.enabled());
            at = position(insert, at, schedule.position());
            insert.setTimestamp(at, Timestamp.from(schedule.createdAt()));
            insert.executeUpdate();
        }
    }

    /** False when it has another version now. */
    static boolean update(Connection connection, EventId id, Schedule.Content content, Instant now, int version)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE schedules SET name = ?, description = ?, query = ?,"
                + " rule_id = ?, view_id = ?, cron = ?, time_zone = ?, max_hits = ?, alert_level = ?,"
                + " alert_threshold = ?, updated_at = ?, planned_from = ?, version = version + 1"
                + " WHERE schedule_id = ? AND version = ?")) {
            int at = content(update, content, now);
            update.setTimestamp(at++, Timestamp.from(now));
            update.setObject(at++, id.uuid());
            update.setInt(at, version);
            return update.executeUpdate() == 1;
        }
    }

    static void enable(Connection connection, EventId id, boolean enabled, Schedule.Position from) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE schedules SET enabled = ?, log_offset = ?,"
                + " looked_until = ?, planned_from = ?, updated_at = ?, version = version + 1 WHERE schedule_id = ?")) {
            update.setBoolean(1, enabled);
            int at = position(update, 2, from);
            update.setTimestamp(at++, Timestamp.from(from.lookedUntil()));
            update.setObject(at, id.uuid());
            update.executeUpdate();
        }
    }

    static void advance(Connection connection, EventId id, Schedule.Position to) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE schedules SET log_offset = ?, looked_until = ?, planned_from = ? WHERE schedule_id = ?")) {
            int at = position(update, 1, to);
            update.setObject(at, id.uuid());
            update.executeUpdate();
        }
    }

    static void delete(Connection connection, EventId id) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM schedules WHERE schedule_id = ?")) {
            delete.setObject(1, id.uuid());
            delete.executeUpdate();
        }
    }

    private static int position(PreparedStatement into, int from, Schedule.Position position) throws SQLException {
        int at = from;
        into.setLong(at++, position.offset());
        into.setTimestamp(at++, Timestamp.from(position.lookedUntil()));
        into.setTimestamp(at++, Timestamp.from(position.plannedFrom()));
        return at;
    }

    private static int content(PreparedStatement into, Schedule.Content content, Instant now) throws SQLException {
        int at = 1;
        into.setString(at++, content.name());
        into.setString(at++, content.description());
        into.setString(at++, content.query());
        into.setString(at++, content.ruleId());
        var view = content.view();
        into.setObject(at++, view == null ? null : view.uuid());
        into.setString(at++, content.cron());
        into.setString(at++, content.zone());
        into.setInt(at++, content.maxHits());
        var raising = content.raising();
        into.setString(at++, raising == null ? null : raising.severity().word());
        into.setObject(at++, raising == null ? null : raising.threshold(), Types.BIGINT);
        into.setTimestamp(at++, Timestamp.from(now));
        return at;
    }

    private static Schedule read(ResultSet row) throws SQLException {
        var view = row.getString(8);
        var severity = row.getString(12);
        var content = new Schedule.Content(
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                view == null ? null : EventId.parse(view),
                row.getString(9),
                row.getString(10),
                row.getInt(11),
                severity == null ? null : new Schedule.Raising(Severity.ofWord(severity), row.getLong(13)));
        boolean enabled = row.getBoolean(14);
        var position = new Schedule.Position(
                row.getLong(15),
                row.getTimestamp(16).toInstant(),
                row.getTimestamp(17).toInstant());
        return new Schedule(
                EventId.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                content,
                enabled,
                position,
                enabled ? Cron.parse(content.cron(), content.zone()).next(position.plannedFrom()) : null,
                row.getTimestamp(18).toInstant(),
                row.getTimestamp(19).toInstant(),
                row.getInt(20));
    }
}
