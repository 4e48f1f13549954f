package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.inbox.InboxEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has to be done in a case, and what people note in it; in the tenant's transaction. */
final class CaseTasks {
    private static final int MOST_TASKS = 200;
    private static final int MOST_OBSERVABLES = 1_000;

    private final Connection connection;
    private final String tenant;
    private final CaseChange change;

    CaseTasks(Connection connection, String tenant, CaseChange change) {
        this.connection = connection;
        this.tenant = tenant;
        this.change = change;
    }

    void add(EventId kase, EventId task, String title, @Nullable String assignee, Instant at) throws SQLException {
        requireRoom(kase, "case_tasks", MOST_TASKS);
        var name = assignee == null || assignee.isBlank()
                ? null
                : CaseWork.account(connection, assignee.strip(), change.name());
        Sql.run(
                connection,
                "INSERT INTO case_tasks (tenant_id, case_id, task_id, title, assignee, created_at, created_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                tenant,
                kase,
                task,
                title,
                name,
                at,
                change.name());
        change.note(
                kase,
                "task_added",
                name == null ? title : title + " (" + name + ")",
                change.detail("task", task.toString(), "title", title, "assignee", name));
        if (name != null) {
            change.inbox(kase, InboxEntry.Kind.TASK, List.of(name));
        }
    }

    void done(EventId kase, EventId task, boolean isDone, Instant at) throws SQLException {
        var title = Sql.one(
                connection,
                "UPDATE case_tasks SET done_at = CASE WHEN ? THEN coalesce(done_at, ?::timestamptz) END,"
                        + " done_by = CASE WHEN ? THEN coalesce(done_by, ?) END"
                        + " WHERE tenant_id = ? AND case_id = ? AND task_id = ? RETURNING title",
                row -> row.getString(1),
                isDone,
                at.toString(),
                isDone,
                change.name(),
                tenant,
                kase,
                task);
        if (title == null) {
            throw Problem.notFound("There is no such task.").asException();
        }
        change.note(
                kase,
                isDone ? "task_done" : "task_reopened",
                title,
                change.detail("task", task.toString(), "title", title));
    }

    void observable(EventId kase, Entity.Kind kind, String value, String note, Instant at) throws SQLException {
        requireRoom(kase, "case_observables", MOST_OBSERVABLES);
        Sql.run(
                connection,
                "INSERT INTO case_observables VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tenant_id, case_id, kind, value) DO UPDATE SET note = excluded.note,"
                        + " added_at = excluded.added_at, added_by = excluded.added_by",
                tenant,
                kase,
                kind.word(),
                value,
                note,
                at,
                change.name());
        change.note(
                kase,
                "observable_added",
                kind.word() + " " + value + (note.isEmpty() ? "" : ": " + note),
                change.detail("type", kind.word(), "value", value, "note", note));
    }

    private void requireRoom(EventId kase, String table, int most) throws SQLException {
        var count = Sql.one(
                connection,
                "SELECT count(*) FROM " + table + " WHERE tenant_id = ? AND case_id = ?",
                row -> row.getLong(1),
                tenant,
                kase);
        if (count != null && count >= most) {
            throw Problem.conflict("case-full", "A case has at most " + most + " of these.")
                    .asException();
        }
    }
}
