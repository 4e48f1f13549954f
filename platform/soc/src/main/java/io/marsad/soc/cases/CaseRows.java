package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.cases.CaseAct.Apart;
import io.marsad.soc.cases.CaseAct.Move;
import io.marsad.soc.cases.CaseAct.Shift;
import io.marsad.soc.cases.CaseAct.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an act needs to know of cases, and what it makes of them; in the tenant's transaction. */
final class CaseRows {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('marsad.cases ' || ?, 0))";
    /** So many acts back can be undone. */
    private static final int ACTS_KNOWN = 200;

    private final Connection connection;
    private final String tenant;

    CaseRows(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant.value();
    }

    /** Nobody else changes the tenant's cases until the transaction ends. */
    static void lock(Connection connection, TenantId tenant) throws SQLException {
        Sql.list(connection, LOCK, _ -> true, tenant.value());
    }

    /** With these cases, and where these alerts are. */
    CaseBook book(Supplier<EventId> ids, Collection<EventId> cases, Collection<EventId> alerts) throws SQLException {
        var book = new CaseBook(ids);
        var all = new LinkedHashSet<>(cases);
        if (!alerts.isEmpty()) {
            all.addAll(Sql.list(
                    connection,
                    "SELECT DISTINCT case_id FROM case_alerts WHERE tenant_id = ? AND alert_id = ANY (?)",
                    row -> Sql.id(row, "case_id"),
                    tenant,
                    Sql.ids(connection, alerts)));
        }
        know(book, all);
        return book;
    }

    /** The same with what was done to one case, and the cases that this has to do with. */
    CaseBook bookOf(Supplier<EventId> ids, EventId kase) throws SQLException {
        var acts = acts(kase);
        var cases = new LinkedHashSet<EventId>(Set.of(kase));
        acts.forEach(act -> cases.addAll(act.cases()));
        var alerts = new LinkedHashSet<EventId>();
        acts.forEach(act -> act.moves().forEach(move -> alerts.add(move.alert())));
        var book = book(ids, cases, alerts);
        acts.forEach(book::know);
        return book;
    }

    /** The newest that touched the case, oldest first. */
    List<CaseAct> acts(EventId kase) throws SQLException {
        return new ArrayList<>(Sql.list(
                        connection,
                        "SELECT a.act_id, a.act FROM case_history h JOIN case_acts a ON a.tenant_id = h.tenant_id"
                                + " AND a.act_id = h.act_id WHERE h.tenant_id = ? AND h.case_id = ?"
                                + " ORDER BY a.seq DESC LIMIT " + ACTS_KNOWN,
                        row -> CaseJson.act(Sql.id(row, "act_id"), row.getString("act")),
                        tenant,
                        kase))
                .reversed();
    }

    private void know(CaseBook book, Set<EventId> cases) throws SQLException {
        if (cases.isEmpty()) {
            return;
        }
        var ids = Sql.ids(connection, cases);
        Sql.list(
                connection,
                "SELECT case_id, status, merged_into, touched FROM cases WHERE tenant_id = ? AND case_id = ANY (?)"
                        + " ORDER BY case_id FOR NO KEY UPDATE",
                row -> {
                    book.know(Sql.id(row, "case_id"), standing(row), row.getBoolean("touched"));
                    return true;
                },
                tenant,
                ids);
        Sql.list(
                connection,
                "SELECT alert_id, case_id FROM case_alerts WHERE tenant_id = ? AND case_id = ANY (?)",
                row -> {
                    book.know(Sql.id(row, "alert_id"), Sql.id(row, "case_id"));
                    return true;
                },
                tenant,
                ids);
        Sql.list(
                connection,
                "SELECT one, other FROM case_apart WHERE tenant_id = ? AND one = ANY (?)"
                        + " UNION SELECT one, other FROM case_apart WHERE tenant_id = ? AND other = ANY (?)",
                row -> {
                    book.know(new Apart(Sql.id(row, "one"), Sql.id(row, "other")));
                    return true;
                },
                tenant,
                ids,
                tenant,
                ids);
    }

    static Standing standing(java.sql.ResultSet row) throws SQLException {
        return new Standing(CaseStatus.ofWord(row.getString("status")), Sql.optionalId(row, "merged_into"));
    }

    /** Keeps acts in the order of acts. */
    void keep(List<CaseAct> acts) throws SQLException {
        var last = Sql.one(
                connection,
                "INSERT INTO case_numbers AS n (tenant_id, last, acts) VALUES (?, 0, ?)"
                        + " ON CONFLICT (tenant_id) DO UPDATE SET acts = n.acts + excluded.acts RETURNING acts",
                row -> row.getLong(1),
                tenant,
                acts.size());
        long seq = (last == null ? 0 : last) - acts.size();
        var rows = new ArrayList<@Nullable Object[]>();
        for (CaseAct act : acts) {
            rows.add(new @Nullable Object[] {tenant, act.id(), ++seq, act.kind().word(), CaseJson.act(act)});
        }
        Sql.runAll(
                connection,
                "INSERT INTO case_acts (tenant_id, act_id, seq, kind, act) VALUES (?, ?, ?, ?, ?::jsonb)",
                rows);
        for (CaseAct act : acts) {
            for (Apart pair : act.joined()) {
                Sql.run(
                        connection,
                        "DELETE FROM case_apart WHERE tenant_id = ? AND one = ? AND other = ?",
                        tenant,
                        pair.one(),
                        pair.other());
            }
            for (Apart pair : act.parted()) {
                Sql.run(
                        connection,
                        "INSERT INTO case_apart VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        tenant,
                        pair.one(),
                        pair.other());
            }
        }
    }

    /** Makes new cases, numbered in their order. @param alerts that each is made of */
    void insert(Map<EventId, List<EventId>> alerts, CaseChange.Who who) throws SQLException {
        if (alerts.isEmpty()) {
            return;
        }
        var last = Sql.one(
                connection,
                "INSERT INTO case_numbers AS n (tenant_id, last) VALUES (?, ?)"
                        + " ON CONFLICT (tenant_id) DO UPDATE SET last = n.last + excluded.last RETURNING last",
                row -> row.getLong(1),
                tenant,
                alerts.size());
        long number = (last == null ? 0 : last) - alerts.size();
        var titles = titles(alerts);
        var rows = new ArrayList<@Nullable Object[]>();
        for (EventId kase : alerts.keySet()) {
            rows.add(new @Nullable Object[] {
                tenant,
                kase,
                ++number,
                titles.getOrDefault(kase, "Case without alerts"),
                who.isPerson(),
                who.name(),
                who.at(),
                who.at()
            });
        }
        Sql.runAll(
                connection,
                "INSERT INTO cases (tenant_id, case_id, number, title, severity, status, touched, opened_by,"
                        + " created_at, updated_at, version) VALUES (?, ?, ?, ?, 1, 'open', ?, ?, ?, ?, 0)",
                rows);
    }

    void shift(Shift shift) throws SQLException {
        Sql.run(
                connection,
                "UPDATE cases SET status = ?, merged_into = ? WHERE tenant_id = ? AND case_id = ?",
                shift.after().status().word(),
                shift.after().mergedInto(),
                tenant,
                shift.kase());
    }

    /**
     * Puts alerts where acts say that they go; each alert is in one of them.
     *
     * @param why of those that were in no case
     */
    void move(Collection<Move> moves, Map<EventId, String> why, CaseChange.Who who) throws SQLException {
        var out = new ArrayList<@Nullable Object[]>();
        var in = new ArrayList<@Nullable Object[]>();
        var over = new ArrayList<@Nullable Object[]>();
        for (Move move : moves) {
            var to = move.to();
            if (to == null) {
                out.add(new @Nullable Object[] {tenant, move.alert()});
            } else if (move.from() == null) {
                in.add(new @Nullable Object[] {
                    tenant, move.alert(), to, who.at(), who.name(), why.getOrDefault(move.alert(), "")
                });
            } else { // why it came into a case stays true when that case becomes part of another
                over.add(new @Nullable Object[] {to, tenant, move.alert()});
            }
        }
        Sql.runAll(connection, "DELETE FROM case_alerts WHERE tenant_id = ? AND alert_id = ?", out);
        Sql.runAll(
                connection,
                "INSERT INTO case_alerts (tenant_id, alert_id, case_id, linked_at, linked_by, why)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                in);
        Sql.runAll(connection, "UPDATE case_alerts SET case_id = ? WHERE tenant_id = ? AND alert_id = ?", over);
    }

    /**
     * What follows from the alerts that are in them now.
     *
     * @param times how often each has changed
     */
    void refresh(Map<EventId, Integer> times, CaseChange.Who who) throws SQLException {
        if (times.isEmpty()) {
            return;
        }
        Sql.run(
                connection,
                """
                UPDATE cases c SET alert_count = s.n, first_time = s.f, last_time = s.l, attack = s.attack,
                    severity = CASE WHEN c.rated OR s.n = 0 THEN c.severity ELSE s.worst END,
                    touched = c.touched OR ?, updated_at = ?, version = c.version + s.times
                FROM (SELECT w.case_id, w.times, count(a.alert_id) AS n, min(a.first_time) AS f, max(a.time) AS l,
                        max(a.severity) AS worst, coalesce((SELECT array_agg(DISTINCT t ORDER BY t)
                            FROM case_alerts k2 JOIN alerts a2 ON a2.tenant_id = k2.tenant_id
                                AND a2.alert_id = k2.alert_id, unnest(a2.attack) AS t
                            WHERE k2.tenant_id = ? AND k2.case_id = w.case_id), '{}') AS attack
                    FROM unnest(?::uuid[], ?::integer[]) AS w (case_id, times)
                    LEFT JOIN case_alerts k ON k.tenant_id = ? AND k.case_id = w.case_id
                    LEFT JOIN alerts a ON a.tenant_id = k.tenant_id AND a.alert_id = k.alert_id
                    GROUP BY w.case_id, w.times) s
                WHERE c.tenant_id = ? AND c.case_id = s.case_id""",
                who.isPerson(),
                who.at(),
                tenant,
                Sql.ids(connection, times.keySet()),
                connection.createArrayOf("integer", times.values().toArray()),
                tenant,
                tenant);
    }

    /** An entry of what happened to a case. */
    record Line(
            EventId kase,
            String action,
            String detail,
            @Nullable EventId act) {}

    /** More entries of what happened to cases, behind those that there are. */
    void history(List<Line> lines, CaseChange.Who who) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        var last = new HashMap<EventId, Integer>();
        Sql.list(
                connection,
                "SELECT case_id, max(seq) AS last FROM case_history WHERE tenant_id = ? AND case_id = ANY (?)"
                        + " GROUP BY case_id",
                row -> last.put(Sql.id(row, "case_id"), row.getInt("last")),
                tenant,
                Sql.ids(connection, lines.stream().map(Line::kase).distinct().toList()));
        var rows = new ArrayList<@Nullable Object[]>();
        for (Line line : lines) {
            var act = line.act;
            rows.add(new @Nullable Object[] {
                tenant,
                line.kase,
                last.merge(line.kase, 1, Integer::sum),
                who.at(),
                who.name(),
                line.action,
                line.detail,
                act == null ? null : act.toString()
            });
        }
        Sql.runAll(
                connection,
                "INSERT INTO case_history (tenant_id, case_id, seq, at, actor, action, detail, act_id)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?::uuid)",
                rows);
    }

    /** What cases are called that are made of these alerts: the worst of them, and whom it is about. */
    private Map<EventId, String> titles(Map<EventId, List<EventId>> alerts) throws SQLException {
        var cases = new ArrayList<EventId>();
        var ids = new ArrayList<EventId>();
        alerts.forEach((kase, some) -> some.forEach(alert -> {
            cases.add(kase);
            ids.add(alert);
        }));
        var titles = new HashMap<EventId, String>();
        Sql.list(
                connection,
                """
                SELECT DISTINCT ON (w.case_id) w.case_id, a.title,
                    (SELECT e->>'value' FROM jsonb_array_elements(a.entities) e
                        WHERE e->>'type' IN ('host', 'user', 'email', 'container', 'ip') LIMIT 1) AS about
                FROM unnest(?::uuid[], ?::uuid[]) AS w (case_id, alert_id)
                JOIN alerts a ON a.tenant_id = ? AND a.alert_id = w.alert_id
                ORDER BY w.case_id, a.severity DESC, a.first_time, a.alert_id""",
                row -> {
                    var about = row.getString("about");
                    var title = row.getString("title") + (about == null ? "" : " on " + about);
                    return titles.put(Sql.id(row, "case_id"), title.substring(0, Math.min(512, title.length())));
                },
                Sql.ids(connection, cases),
                Sql.ids(connection, ids),
                tenant);
        return titles;
    }
}
