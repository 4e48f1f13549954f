package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveEvent;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What acts read and write, each table in one statement; rows are locked in the order of their ids. */
final class ActRows {
    /** More than this many changes are told as one: read the queue again. */
    static final int MOST_TOLD = 500;

    private static final int AT_ONCE = 1_000;
    private static final String UPDATE = """
            UPDATE alerts SET status = c.to_status, verdict = c.to_verdict, assignee = c.to_assignee,
                snoozed_until = c.to_until, escalated = c.to_escalated, tags = c.to_tags, updated_at = ?,
                version = version + 1
            FROM jsonb_to_recordset(?::jsonb) AS c (id uuid, to_status text, to_verdict text, to_assignee text,
                to_until timestamptz, to_escalated boolean, to_tags text[])
            WHERE tenant_id = ? AND alert_id = c.id
            RETURNING\s""" + AlertRows.COLUMNS;
    private static final String HISTORY = """
            INSERT INTO alert_history (tenant_id, alert_id, version, at, actor, action, detail)
            SELECT ?, id, version, ?, ?, action, detail
            FROM jsonb_to_recordset(?::jsonb) AS h (id uuid, version integer, action text, detail text)""";
    private static final String SNOOZES = """
            INSERT INTO alert_snoozes (tenant_id, alert_id, until)
            SELECT ?, id, until FROM jsonb_to_recordset(?::jsonb) AS s (id uuid, until timestamptz)
            ON CONFLICT (tenant_id, alert_id) DO UPDATE SET until = excluded.until""";
    private static final String TAGS = """
            INSERT INTO alert_tags (tenant_id, tag, alert_id)
            SELECT ?, tag, id FROM jsonb_to_recordset(?::jsonb) AS t (tag text, id uuid)""";

    private final Connection connection;
    private final TenantId tenant;
    private final List<News> people = new ArrayList<>();

