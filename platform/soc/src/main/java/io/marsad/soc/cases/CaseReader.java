package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Clock;
import io.marsad.soc.cases.CaseClocks.Goal;
import io.marsad.soc.correlate.Tactic;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as what is shown of cases; in the tenant's transaction. */
final class CaseReader {
    private static final String CASES = """
            SELECT c.*, i.number AS into_number, (SELECT count(*) FROM case_tasks t WHERE t.tenant_id = c.tenant_id
                AND t.case_id = c.case_id AND t.done_at IS NULL) AS open_tasks
            FROM cases c LEFT JOIN cases i ON i.tenant_id = c.tenant_id AND i.case_id = c.merged_into
            WHERE c.tenant_id = ? AND c.case_id = ANY (?)""";
    private static final String SHARED = """
            WITH own AS (SELECT DISTINCT k.key FROM case_alerts a JOIN case_keys k ON k.tenant_id = a.tenant_id
                    AND k.alert_id = a.alert_id
                WHERE a.tenant_id = ? AND a.case_id = ? AND k.key NOT LIKE 'detection:%' ORDER BY k.key LIMIT 500),
            found AS (SELECT DISTINCT own.key, a.case_id FROM own
                CROSS JOIN LATERAL (SELECT k.alert_id FROM case_keys k WHERE k.tenant_id = ? AND k.key = own.key
                    ORDER BY k.time DESC LIMIT 500) near
                JOIN case_alerts a ON a.tenant_id = ? AND a.alert_id = near.alert_id)
            SELECT key, case_id, count(*) OVER (PARTITION BY key) AS cases FROM found ORDER BY cases, key""";

    private CaseReader() {}

    /** In the order of the ids. */
    static List<Case> cases(Connection connection, TenantId tenant, Collection<EventId> ids) throws SQLException {
        var clocks = clocks(connection, tenant.value(), ids);
        var byId = new HashMap<EventId, Case>();
        Sql.list(
                connection,
                CASES,
                row -> {
                    var id = Sql.id(row, "case_id");
                    return byId.put(id, read(row, id, clocks.getOrDefault(id, List.of())));
                },
                tenant.value(),
                Sql.ids(connection, ids));
        var ordered = new ArrayList<Case>();
        for (EventId id : ids) {
            var kase = byId.get(id);
            if (kase != null) {
                ordered.add(kase);
            }
        }
        return ordered;
    }

    private static Map<EventId, List<Clock>> clocks(Connection connection, String tenant, Collection<EventId> ids)
            throws SQLException {
        var clocks = new HashMap<EventId, List<Clock>>();
        Sql.list(
                connection,
                "SELECT case_id, kind, due, met_at, breached_at FROM case_clocks"
                        + " WHERE tenant_id = ? AND case_id = ANY (?) ORDER BY due, kind",
                row -> clocks.computeIfAbsent(Sql.id(row, "case_id"), _ -> new ArrayList<>())
                        .add(new Clock(
                                Goal.ofWord(row.getString("kind")),
                                Sql.time(row, "due"),
                                Sql.optionalTime(row, "met_at"),
                                Sql.optionalTime(row, "breached_at"))),
                tenant,
                Sql.ids(connection, ids));
        return clocks;
    }

    private static Case read(ResultSet row, EventId id, List<Clock> clocks) throws SQLException {
        var attack = Sql.texts(row, "attack");
        long into = row.getLong("into_number");
        @Nullable Long merged = row.wasNull() ? null : into;
        return new Case(
                id,
                row.getLong("number"),
                row.getString("title"),
                Severity.ofRank(row.getInt("severity")),
                CaseStatus.ofWord(row.getString("status")),
                merged,
                row.getString("assignee"),
                row.getString("opened_by"),
                Sql.time(row, "created_at"),
                Sql.time(row, "updated_at"),
                Sql.optionalTime(row, "first_time"),
                Sql.optionalTime(row, "last_time"),
                row.getInt("alert_count"),
                attack,
                tactics(attack),
                row.getInt("version"),
                row.getInt("open_tasks"),
                clocks);
    }

    private static List<String> tactics(List<String> attack) {
        var tactics = EnumSet.noneOf(Tactic.class);
        attack.forEach(technique -> tactics.addAll(Tactic.ofTechnique(technique)));
        return tactics.stream().map(Tactic::title).toList();
    }

