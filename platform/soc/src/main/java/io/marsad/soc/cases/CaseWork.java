package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.Mentions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What people do to cases, in the tenant of the running {@link CallerScope}: state, history, audit and live feed in one
 * transaction. Thread-safe.
 *
 * <p>All throw {@link io.marsad.kernel.problem.ProblemException}: 404 where there is no such case or alert, 422 for what is
 * not possible as the case is, 409 {@code version-conflict} where a version is given and the case has another by now.
 */
public final class CaseWork {
    /** Alerts in one call. */
    public static final int MOST_AT_ONCE = 500;

    private static final int MAX_COMMENT = 4_000;
    private static final int MAX_TITLE = 512;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    public CaseWork(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** Uses the book; the change is told when it returns. */
    @FunctionalInterface
    private interface Doing<T> {
        T run(Connection connection, CaseChange change) throws SQLException;
    }

    /**
     * What is to be changed; null leaves it.
     *
     * @param assignee an account's name; empty for nobody
     */
    public record Edit(
            @Nullable String title,
            @Nullable Severity severity,
            @Nullable String assignee) {}

    /** Opens one by hand, with alerts or without. */
    public EventId open(String title, Severity severity, Collection<EventId> alerts) {
        requireText(title, MAX_TITLE, "title");
        return doing((connection, change) -> {
            var some = alerts(connection, alerts);
            var book = change.rows().book(this::id, List.of(), some);
            var kase = id();
            var act = book.begin(kase, some);
            change.write(act, Map.of(), "");
            Sql.run(
                    connection,
                    "UPDATE cases SET title = ?, titled = true, severity = ?, rated = true"
                            + " WHERE tenant_id = ? AND case_id = ?",
                    title.strip(),
                    severity.ordinal() + 1,
                    tenant(),
                    kase);
            change.settle(kase);
            return kase;
        });
    }

    /** A step of the lifecycle. */
    public boolean move(EventId kase, CaseStatus to, String comment, @Nullable Integer version) {
        requireComment(comment);
        return doing((connection, change) -> {
            existing(connection, kase, version);
            var act = change.rows().book(this::id, List.of(kase), List.of()).move(kase, to);
            change.write(act, Map.of(), comment);
            return true;
        });
    }

    /** Gives it a title, a severity or somebody who has it. */
    public boolean edit(EventId kase, Edit edit, @Nullable Integer version) {
        if (edit.title != null) {
            requireText(edit.title, MAX_TITLE, "title");
        }
        return doing((connection, change) -> {
            existing(connection, kase, version);
            if (edit.title != null) {
                Sql.run(
                        connection,
                        "UPDATE cases SET title = ?, titled = true WHERE tenant_id = ? AND case_id = ?",
                        edit.title.strip(),
                        tenant(),
                        kase);
                change.note(kase, "renamed", edit.title.strip(), change.detail("title", edit.title.strip()));
            }
            if (edit.severity != null) {
                Sql.run(
                        connection,
                        "UPDATE cases SET severity = ?, rated = true WHERE tenant_id = ? AND case_id = ?",
                        edit.severity.ordinal() + 1,
                        tenant(),
                        kase);
                change.note(
                        kase,
                        "rated",
                        "severity " + edit.severity.word(),
                        change.detail("severity", edit.severity.word()));
            }
            if (edit.assignee != null) {
                assign(connection, change, kase, edit.assignee.strip());
            }
            change.settle(kase);
            return true;
        });
    }

    private static void assign(Connection connection, CaseChange change, EventId kase, String wanted)
            throws SQLException {
        var name = wanted.isEmpty() ? null : account(connection, wanted, change.name());
        int changed = Sql.run(
                connection,
                "UPDATE cases SET assignee = ?::text WHERE tenant_id = ? AND case_id = ?"
                        + " AND assignee IS DISTINCT FROM ?::text",
                name,
                tenant(),
                kase,
                name);
        change.note(
                kase,
                "assigned",
                name == null ? "to nobody" : "to " + name,
                change.detail("assignee", name == null ? "" : name));
        if (name != null && changed > 0) {
            change.inbox(kase, InboxEntry.Kind.ASSIGNED, List.of(name));
        }
    }

    /** The account's name as it is written, for those who can sign in here. */
    static String account(Connection connection, String wanted, String me) throws SQLException {
        if (wanted.equalsIgnoreCase(me)) {
            return me;
        }
        var name = Sql.one(
                connection,
                "SELECT username FROM users WHERE tenant_id = ? AND username_key = ? AND NOT disabled",
                row -> row.getString(1),
                tenant(),
                wanted.toLowerCase(Locale.ROOT));
        if (name == null) {
            throw Problem.unprocessable("no-such-user", "There is no account of that name that can sign in here.")
                    .asException();
        }
        return name;
    }

    /** Says something about it. */
    public boolean comment(EventId kase, String text) {
        requireText(text, MAX_COMMENT, "comment");
        return doing((connection, change) -> {
            existing(connection, kase, null);
            change.note(kase, "commented", text.strip(), change.detail("comment", text.strip()));
            change.inbox(kase, InboxEntry.Kind.MENTIONED, Mentions.of(text));
            return true;
        });
    }

    /** Something that has to be done. @return its id */
    public EventId addTask(EventId kase, String title, @Nullable String assignee) {
        requireText(title, MAX_TITLE, "title");
        return doing((connection, change) -> {
            existing(connection, kase, null);
            var task = id();
            new CaseTasks(connection, tenant(), change).add(kase, task, title.strip(), assignee, now());
            return task;
        });
    }

    /** It is done, or it is not after all. */
    public boolean finishTask(EventId kase, EventId task, boolean isDone) {
        return doing((connection, change) -> {
            existing(connection, kase, null);
            new CaseTasks(connection, tenant(), change).done(kase, task, isDone, now());
            return true;
        });
    }

    /** Something that it is about and that no alert names. */
    public boolean addObservable(EventId kase, Entity.Kind kind, String value, String note) {
        requireText(value, MAX_TITLE, "value");
        requireComment(note);
        return doing((connection, change) -> {
            existing(connection, kase, null);
            new CaseTasks(connection, tenant(), change).observable(kase, kind, value.strip(), note.strip(), now());
            return true;
        });
    }

    /** Puts alerts in, also from other cases. */
    public boolean link(EventId kase, Set<EventId> alerts, String comment) {
        return grouping(kase, alerts, comment, book -> book.link(kase, alerts));
    }

    /** Takes alerts out; grouping does not put them back. */
    public boolean unlink(EventId kase, Set<EventId> alerts, String comment) {
        return grouping(kase, alerts, comment, book -> book.unlink(kase, alerts));
    }

    /** Makes a case of some of its alerts. */
    public EventId split(EventId kase, Set<EventId> alerts, String comment) {
        requireComment(comment);
        return doing((connection, change) -> {
            existing(connection, kase, null);
            var some = alerts(connection, alerts);
            var act = change.rows().book(this::id, List.of(kase), some).split(kase, some);
            change.write(act, Map.of(), comment);
            return act.shifts().getFirst().kase();
        });
    }

    /** Makes others part of it. */
    public boolean merge(EventId into, Set<EventId> others, String comment) {
        requireComment(comment);
        return doing((connection, change) -> {
            var all = new HashSet<>(others);
            all.add(into);
            for (EventId one : all) {
                existing(connection, one, null);
            }
            var act = change.rows().book(this::id, all, List.of()).merge(into, others);
            change.write(act, Map.of(), comment);
            return true;
        });
    }

    /** Undoes the last act that changed which alerts are in it. */
    public boolean undo(EventId kase, String comment) {
        requireComment(comment);
        return doing((connection, change) -> {
            existing(connection, kase, null);
            var act = change.rows().bookOf(this::id, kase).undo(kase);
            change.write(act, Map.of(), comment);
            return true;
        });
    }

    @FunctionalInterface
    private interface Grouped {
        CaseAct act(CaseBook book);
    }

    private boolean grouping(EventId kase, Set<EventId> alerts, String comment, Grouped grouped) {
        requireComment(comment);
        return doing((connection, change) -> {
            existing(connection, kase, null);
            var some = alerts(connection, alerts);
            var act = grouped.act(change.rows().book(this::id, List.of(kase), some));
            change.write(act, Map.of(), comment);
            return true;
        });
    }

    private <T> T doing(Doing<T> work) {
        var at = now();
        return database.<T>inCallerTenant(connection -> {
            var caller = CallerScope.current();
            CaseRows.lock(connection, caller.tenant());
            var who = CaseChange.Who.caller(connection, caller, at);
            var change = new CaseChange(connection, caller.tenant(), who);
            var result = work.run(connection, change);
            change.tell();
            return result;
        });
    }

    static void existing(Connection connection, EventId kase, @Nullable Integer version) throws SQLException {
        var now = Sql.one(
                connection,
                "SELECT version FROM cases WHERE tenant_id = ? AND case_id = ? FOR NO KEY UPDATE",
                row -> row.getInt(1),
                tenant(),
                kase);
        if (now == null) {
            throw noSuchCase();
        }
        if (version != null && !version.equals(now)) {
            throw Problem.conflict("version-conflict", "The case has changed since: it is at version " + now + ".")
                    .asException();
        }
    }

    static RuntimeException noSuchCase() {
        return Problem.notFound("There is no such case.").asException();
    }

    private static Set<EventId> alerts(Connection connection, Collection<EventId> wanted) throws SQLException {
        if (wanted.size() > MOST_AT_ONCE) {
            throw Problem.badRequest("too-many-alerts", "At most " + MOST_AT_ONCE + " alerts at once.")
                    .asException();
        }
        var there = new HashSet<>(Sql.list(
                connection,
                "SELECT alert_id FROM alerts WHERE tenant_id = ? AND alert_id = ANY (?)",
                row -> Sql.id(row, "alert_id"),
                tenant(),
                Sql.ids(connection, wanted)));
        if (!there.containsAll(wanted)) {
            throw Problem.notFound("One of the alerts is not there.").asException();
        }
        return there;
    }

    static void requireComment(String comment) {
        if (comment.length() > MAX_COMMENT) {
            throw Problem.badRequest("comment-too-long", "A comment has at most " + MAX_COMMENT + " characters.")
                    .asException();
        }
    }

    static void requireText(String text, int most, String what) {
        if (text.isBlank() || text.length() > most) {
            throw Problem.badRequest("invalid-" + what, "A " + what + " has 1 to " + most + " characters.")
                    .asException();
        }
    }

    private EventId id() {
        return EventId.atTime(clock.millis(), random.nextLong(), random.nextLong());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }
}
