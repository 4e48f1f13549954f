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
import java.util.LinkedHashSet;
import java.util.List;
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
                        + " ORDER BY case_id FOR UPDATE",
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

    /** Keeps an act in the order of acts. */
    void keep(CaseAct act) throws SQLException {
        var seq = Sql.one(
                connection,
                "INSERT INTO case_numbers AS n (tenant_id, last, acts) VALUES (?, 0, 1)"
                        + " ON CONFLICT (tenant_id) DO UPDATE SET acts = n.acts + 1 RETURNING acts",
                row -> row.getLong(1),
                tenant);
        Sql.run(
                connection,
                "INSERT INTO case_acts (tenant_id, act_id, seq, kind, act) VALUES (?, ?, ?, ?, ?::jsonb)",
                tenant,
                act.id(),
                seq,
                act.kind().word(),
                CaseJson.act(act));
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

    /** @return its number */
    long insert(EventId kase, String title, CaseChange.Who who) throws SQLException {
        var number = Sql.one(
                connection,
                "INSERT INTO case_numbers AS n (tenant_id, last) VALUES (?, 1)"
                        + " ON CONFLICT (tenant_id) DO UPDATE SET last = n.last + 1 RETURNING last",
                row -> row.getLong(1),
                tenant);
        Sql.run(
                connection,
                "INSERT INTO cases (tenant_id, case_id, number, title, severity, status, touched, opened_by,"
                        + " created_at, updated_at, version) VALUES (?, ?, ?, ?, 1, 'open', ?, ?, ?, ?, 0)",
                tenant,
                kase,
                number,
                title,
                who.isPerson(),
                who.name(),
                who.at(),
                who.at());
        return number == null ? 0 : number;
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

    void move(Move move, String why, CaseChange.Who who) throws SQLException {
        var to = move.to();
        if (to == null) {
            Sql.run(connection, "DELETE FROM case_alerts WHERE tenant_id = ? AND alert_id = ?", tenant, move.alert());
        } else if (move.from() == null) {
            Sql.run(
                    connection,
                    "INSERT INTO case_alerts (tenant_id, alert_id, case_id, linked_at, linked_by, why)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    tenant,
                    move.alert(),
                    to,
                    who.at(),
                    who.name(),
                    why);
        } else { // why it came into a case stays true when that case becomes part of another
            Sql.run(
                    connection,
                    "UPDATE case_alerts SET case_id = ? WHERE tenant_id = ? AND alert_id = ?",
                    to,
                    tenant,
                    move.alert());
        }
    }

    /** What follows from the alerts that are in it now. */
    void refresh(EventId kase, CaseChange.Who who) throws SQLException {
        Sql.run(connection, """
                UPDATE cases c SET alert_count = s.n, first_time = s.f, last_time = s.l, attack = s.attack,
                    severity = CASE WHEN c.rated OR s.n = 0 THEN c.severity ELSE s.worst END,
                    touched = c.touched OR ?, updated_at = ?, version = c.version + 1
                FROM (SELECT count(*) AS n, min(a.first_time) AS f, max(a.time) AS l, max(a.severity) AS worst,
                        coalesce((SELECT array_agg(DISTINCT t ORDER BY t) FROM case_alerts k2
                            JOIN alerts a2 ON a2.tenant_id = k2.tenant_id AND a2.alert_id = k2.alert_id,
                            unnest(a2.attack) AS t WHERE k2.tenant_id = ? AND k2.case_id = ?), '{}') AS attack
                    FROM case_alerts k JOIN alerts a ON a.tenant_id = k.tenant_id AND a.alert_id = k.alert_id
                    WHERE k.tenant_id = ? AND k.case_id = ?) s
                WHERE c.tenant_id = ? AND c.case_id = ?""", who.isPerson(), who.at(), tenant, kase, tenant, kase, tenant, kase);
    }

    /** One more entry of what happened to it. */
    void history(EventId kase, CaseChange.Who who, String action, String detail, @Nullable EventId act)
            throws SQLException {
        Sql.run(
                connection,
                "INSERT INTO case_history (tenant_id, case_id, seq, at, actor, action, detail, act_id)"
                        + " SELECT ?, ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? FROM case_history"
                        + " WHERE tenant_id = ? AND case_id = ?",
                tenant,
                kase,
                who.at(),
                who.name(),
                action,
                detail,
                act == null ? null : act.uuid(),
                tenant,
                kase);
    }

    /** What a case is called that is made of these alerts: the worst of them, and whom it is about. */
    String title(Collection<EventId> alerts) throws SQLException {
        var title = Sql.one(
                connection,
                """
                SELECT title, (SELECT e->>'value' FROM jsonb_array_elements(entities) e
                    WHERE e->>'type' IN ('host', 'user', 'email', 'container', 'ip') LIMIT 1) AS about
                FROM alerts WHERE tenant_id = ? AND alert_id = ANY (?)
                ORDER BY severity DESC, first_time, alert_id LIMIT 1""",
                row -> {
                    var about = row.getString("about");
                    return row.getString("title") + (about == null ? "" : " on " + about);
                },
                tenant,
                Sql.ids(connection, alerts));
        return title == null ? "Case without alerts" : title.substring(0, Math.min(512, title.length()));
    }
}