    static List<Case.Linked> alerts(Connection connection, TenantId tenant, EventId kase) throws SQLException {
        record Row(EventId alert, java.time.Instant at, String by, String why) {}
        var rows = new LinkedHashMap<EventId, Row>();
        for (Row row : Sql.list(
                connection,
                "SELECT alert_id, linked_at, linked_by, why FROM case_alerts WHERE tenant_id = ? AND case_id = ?"
                        + " ORDER BY alert_id LIMIT " + CaseBook.MOST,
                one -> new Row(
                        Sql.id(one, "alert_id"),
                        Sql.time(one, "linked_at"),
                        one.getString("linked_by"),
                        one.getString("why")),
                tenant.value(),
                kase)) {
            rows.put(row.alert, row);
        }
        var linked = new ArrayList<Case.Linked>();
        for (Alert alert : Alerts.of(connection, tenant, rows.keySet())) {
            var row = rows.get(alert.id());
            if (row != null) {
                linked.add(new Case.Linked(alert, row.at, row.by, row.why));
            }
        }
        return linked;
    }

    static List<Case.Link> links(Connection connection, String tenant, EventId kase, int most) throws SQLException {
        return Sql.list(
                connection,
                "SELECT e.earlier, e.later, e.weight, e.joins, e.why, e.shared FROM case_alerts a"
                        + " JOIN case_edges e ON e.tenant_id = a.tenant_id AND e.earlier = a.alert_id"
                        + " JOIN case_alerts b ON b.tenant_id = e.tenant_id AND b.alert_id = e.later"
                        + " AND b.case_id = a.case_id WHERE a.tenant_id = ? AND a.case_id = ?"
                        + " ORDER BY e.weight DESC, e.earlier, e.later LIMIT ?",
                row -> new Case.Link(
                        Sql.id(row, "earlier"),
                        Sql.id(row, "later"),
                        row.getDouble("weight"),
                        row.getBoolean("joins"),
                        row.getString("why"),
                        named(row.getString("shared"))),
                tenant,
                kase,
                most);
    }

    private static List<Case.Shared> named(String json) {
        var shared = new ArrayList<Case.Shared>();
        CaseJson.tree(json)
                .forEach(node -> shared.add(new Case.Shared(
                        node.get("type").stringValue(), node.get("name").stringValue())));
        return shared;
    }

    /** The newest, oldest first. */
    static List<Case.Entry> history(Connection connection, String tenant, EventId kase, int most) throws SQLException {
        return Sql.list(
                        connection,
                        "SELECT seq, at, actor, action, detail, act_id FROM case_history"
                                + " WHERE tenant_id = ? AND case_id = ? ORDER BY seq DESC LIMIT ?",
                        row -> new Case.Entry(
                                row.getInt("seq"),
                                Sql.time(row, "at"),
                                row.getString("actor"),
                                row.getString("action"),
                                row.getString("detail"),
                                Sql.optionalId(row, "act_id") != null),
                        tenant,
                        kase,
                        most)
                .reversed();
    }

    static List<Case.Task> tasks(Connection connection, String tenant, EventId kase) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM case_tasks WHERE tenant_id = ? AND case_id = ? ORDER BY created_at, task_id",
                row -> new Case.Task(
                        Sql.id(row, "task_id"),
                        row.getString("title"),
                        row.getString("assignee"),
                        Sql.time(row, "created_at"),
                        row.getString("created_by"),
                        Sql.optionalTime(row, "done_at"),
                        row.getString("done_by")),
                tenant,
                kase);
    }

    static List<Case.Noted> observables(Connection connection, String tenant, EventId kase) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM case_observables WHERE tenant_id = ? AND case_id = ? ORDER BY added_at, kind, value",
                row -> new Case.Noted(
                        row.getString("kind"),
                        row.getString("value"),
                        row.getString("note"),
                        Sql.time(row, "added_at"),
                        row.getString("added_by")),
                tenant,
                kase);
    }

    /** A name that a case shares with another, and how many cases have it. */
    record SharedKey(EventId kase, String key, long cases) {}

    /** The rarest first. */
    static List<SharedKey> shared(Connection connection, String tenant, EventId kase) throws SQLException {
        return Sql.list(
                        connection,
                        SHARED,
                        row -> new SharedKey(Sql.id(row, "case_id"), row.getString("key"), row.getLong("cases")),
                        tenant,
                        kase,
                        tenant,
                        tenant)
                .stream()
                .filter(one -> !one.kase.equals(kase))
                .toList();
    }
}