    ActRows(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /** An alert as it is before an act. */
    record Row(EventId id, int version, AlertState state) {}

    /**
     * What an act makes of an alert.
     *
     * @param action of the history
     */
    record Change(Row before, AlertState after, String action, String detail) {}

    /** The alerts, locked until the transaction ends; those that are not there are left out. */
    List<Row> lock(Collection<EventId> ids) throws SQLException {
        return lock("alert_id = ANY (?)", List.of(uuids(ids)), Integer.MAX_VALUE);
    }

    /** At most so many of those for which the condition holds. */
    List<Row> lock(String condition, List<?> values, int most) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var select = connection.prepareStatement("SELECT alert_id, version, " + AlertState.COLUMNS + " FROM alerts"
                + " WHERE tenant_id = ? AND " + condition + " ORDER BY alert_id LIMIT ? FOR NO KEY UPDATE")) {
            select.setString(1, tenant.value());
            int at = 2;
            for (var value : values) {
                AlertQuery.bind(select, at++, value);
            }
            select.setInt(at, most);
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    var id = AlertRows.id(found.getObject("alert_id", UUID.class));
                    rows.add(new Row(id, found.getInt("version"), AlertState.read(found)));
                }
            }
        }
        return rows;
    }

    /** Makes the changes, with history; returns the alerts as they are now. Whoever looks at the queue is told by {@link #tell}. */
    List<Alert> write(List<Change> changes, Instant at, String actor) throws SQLException {
        var after = new ArrayList<Alert>(changes.size());
        for (int from = 0; from < changes.size(); from += AT_ONCE) {
            var some = changes.subList(from, Math.min(changes.size(), from + AT_ONCE));
            update(some, at, after);
            history(some, at, actor);
            snoozes(some);
            tags(some);
        }
        AlertFollowers.put(connection, tenant, at, changes);
        people.addAll(AlertInbox.assigned(connection, tenant, changes, after, new AlertInbox.By(actor, at)));
        return after;
    }

    /** Those whom the comment names find it in their inbox. */
    void mention(@Nullable String comment, List<Alert> changed, Instant at, String actor) throws SQLException {
        var by = new AlertInbox.By(actor, at);
        people.addAll(AlertInbox.mentioned(connection, tenant, comment, changed, by));
    }

    /** Tells those who look at the queue, and those who have something new in their inbox; last, once. */
    void tell(List<Alert> changed, Instant at) throws SQLException {
        var news = new ArrayList<News>(people);
        if (changed.size() > MOST_TOLD) {
            news.add(new News(LiveEvent.RESYNC, "{}"));
        } else {
            changed.forEach(alert -> news.add(new News("alert.updated", AlertJson.text(alert))));
        }
        LiveFeed.append(connection, tenant, at, news);
    }

    private void update(List<Change> changes, Instant at, List<Alert> after) throws SQLException {
        try (var update = connection.prepareStatement(UPDATE)) {
            update.setTimestamp(1, Timestamp.from(at));
            update.setString(2, IntakeRows.array(changes, (to, change) -> {
                var state = change.after();
                to.writeStringProperty("id", change.before().id().toString());
                to.writeStringProperty("to_status", state.status().word());
                var verdict = state.verdict();
                AlertJson.optional(to, "to_verdict", verdict == null ? null : verdict.word());
                AlertJson.optional(to, "to_assignee", state.assignee());
                until(to, "to_until", state.until());
                to.writeBooleanProperty("to_escalated", state.escalated());
                AlertJson.texts(to, "to_tags", state.tags());
            }));
            update.setString(3, tenant.value());
            try (var rows = update.executeQuery()) {
                while (rows.next()) {
                    after.add(AlertRows.read(rows));
                }
            }
        }
    }

    private static void until(JsonGenerator to, String name, @Nullable Instant until) {
        AlertJson.optional(to, name, until == null ? null : AlertJson.time(until));
    }

    private void history(List<Change> changes, Instant at, String actor) throws SQLException {
        try (var insert = connection.prepareStatement(HISTORY)) {
            insert.setString(1, tenant.value());
            insert.setTimestamp(2, Timestamp.from(at));
            insert.setString(3, actor);
            insert.setString(4, IntakeRows.array(changes, (to, change) -> {
                to.writeStringProperty("id", change.before().id().toString());
                to.writeNumberProperty("version", change.before().version() + 1);
                to.writeStringProperty("action", change.action());
                to.writeStringProperty("detail", change.detail());
            }));
            insert.executeUpdate();
        }
    }

    private void snoozes(List<Change> changes) throws SQLException {
        delete("alert_snoozes", changes, change -> change.before().state().until() != null);
        var snoozed = changes.stream().filter(c -> c.after().until() != null).toList();
        insert(
                SNOOZES,
                IntakeRows.array(snoozed, (to, change) -> {
                    to.writeStringProperty("id", change.before().id().toString());
                    until(to, "until", change.after().until());
                }),
                snoozed.isEmpty());
    }

    private void tags(List<Change> changes) throws SQLException {
        var changed = changes.stream()
                .filter(c -> !c.before().state().tags().equals(c.after().tags()))
                .toList();
        delete("alert_tags", changed, _ -> true);
        record Row(String tag, EventId alert) {}
        var rows = changed.stream()
                .flatMap(c -> c.after().tags().stream()
                        .map(tag -> new Row(tag, c.before().id())))
                .toList();
        insert(
                TAGS,
                IntakeRows.array(rows, (to, row) -> {
                    to.writeStringProperty("tag", row.tag());
                    to.writeStringProperty("id", row.alert().toString());
                }),
                rows.isEmpty());
    }

    private void insert(String sql, String json, boolean nothing) throws SQLException {
        if (nothing) {
            return;
        }
        try (var insert = connection.prepareStatement(sql)) {
            insert.setString(1, tenant.value());
            insert.setString(2, json);
            insert.executeUpdate();
        }
    }

    private void delete(String table, List<Change> changes, Predicate<Change> which) throws SQLException {
        var ids = changes.stream()
                .filter(which)
                .map(change -> change.before().id())
                .toList();
        if (ids.isEmpty()) {
            return;
        }
        try (var delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            delete.setString(1, tenant.value());
            delete.setArray(2, uuids(ids));
            delete.executeUpdate();
        }
    }

    Array uuids(Collection<EventId> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.stream().map(EventId::uuid).toArray());
    }

    /** The name of an account of the tenant that may sign in, as it writes itself; null when there is none. */
    @Nullable
    String account(String name) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT username FROM users WHERE tenant_id = ? AND username_key = ? AND NOT disabled")) {
            select.setString(1, tenant.value());
            select.setString(2, name.strip().toLowerCase(Locale.ROOT));
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
