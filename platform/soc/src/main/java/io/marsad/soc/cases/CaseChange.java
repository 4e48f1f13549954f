package io.marsad.soc.cases;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.alert.AlertFollowers;
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
import java.util.HashMap;
import java.util.HashSet;
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
    private final List<AuditLog.Entry> entries = new ArrayList<>();
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
     * An act, and what is said of it.
     *
     * @param why each alert is in the case, where grouping knows
     * @param comment of the person, or empty
     */
    record Said(CaseAct act, Map<EventId, String> why, String comment) {}

    /** Makes what an act says true. */
    void write(CaseAct act, Map<EventId, String> why, String comment) throws SQLException {
        write(List.of(new Said(act, why, comment)));
    }

    /** Makes what acts say true, as if one were written after the other; no alert is moved by two of them. */
    void write(List<Said> all) throws SQLException {
        if (all.isEmpty()) {
            return;
        }
        rows.keep(all.stream().map(Said::act).toList());
        var begun = new LinkedHashMap<EventId, List<EventId>>();
        var moves = new ArrayList<Move>();
        var why = new HashMap<EventId, String>();
        for (Said one : all) {
            for (Move move : one.act.moves()) {
                moves.add(move);
                why.put(move.alert(), one.why.getOrDefault(move.alert(), byHand(one.act)));
            }
            for (Shift shift : one.act.shifts()) {
                if (shift.before() == null) {
                    begun.put(
                            shift.kase(),
                            one.act.moves().stream().map(Move::alert).toList());
                }
            }
        }
        rows.insert(begun, who);
        Outbox.put(
                connection,
                tenant,
                who.at(),
                List.of(AlertFollowers.PLAYBOOKS),
                begun.keySet().stream().map(EventId::uuid).toList());
        for (Said one : all) {
            for (Shift shift : one.act.shifts()) {
                if (shift.before() != null) {
                    rows.shift(shift);
                }
            }
        }
        rows.move(moves, why, who);
        settle(all);
    }

    /** What follows from acts for their cases: how they stand, history, clocks, and what is to be recorded. */
    private void settle(List<Said> all) throws SQLException {
        var times = new LinkedHashMap<EventId, Integer>();
        var reopened = new HashSet<EventId>();
        for (Said one : all) {
            for (EventId kase : one.act.cases()) {
                times.merge(kase, 1, Integer::sum);
                if (CaseClocks.isReopening(kase, one.act)) {
                    reopened.add(kase);
                }
            }
        }
        rows.refresh(times, who);
        var numbers = numbers(times.keySet());
        var lines = new ArrayList<CaseRows.Line>();
        for (Said one : all) {
            for (EventId kase : one.act.cases()) {
                CaseWords.lines(one.act, kase, numbers, one.comment)
                        .forEach((action, detail) -> lines.add(new CaseRows.Line(kase, action, detail, one.act.id())));
            }
        }
        rows.history(lines, who);
        clocks.settle(times.keySet(), who.at(), reopened);
        all.forEach(one -> entries.add(entry(one)));
        changed.addAll(times.keySet());
    }

    /** Something else that happened to the case. */
    void note(EventId kase, String action, String detail, String auditDetail) throws SQLException {
        rows.refresh(Map.of(kase, 1), who);
        rows.history(List.of(new CaseRows.Line(kase, action, detail, null)), who);
        audit("case." + action, kase, auditDetail);
        changed.add(kase);
    }

    void settle(EventId kase) throws SQLException {
        clocks.settle(Set.of(kase), who.at(), Set.of());
    }

    /** Only what follows from their alerts. */
    void refresh(Collection<EventId> cases) throws SQLException {
        var times = new LinkedHashMap<EventId, Integer>();
        cases.forEach(kase -> times.put(kase, 1));
        rows.refresh(times, who);
        clocks.settle(times.keySet(), who.at(), Set.of());
        changed.addAll(times.keySet());
    }

    /** Records in the audit log, which others of the tenant wait for from then on, what was not recorded yet. */
    private void keepEntries() throws SQLException {
        if (!entries.isEmpty()) {
            AuditLog.append(connection, tenant, entries);
            entries.clear();
        }
    }

    /** To be called at the end: tells those who look, last because it holds the tenant's place in the feed. */
    void tell() throws SQLException {
        keepEntries();
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
        keepEntries();
        AuditLog.append(
                connection, tenant, new AuditLog.Entry(who.at(), who.subject(), action, "case:" + kase, detail));
    }

    /** Of the case that it was done to; it names the others. */
    private AuditLog.Entry entry(Said said) {
        var act = said.act;
        var kase = act.kase();
        var alerts = act.moves().stream().map(move -> move.alert().toString()).toList();
        var shift = act.shifts().stream()
                .filter(one -> one.kase().equals(kase))
                .findFirst()
                .orElse(null);
        var before = shift == null ? null : shift.before();
        var undoes = act.undoes();
        var detail = CaseJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("act", act.id().toString());
            to.writeStringProperty("alerts", String.join(" ", alerts.subList(0, Math.min(50, alerts.size()))));
            to.writeStringProperty("count", Integer.toString(alerts.size()));
            to.writeStringProperty(
                    "cases",
                    String.join(" ", act.cases().stream().map(EventId::toString).toList()));
            CaseJson.text(to, "before", before == null ? null : before.status().word());
            CaseJson.text(
                    to, "after", shift == null ? null : shift.after().status().word());
            CaseJson.text(to, "undoes", undoes == null ? null : undoes.toString());
            to.writeStringProperty("comment", said.comment);
            to.writeEndObject();
        });
        return new AuditLog.Entry(who.at(), who.subject(), "case." + act.kind().word(), "case:" + kase, detail);
    }

    private Map<EventId, Long> numbers(Set<EventId> cases) throws SQLException {
        var numbers = new LinkedHashMap<EventId, Long>();
        Sql.list(
                connection,
                "SELECT case_id, number FROM cases WHERE tenant_id = ? AND case_id = ANY (?)",
                row -> numbers.put(Sql.id(row, "case_id"), row.getLong("number")),
                tenant.value(),
                Sql.ids(connection, cases));
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
