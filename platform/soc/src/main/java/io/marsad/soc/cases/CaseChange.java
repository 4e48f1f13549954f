package io.marsad.soc.cases;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Move;
import io.marsad.soc.cases.CaseAct.Shift;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.InboxRows;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One transaction's changes of cases: rows, history, clocks, audit and, last, the live feed. For one thread. */
final class CaseChange {
    private final Connection connection;
    private final TenantId tenant;
    private final Who who;
    private final CaseRows rows;
    private final CaseClocks clocks;
    private final Set<EventId> changed = new LinkedHashSet<>();
    private final List<News> people = new ArrayList<>();

    /**
     * Who acts, and when.
     *
     * @param subject as the audit names it
     * @param name as people call it
     */
    record Who(String subject, String name, Instant at) {
        static final String GROUPING = "system:grouping";

        static Who system(String worker, Instant at) {
            return new Who(worker, worker, at);
        }

        static Who caller(Connection connection, Caller caller, Instant at) throws SQLException {
            return new Who(caller.subject(), Actors.name(connection, caller), at);
        }

        /** Not the platform itself. */
        boolean isPerson() {
            return !subject.equals(GROUPING) && !subject.equals(CaseClocks.WHO);
        }
    }

    CaseChange(Connection connection, TenantId tenant, Who who) {
        this.connection = connection;
        this.tenant = tenant;
        this.who = who;
        this.rows = new CaseRows(connection, tenant);
        this.clocks = new CaseClocks(connection, tenant);
    }

    CaseRows rows() {
        return rows;
    }

    CaseClocks clocks() {
        return clocks;
    }

    /** What the live feed says of those who have something new in their inbox. */
    List<News> people() {
        return people;
    }

    /** Of whoever acts, as people call them. */
    String name() {
        return who.name();
    }

    /**
     * Makes what an act says true.
     *
     * @param why each alert is in the case, where grouping knows
     * @param comment of the person, or empty
     */
    void write(CaseAct act, Map<EventId, String> why, String comment) throws SQLException {
        rows.keep(act);
        for (Shift shift : act.shifts()) {
            if (shift.before() == null) {
                var alerts = act.moves().stream().map(Move::alert).toList();
                rows.insert(shift.kase(), rows.title(alerts), who);
            }
        }
        for (Shift shift : act.shifts()) {
            rows.shift(shift);
        }
        for (Move move : act.moves()) {
            rows.move(move, why.getOrDefault(move.alert(), byHand(act)), who);
        }
        for (EventId kase : act.cases()) {
            rows.refresh(kase, who);
            for (var line : CaseWords.lines(act, kase, numbers(act), comment).entrySet()) {
                rows.history(kase, who, line.getKey(), line.getValue(), act.id());
            }
            clocks.follow(kase, who.at(), act);
            audit(act, kase, comment);
            changed.add(kase);
        }
    }

    /** Something else that happened to the case. */
    void note(EventId kase, String action, String detail, String auditDetail) throws SQLException {
        rows.refresh(kase, who);
        rows.history(kase, who, action, detail, null);
        audit("case." + action, kase, auditDetail);
        changed.add(kase);
    }

    void settle(EventId kase) throws SQLException {
        clocks.settle(kase, who.at(), false);
    }

    /** Only what follows from its alerts. */
    void refresh(EventId kase) throws SQLException {
        rows.refresh(kase, who);
        clocks.settle(kase, who.at(), false);
        changed.add(kase);
    }

    /** Tells those who look: last, because it holds the tenant's place in the feed. */
    void tell() throws SQLException {
        var news = new ArrayList<News>();
        for (EventId kase : changed) {
            news.add(news(kase));
        }
        news.addAll(people);
        news.addAll(clocks.people());
        LiveFeed.append(connection, tenant, who.at(), news);
    }

    /** Puts it into the inbox of those of these that have an account here; not of whoever does it. */
    void inbox(EventId kase, InboxEntry.Kind kind, Collection<String> names) throws SQLException {
        if (names.isEmpty()) {
            return;
        }
        var telling = Sql.one(
                connection,
                "SELECT number, title FROM cases WHERE tenant_id = ? AND case_id = ?",
                row -> new InboxRows.Telling(
                        kind,
                        InboxEntry.About.CASE,
                        kase,
                        row.getLong("number"),
                        1,
                        row.getString("title"),
                        who.name()),
                tenant.value(),
                kase);
        if (telling != null) {
            people.addAll(InboxRows.tell(connection, tenant, who.at(), names, telling));
        }
    }

    static News news(EventId kase) {
        return new News("case.updated", "{\"id\":\"" + kase + "\"}");
    }

    String detail(@Nullable String... pairs) throws SQLException {
        return AuditLog.detail(connection, pairs);
    }

    void audit(String action, EventId kase, String detail) throws SQLException {
        AuditLog.append(
                connection, tenant, new AuditLog.Entry(who.at(), who.subject(), action, "case:" + kase, detail));
    }

    private void audit(CaseAct act, EventId kase, String comment) throws SQLException {
        if (!kase.equals(act.kase())) {
            return; // the entry of the case that it was done to names the others
        }
        var alerts = act.moves().stream().map(move -> move.alert().toString()).toList();
        var shift = act.shifts().stream()
                .filter(one -> one.kase().equals(kase))
                .findFirst()
                .orElse(null);
        var before = shift == null ? null : shift.before();
        audit(
                "case." + act.kind().word(),
                kase,
                detail(
                        "act",
                        act.id().toString(),
                        "alerts",
                        String.join(" ", alerts.subList(0, Math.min(50, alerts.size()))),
                        "count",
                        Integer.toString(alerts.size()),
                        "cases",
                        String.join(
                                " ", act.cases().stream().map(EventId::toString).toList()),
                        "before",
                        before == null ? null : before.status().word(),
                        "after",
                        shift == null ? null : shift.after().status().word(),
                        "undoes",
                        act.undoes() == null ? null : act.undoes().toString(),
                        "comment",
                        comment));
    }

    private Map<EventId, Long> numbers(CaseAct act) throws SQLException {
        var numbers = new LinkedHashMap<EventId, Long>();
        for (var one : Sql.list(
                connection,
                "SELECT case_id, number FROM cases WHERE tenant_id = ? AND case_id = ANY (?)",
                row -> Map.entry(Sql.id(row, "case_id"), row.getLong("number")),
                tenant.value(),
                Sql.ids(connection, act.cases()))) {
            numbers.put(one.getKey(), one.getValue());
        }
        return numbers;
    }

    private String byHand(CaseAct act) {
        return act.kind() == Kind.UNDONE ? "Put back by " + who.name() + "." : "Linked by " + who.name() + ".";
    }

    /** For whoever has to know which cases it was about. */
    List<EventId> changed() {
        return List.copyOf(changed);
    }
}
