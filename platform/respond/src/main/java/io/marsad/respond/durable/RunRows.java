package io.marsad.respond.durable;

import io.marsad.respond.run.RunEvent;
import io.marsad.respond.run.RunState;
import io.marsad.respond.run.RunStateJson;
import io.marsad.respond.run.RunStatus;
import io.marsad.respond.run.StepChange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs in the tables of the transaction's tenant. */
final class RunRows {
    private RunRows() {}

    /**
     * A run that is being worked on.
     *
     * @param parent null: nobody called it
     * @param wakeAt when an item of the outbox is due for it; null: none
     * @param changes so many in its history
     */
    record Row(
            UUID id,
            UUID playbook,
            String version,
            String startedBy,
            @Nullable String about,
            @Nullable Parent parent,
            int depth,
            RunState state,
            @Nullable Instant wakeAt,
            int changes) {}

    /** Who called, and for which step. */
    record Parent(UUID run, int visit, int attempt) {}

    /** @return false when there is one with this id already */
    static boolean insert(Turn turn, Row row) throws SQLException {
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_runs (tenant_id, run_id, playbook_id,"
                        + " version, status, started_by, about, parent_run, parent_visit, parent_attempt, depth,"
                        + " state, started_at) VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?::jsonb, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, row.id());
            insert.setObject(3, row.playbook());
            insert.setString(4, row.version());
            insert.setString(5, row.startedBy());
            insert.setString(6, row.about());
            var parent = row.parent();
            insert.setObject(7, parent == null ? null : parent.run());
            insert.setObject(8, parent == null ? null : parent.visit(), java.sql.Types.INTEGER);
            insert.setObject(9, parent == null ? null : parent.attempt(), java.sql.Types.INTEGER);
            insert.setInt(10, row.depth());
            insert.setString(11, RunStateJson.write(row.state()));
            insert.setTimestamp(12, Timestamp.from(turn.now()));
            return insert.executeUpdate() == 1;
        }
    }

    private static final String SELECT =
            "SELECT run_id, playbook_id, version, started_by, about, parent_run, parent_visit, parent_attempt, depth,"
                    + " state, wake_at, changes FROM playbook_runs WHERE tenant_id = ? AND ";

    /** Those that have not ended, locked; in the order of their ids, so that two who lock do not wait for each other. */
    static List<Row> lock(Turn turn, Collection<UUID> runs) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var select = turn.connection()
                .prepareStatement(
                        SELECT + "run_id = ANY (?) AND status = 'running' ORDER BY run_id FOR NO KEY UPDATE")) {
            select.setString(1, turn.tenant().value());
            select.setArray(2, turn.connection().createArrayOf("uuid", runs.toArray()));
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(read(found));
                }
            }
        }
        return rows;
    }

    /** One, whatever its status; null when it is not there. */
    static @Nullable Row find(Turn turn, UUID run) throws SQLException {
        try (var select = turn.connection().prepareStatement(SELECT + "run_id = ?")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, run);
            try (var found = select.executeQuery()) {
                return found.next() ? read(found) : null;
            }
        }
    }

    private static Row read(ResultSet found) throws SQLException {
        var parent = found.getObject(6, UUID.class);
        var wake = found.getTimestamp(11);
        return new Row(
                found.getObject(1, UUID.class),
                found.getObject(2, UUID.class),
                found.getString(3),
                found.getString(4),
                found.getString(5),
                parent == null ? null : new Parent(parent, found.getInt(7), found.getInt(8)),
                found.getInt(9),
                RunStateJson.read(found.getString(10)),
                wake == null ? null : wake.toInstant(),
                found.getInt(12));
    }

    static void retries(Turn turn, UUID run, UUID of) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbook_runs SET retried_from = ? WHERE tenant_id = ? AND run_id = ?")) {
            update.setObject(1, of);
            update.setString(2, turn.tenant().value());
            update.setObject(3, run);
            update.executeUpdate();
        }
    }

    /** Takes out what has happened, in the order in which it was put. */
    static Map<UUID, List<RunEvent>> takeEvents(Turn turn, Collection<UUID> runs) throws SQLException {
        Map<UUID, List<RunEvent>> events = new HashMap<>();
        try (var delete = turn.connection()
                .prepareStatement("WITH taken AS (DELETE FROM playbook_events WHERE tenant_id = ?"
                        + " AND run_id = ANY (?) RETURNING run_id, event_id, event)"
                        + " SELECT run_id, event FROM taken ORDER BY event_id")) {
            delete.setString(1, turn.tenant().value());
            delete.setArray(2, turn.connection().createArrayOf("uuid", runs.toArray()));
            try (var taken = delete.executeQuery()) {
                while (taken.next()) {
                    events.computeIfAbsent(taken.getObject(1, UUID.class), _ -> new ArrayList<>())
                            .add(EventJson.read(taken.getString(2)));
                }
            }
        }
        return events;
    }

    /** What has happened to a run. */
    record Event(UUID run, RunEvent event) {}

    /** Runs that are not there are not told. */
    static void putEvents(Turn turn, List<Event> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_events (tenant_id, run_id, event)"
                        + " SELECT ?, run_id, ?::jsonb FROM playbook_runs WHERE tenant_id = ? AND run_id = ?")) {
            for (var event : events) {
                insert.setString(1, turn.tenant().value());
                insert.setString(2, EventJson.write(event.event()));
                insert.setString(3, turn.tenant().value());
                insert.setObject(4, event.run());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * What became of a run.
     *
     * @param wakeAt when an item of the outbox is due for it
     */
    record Change(
            Row row,
            RunState state,
            List<StepChange> steps,
            @Nullable Instant wakeAt) {}

    static void update(Turn turn, List<Change> changes) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbook_runs SET status = ?, reason = ?, state = ?::jsonb,"
                        + " wake_at = ?, changes = ?, ended_at = ? WHERE tenant_id = ? AND run_id = ?")) {
            for (var change : changes) {
                var state = change.state();
                update.setString(1, state.status().name().toLowerCase(Locale.ROOT));
                update.setString(2, state.reason());
                update.setString(3, RunStateJson.write(state));
                update.setTimestamp(4, change.wakeAt() == null ? null : Timestamp.from(change.wakeAt()));
                update.setInt(5, change.row().changes() + change.steps().size());
                update.setTimestamp(6, state.status() == RunStatus.RUNNING ? null : Timestamp.from(turn.now()));
                update.setString(7, turn.tenant().value());
                update.setObject(8, change.row().id());
                update.addBatch();
            }
            update.executeBatch();
        }
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_steps (tenant_id, run_id, seq, visit, parent,"
                        + " step, status, detail, values, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)")) {
            for (var change : changes) {
                steps(turn, change, insert);
            }
            insert.executeBatch();
        }
    }

    private static void steps(Turn turn, Change change, PreparedStatement insert) throws SQLException {
        int seq = change.row().changes();
        for (var step : change.steps()) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, change.row().id());
            insert.setInt(3, seq++);
            insert.setInt(4, step.visit());
            insert.setInt(5, step.parent());
            insert.setString(6, step.step());
            insert.setString(7, step.status().name().toLowerCase(Locale.ROOT));
            insert.setString(8, step.detail());
            insert.setString(9, EventJson.outputs(step.values()).toString());
            insert.setTimestamp(10, Timestamp.from(turn.now()));
            insert.addBatch();
        }
    }
}
