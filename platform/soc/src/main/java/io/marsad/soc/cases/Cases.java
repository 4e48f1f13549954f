package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.ConfidenceRows;
import io.marsad.soc.cases.CaseFilter.View;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cases of the tenant of the running {@link CallerScope}, to look at. What people do to them: {@link CaseWork}. Thread-safe. */
public final class Cases {
    /** The largest page. */
    public static final int MAX_PAGE = 500;

    private static final int HISTORY_SHOWN = 2_000;
    private static final int LINKS_SHOWN = 4_000;
    private static final int RELATED = 10;
    private static final String ACTIVE = "status IN ('open', 'investigating', 'contained')";
    private static final String UNASSIGNED = "assignee IS NULL AND severity >= 4 AND " + ACTIVE;
    /** Due is when the next thing has to be done. */
    private static final String QUEUE = " FROM cases c LEFT JOIN LATERAL (SELECT min(k.due) AS due FROM case_clocks k"
            + " WHERE k.tenant_id = c.tenant_id AND k.case_id = c.case_id AND k.met_at IS NULL) s ON true"
            + " WHERE c.tenant_id = ? AND c.merged_into IS NULL";

    private final Database database;
    private final InstantSource clock;

    public Cases(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    public CasePage list(CaseFilter filter, int limit, int offset) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var me = Actors.name(connection, CallerScope.current());
            var where = new StringBuilder();
            var values = new ArrayList<@Nullable Object>(List.of(tenant()));
            conditions(connection, filter, me, where, values);
            var total = Sql.one(connection, "SELECT count(*)" + QUEUE + where, row -> row.getLong(1), values.toArray());
            values.add(now);
            values.add(limit);
            values.add(offset);
            var ids = Sql.list(
                    connection,
                    "SELECT c.case_id" + QUEUE + where + " ORDER BY (s.due <= ?) DESC NULLS LAST, s.due NULLS LAST,"
                            + " c.severity DESC, c.number DESC LIMIT ? OFFSET ?",
                    row -> Sql.id(row, "case_id"),
                    values.toArray());
            return counted(connection, CaseReader.cases(connection, CallerScope.tenant(), ids), total, me, now);
        });
    }

    private static void conditions(
            Connection connection, CaseFilter filter, String me, StringBuilder where, List<@Nullable Object> values)
            throws SQLException {
        if (filter.view() == View.MINE) {
            where.append(" AND c.assignee = ?");
            values.add(me);
        } else if (filter.view() == View.UNASSIGNED) {
            where.append(" AND ").append(UNASSIGNED);
        }
        if (!filter.status().isEmpty()) {
            where.append(" AND c.status = ANY (?)");
            values.add(Sql.texts(
                    connection, filter.status().stream().map(CaseStatus::word).toList()));
        }
        if (!filter.severity().isEmpty()) {
            where.append(" AND c.severity = ANY (?)");
            values.add(connection.createArrayOf(
                    "smallint",
                    filter.severity().stream().map(s -> s.ordinal() + 1).toArray()));
        }
        if (filter.assignee() != null) {
            where.append(" AND c.assignee = ?");
            values.add(filter.assignee());
        }
        if (filter.words() != null) {
            for (String word : filter.words().strip().split("\\s+", 10)) {
                where.append(" AND c.title ILIKE ?");
                values.add('%' + word.replaceAll("([\\\\%_])", "\\\\$1") + '%');
            }
        }
    }

    private static CasePage counted(
            Connection connection, List<Case> cases, @Nullable Long total, String me, Instant now) throws SQLException {
        var page = Sql.one(
                connection,
                "SELECT count(*) FILTER (WHERE assignee = ? AND " + ACTIVE + "), count(*) FILTER (WHERE " + UNASSIGNED
                        + "), count(*) FILTER (WHERE " + ACTIVE + "), count(*) FILTER (WHERE due <= ?)" + QUEUE,
                row -> new CasePage(
                        cases,
                        total == null ? 0 : total,
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4)),
                me,
                now,
                tenant());
        return page == null ? new CasePage(cases, 0, 0, 0, 0, 0) : page;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Case find(EventId id) {
        return database.inCallerTenant(connection -> one(connection, id));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Case.Detail detail(EventId id) {
        return database.inCallerTenant(connection -> {
            var kase = one(connection, id);
            var rows = new CaseRows(connection, CallerScope.tenant());
            var book = rows.bookOf(() -> id, id);
            var act = kase.mergedInto() == null ? book.undoable(id) : null;
            return new Case.Detail(
                    kase,
                    CaseReader.alerts(connection, CallerScope.tenant(), id),
                    CaseReader.links(connection, tenant(), id, LINKS_SHOWN),
                    CaseReader.history(connection, tenant(), id, HISTORY_SHOWN),
                    CaseReader.tasks(connection, tenant(), id),
                    CaseReader.observables(connection, tenant(), id),
                    act == null ? null : undoable(connection, act, id),
                    ConfidenceRows.ofCase(connection, CallerScope.tenant(), id));
        });
    }

    /** The case as a document. @throws io.marsad.kernel.problem.ProblemException 404 */
    public String report(Case.Detail detail) {
        var at = now();
        return database.inCallerTenant(connection -> {
            var tenant = Sql.one(
                    connection, "SELECT name FROM tenants WHERE tenant_id = ?", row -> row.getString(1), tenant());
            var made = Sql.one(
                    connection,
                    "SELECT seq, encode(hash, 'hex') FROM case_evidence_heads WHERE tenant_id = ? AND case_id = ?",
                    row -> new CaseReport.Made(String.valueOf(tenant), at, row.getLong(1), row.getString(2)),
                    tenant(),
                    detail.kase().id());
            return CaseReport.markdown(
                    detail, made == null ? new CaseReport.Made(String.valueOf(tenant), at, 0, null) : made);
        });
    }

    private static @Nullable String undoable(Connection connection, CaseAct act, EventId kase) throws SQLException {
        return Sql.one(
                connection,
                "SELECT action || ': ' || detail AS words FROM case_history"
                        + " WHERE tenant_id = ? AND case_id = ? AND act_id = ? ORDER BY seq LIMIT 1",
                row -> row.getString(1),
                tenant(),
                kase,
                act.id());
    }

    /** Who can be given one: the names of those who can sign in here, by the alphabet; at most 500. */
    public List<String> people() {
        return database.inCallerTenant(connection -> Sql.list(
                connection,
                "SELECT username FROM users WHERE tenant_id = ? AND NOT disabled AND deleted_at IS NULL ORDER BY username_key LIMIT 500",
                row -> row.getString(1),
                tenant()));
    }

    /** The case that an alert is in; none when it is in none. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<Case> ofAlert(EventId alert) {
        return database.inCallerTenant(connection -> {
            if (Alerts.of(connection, CallerScope.tenant(), List.of(alert)).isEmpty()) {
                throw Problem.notFound("There is no such alert.").asException();
            }
            var ids = Sql.list(
                    connection,
                    "SELECT case_id FROM case_alerts WHERE tenant_id = ? AND alert_id = ?",
                    row -> Sql.id(row, "case_id"),
                    tenant(),
                    alert);
            return CaseReader.cases(connection, CallerScope.tenant(), ids);
        });
    }

    /** Cases that name the same, those with the rarest first; what raised the alerts does not count. */
    public List<Case.Related> related(EventId id) {
        return database.inCallerTenant(connection -> {
            one(connection, id);
            var scores = new HashMap<EventId, Double>();
            var shared = new LinkedHashMap<EventId, List<String>>();
            for (var row : CaseReader.shared(connection, tenant(), id)) {
                scores.merge(row.kase(), 1 / Math.log(1 + row.cases()), Double::sum);
                var names = shared.computeIfAbsent(row.kase(), _ -> new ArrayList<>());
                if (names.size() < 8) {
                    names.add(row.key());
                }
            }
            var best = scores.entrySet().stream()
                    .sorted(Map.Entry.<EventId, Double>comparingByValue()
                            .reversed()
                            .thenComparing(one -> one.getKey().toString()))
                    .limit(RELATED)
                    .toList();
            var cases = new HashMap<EventId, Case>();
            CaseReader.cases(
                            connection,
                            CallerScope.tenant(),
                            best.stream().map(Map.Entry::getKey).toList())
                    .forEach(kase -> cases.put(kase.id(), kase));
            var related = new ArrayList<Case.Related>();
            for (var one : best) {
                var kase = cases.get(one.getKey());
                if (kase != null) {
                    related.add(new Case.Related(kase, one.getValue(), shared.getOrDefault(one.getKey(), List.of())));
                }
            }
            return related;
        });
    }

    private static Case one(Connection connection, EventId id) throws SQLException {
        var cases = CaseReader.cases(connection, CallerScope.tenant(), List.of(id));
        if (cases.isEmpty()) {
            throw CaseWork.noSuchCase();
        }
        return cases.getFirst();
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
