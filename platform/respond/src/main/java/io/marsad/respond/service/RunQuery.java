package io.marsad.respond.service;

import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Runs;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.run.RunStateJson;
import io.marsad.respond.service.RunView.StepLine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Runs as people see them, out of the tables. */
final class RunQuery {
    private static final int MOST_STEPS = 5_000;
    private static final int MOST_CHILDREN = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final String SELECT = "SELECT r.run_id, r.playbook_id, p.name, r.version, r.status, r.reason,"
            + " r.started_by, r.about, " + Sql.titleOf("r.about", "r.tenant_id") + " AS about_title, r.parent_run,"
            + " r.started_at, r.ended_at, r.retried_from,"
            + " (SELECT count(*) FROM playbook_steps s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.run_id"
            + " AND s.status <> 'running') AS steps_done,"
            + " CASE WHEN r.status = 'running' THEN coalesce((SELECT CASE"
            + " WHEN bool_or(a.status = 'awaiting_approval' AND a.action <> 'task') THEN 'approval'"
            + " WHEN bool_or(a.status IN ('awaiting_approval', 'unknown')) THEN 'person'"
            + " WHEN bool_or(true) THEN 'action' END FROM actions a WHERE a.tenant_id = r.tenant_id"
            + " AND a.run_id = r.run_id AND a.status IN ('awaiting_approval', 'unknown', 'requested', 'dispatched')),"
            + " CASE WHEN jsonb_path_exists(r.state, '$.tokens[*] ? (@.phase == \"DELAYED\" || @.phase == \"PAUSED\")')"
            + " THEN 'time' WHEN jsonb_path_exists(r.state, '$.tokens[*] ? (@.phase == \"ASKED\")') THEN 'action' END)"
            + " END AS waiting FROM playbook_runs r JOIN playbooks p ON p.tenant_id = r.tenant_id"
            + " AND p.playbook_id = r.playbook_id WHERE r.tenant_id = ?";

    private RunQuery() {}

    static List<RunView> page(Turn turn, RunView.Filter filter, @Nullable String cursor, int limit)
            throws SQLException {
        var sql = new Sql("").add(SELECT, turn.tenant().value());
        sql.and("r.playbook_id = ?", filter.playbook())
                .and("r.about = ?", filter.about())
                .and("r.started_at >= ?", filter.since());
        if ("waiting".equals(filter.status())) {
            sql.add(" AND r.status = 'running' AND EXISTS (SELECT FROM actions a WHERE a.tenant_id = r.tenant_id"
                    + " AND a.run_id = r.run_id AND a.status IN ('awaiting_approval', 'unknown'))");
        } else {
            sql.and("r.status = ?", filter.status());
        }
        if (cursor != null) {
            var after = Cursor.parse(cursor);
            sql.add(
                    " AND r.started_at <= ? AND (r.started_at < ? OR r.run_id > ?)",
                    after.at(),
                    after.at(),
                    after.id());
        }
        sql.add(" ORDER BY r.started_at DESC, r.run_id LIMIT ?", limit);
        return named(turn, sql.list(turn.connection(), RunQuery::read));
    }

    static @Nullable RunView find(Turn turn, UUID run) throws SQLException {
        var found = new Sql("")
                .add(SELECT, turn.tenant().value())
                .add(" AND r.run_id = ?", run)
                .list(turn.connection(), RunQuery::read);
        return found.isEmpty() ? null : named(turn, found).getFirst();
    }

    /** One that was begun in this transaction about nothing: all of it is known. */
    static RunView begun(Turn turn, Runs.Wanted wanted, PlaybookShelf.Loaded loaded) throws SQLException {
        var run = new RunView(
                wanted.id(),
                wanted.playbook(),
                loaded.playbook().name(),
                loaded.version().hash(),
                "running",
                null,
                wanted.by(),
                null,
                null,
                null,
                null,
                0,
                turn.now(),
                null,
                null);
        return named(turn, List.of(run)).getFirst();
    }

    static boolean exists(Turn turn, UUID run) throws SQLException {
        return !new Sql("SELECT 1 FROM playbook_runs WHERE tenant_id = ? AND run_id = ?")
                .add("", turn.tenant().value(), run)
                .list(turn.connection(), row -> true)
                .isEmpty();
    }

    static List<RunView> children(Turn turn, UUID run) throws SQLException {
        var sql = new Sql("").add(SELECT, turn.tenant().value());
        sql.add(" AND r.parent_run = ? ORDER BY r.started_at, r.run_id LIMIT " + MOST_CHILDREN, run);
        return named(turn, sql.list(turn.connection(), RunQuery::read));
    }

    private static List<RunView> named(Turn turn, List<RunView> runs) throws SQLException {
        var texts = runs.stream()
                .flatMap(run -> java.util.stream.Stream.of(run.startedBy(), String.valueOf(run.reason())))
                .toList();
        var names = Names.of(turn, texts);
        return runs.stream()
                .map(run -> new RunView(
                        run.id(),
                        run.playbook(),
                        run.name(),
                        run.version(),
                        run.status(),
                        names.orNull(run.reason()),
                        names.in(run.startedBy()),
                        run.about(),
                        run.aboutTitle(),
                        run.parent(),
                        run.waiting(),
                        run.stepsDone(),
                        run.startedAt(),
                        run.endedAt(),
                        run.retriedFrom()))
                .toList();
    }

    private static RunView read(ResultSet row) throws SQLException {
        return new RunView(
                row.getObject("run_id", UUID.class),
                row.getObject("playbook_id", UUID.class),
                row.getString("name"),
                row.getString("version"),
                row.getString("status"),
                row.getString("reason"),
                row.getString("started_by"),
                row.getString("about"),
                row.getString("about_title"),
                row.getObject("parent_run", UUID.class),
                row.getString("waiting"),
                row.getInt("steps_done"),
                Objects.requireNonNull(Sql.time(row, "started_at")),
                Sql.time(row, "ended_at"),
                row.getObject("retried_from", UUID.class));
    }

    /** The values of its variables now; empty when its state is of another version of the platform. */
    static Map<String, @Nullable String> values(Turn turn, UUID run) throws SQLException {
        var states = new Sql("SELECT state FROM playbook_runs WHERE tenant_id = ? AND run_id = ?")
                .add("", turn.tenant().value(), run)
                .list(turn.connection(), row -> row.getString(1));
        try {
            return states.isEmpty()
                    ? Map.of()
                    : RunStateJson.read(states.getFirst()).values();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** In order, without the names of the steps. */
    static List<StepLine> steps(Turn turn, UUID run) throws SQLException {
        return new Sql("SELECT seq, visit, parent, step, status, detail, values, at FROM playbook_steps"
                        + " WHERE tenant_id = ? AND run_id = ? ORDER BY seq LIMIT " + MOST_STEPS)
                .add("", turn.tenant().value(), run)
                .list(
                        turn.connection(),
                        row -> new StepLine(
                                row.getInt("seq"),
                                row.getInt("visit"),
                                row.getInt("parent"),
                                row.getString("step"),
                                null,
                                null,
                                row.getString("status"),
                                row.getString("detail"),
                                MAPPER.readTree(row.getString("values")),
                                Objects.requireNonNull(Sql.time(row, "at"))));
    }
}
