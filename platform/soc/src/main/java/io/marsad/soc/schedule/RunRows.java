package io.marsad.soc.schedule;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.LogRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs of schedules as rows of the tenant that the connection is bound to. */
final class RunRows {
    private static final String COLUMNS = "run_id, schedule_id, state, started_at, ended_at, from_time, to_time, hits,"
            + " exact, kept, scanned_events, took_ms, missed, error, alert_id";

    private RunRows() {}

    /** How a run ended. */
    record Ending(
            ScheduleRun.State state,
            Instant at,
            ScheduleRun.Outcome outcome,
            @Nullable String answer,
            @Nullable String error,
            @Nullable EventId alert) {}

    static void insert(Connection connection, String tenant, ScheduleRun run, LogRange window) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO schedule_runs (tenant_id, run_id, schedule_id, state,"
                        + " started_at, from_time, to_time, from_offset, to_offset, hits, exact, kept, missed, scanned_events,"
                        + " took_ms) VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?, 0, true, 0, ?, 0, 0)")) {
            insert.setString(1, tenant);
            insert.setObject(2, run.id().uuid());
            insert.setObject(3, run.schedule().uuid());
            insert.setTimestamp(4, Timestamp.from(run.startedAt()));
            insert.setTimestamp(5, Timestamp.from(run.from()));
            insert.setTimestamp(6, Timestamp.from(run.to()));
            insert.setLong(7, window.from());
            insert.setLong(8, window.to());
            insert.setInt(9, run.missed());
            insert.executeUpdate();
        }
    }

    static void end(Connection connection, EventId id, Ending ending) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE schedule_runs SET state = ?, ended_at = ?, hits = ?,"
                + " exact = ?, kept = ?, scanned_events = ?, took_ms = ?, answer = ?, error = ?, alert_id = ?"
                + " WHERE run_id = ?")) {
            update.setString(1, ending.state().word());
            update.setTimestamp(2, Timestamp.from(ending.at()));
            update.setLong(3, ending.outcome().hits());
            update.setBoolean(4, ending.outcome().exact());
            update.setInt(5, ending.outcome().kept());
            update.setLong(6, ending.outcome().scannedEvents());
            update.setDouble(7, ending.outcome().tookMillis());
            update.setString(8, ending.answer());
            update.setString(9, ending.error());
            var alert = ending.alert();
            update.setObject(10, alert == null ? null : alert.uuid());
            update.setObject(11, id.uuid());
            update.executeUpdate();
        }
    }

    /** A run that a stop ended. */
    static void interrupt(Connection connection, EventId schedule, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE schedule_runs SET state = 'failed', ended_at = ?,"
                + " error = 'The platform stopped while this ran; the next run looks at its events again.'"
                + " WHERE schedule_id = ? AND state = 'running'")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setObject(2, schedule.uuid());
            update.executeUpdate();
        }
    }

    static void prune(Connection connection, EventId schedule, int kept) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM schedule_runs WHERE schedule_id = ? AND run_id IN"
                + " (SELECT run_id FROM schedule_runs WHERE schedule_id = ? ORDER BY started_at DESC, run_id DESC"
                + " OFFSET ?)")) {
            delete.setObject(1, schedule.uuid());
            delete.setObject(2, schedule.uuid());
            delete.setInt(3, kept);
            delete.executeUpdate();
        }
    }

    static List<ScheduleRun> list(Connection connection, EventId schedule, int limit) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM schedule_runs WHERE schedule_id = ? ORDER BY started_at DESC, run_id DESC LIMIT ?")) {
            select.setObject(1, schedule.uuid());
            select.setInt(2, limit);
            var runs = new ArrayList<ScheduleRun>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    runs.add(read(rows));
                }
            }
            return runs;
        }
    }

    static Schedules.@Nullable Kept find(Connection connection, EventId id) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT " + COLUMNS + ", answer FROM schedule_runs WHERE run_id = ?")) {
            select.setObject(1, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Schedules.Kept(read(rows), rows.getString(16)) : null;
            }
        }
    }

    private static ScheduleRun read(ResultSet row) throws SQLException {
        var ended = row.getTimestamp(5);
        var alert = row.getString(15);
        return new ScheduleRun(
                EventId.parse(row.getString(1)),
                EventId.parse(row.getString(2)),
                ScheduleRun.State.ofWord(row.getString(3)),
                row.getTimestamp(4).toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getTimestamp(6).toInstant(),
                row.getTimestamp(7).toInstant(),
                new ScheduleRun.Outcome(
                        row.getLong(8), row.getBoolean(9), row.getInt(10), row.getLong(11), row.getDouble(12)),
                row.getInt(13),
                row.getString(14),
                alert == null ? null : EventId.parse(alert));
    }
}
