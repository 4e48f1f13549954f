package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Goal;
import io.marsad.soc.live.LiveFeed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/** How long the tenant of the running {@link CallerScope} gives itself for its cases. Thread-safe. */
public final class CaseTargets {
    /** The shortest. */
    public static final Duration SHORTEST = Duration.ofMinutes(1);

    /** The longest. */
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final int MOST_TOLD = 100;

    private final Database database;
    private final InstantSource clock;

    public CaseTargets(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Until when one goal is to be reached.
     *
     * @param own the tenant's; or else the platform's usual
     */
    public record Target(Severity severity, Goal goal, Duration within, boolean own) {}

    /** One that a tenant gives itself. */
    public record Wanted(Severity severity, Goal goal, Duration within) {}

    /** All, the worst severity first, each severity's in the order of the goals. */
    public List<Target> all() {
        return database.inCallerTenant(CaseTargets::read);
    }

    /**
     * Makes these the tenant's own; what is not among them is as the platform has it. Clocks that run follow at once; what is
     * late by the targets until now is recorded first, so that nobody becomes punctual by this.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code target-twice}; 422 {@code invalid-target} for one that is
     *     too short or too long, {@code targets-out-of-order} where something is due before what comes before it
     */
    public List<Target> change(List<Wanted> wanted) {
        requireSound(wanted);
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            CaseRows.lock(connection, caller.tenant());
            CaseClocks.breachDue(connection, caller.tenant(), now);
            var before = read(connection);
            Sql.run(connection, "DELETE FROM case_targets WHERE tenant_id = ?", tenant());
            for (Wanted one : wanted) {
                Sql.run(
                        connection,
                        "INSERT INTO case_targets VALUES (?, ?, ?, ?)",
                        tenant(),
                        one.severity.rank(),
                        one.goal.word(),
                        one.within.toSeconds());
            }
            var after = read(connection);
            requireOrder(after);
            var moved = new LinkedHashSet<EventId>();
            for (Target target : after) {
                moved.addAll(move(connection, target));
            }
            var detail = AuditLog.detail(connection, "before", words(before), "after", words(after));
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(now, caller.subject(), "case.targets", "cases:targets", detail));
            LiveFeed.append(
                    connection,
                    caller.tenant(),
                    now,
                    moved.stream().limit(MOST_TOLD).map(CaseChange::news).toList());
            return after;
        });
    }

    private static void requireSound(List<Wanted> wanted) {
        var seen = new HashSet<String>();
        for (Wanted one : wanted) {
            if (!seen.add(one.severity.word() + ' ' + one.goal.word())) {
                throw Problem.badRequest(
                                "target-twice",
                                "There are two targets for " + one.severity.word() + ", " + one.goal.word() + '.')
                        .asException();
            }
            if (one.within.compareTo(SHORTEST) < 0 || one.within.compareTo(LONGEST) > 0) {
                throw Problem.unprocessable(
                                "invalid-target",
                                "The target for " + one.severity.word() + ", " + one.goal.word() + ", is "
                                        + one.within.toSeconds() + " s; it has to be " + SHORTEST.toSeconds() + " s to "
                                        + LONGEST.toDays() + " days.")
                        .asException();
            }
        }
    }

    private static void requireOrder(List<Target> all) {
        for (int i = 1; i < all.size(); i++) {
            var before = all.get(i - 1);
            var after = all.get(i);
            if (before.severity == after.severity && after.within.compareTo(before.within) < 0) {
                throw Problem.unprocessable(
                                "targets-out-of-order",
                                "Cases of severity " + after.severity.word() + " would have to be "
                                        + CaseClocks.words(after.goal) + " before they have to be "
                                        + CaseClocks.words(before.goal) + ": " + words(after) + " is less than "
                                        + words(before) + '.')
                        .asException();
            }
        }
    }

    /** The clocks that run, and are not late: which cases they are of. */
    private static List<EventId> move(Connection connection, Target target) throws SQLException {
        return Sql.list(
                connection,
                "UPDATE case_clocks k SET due = k.started_at + make_interval(secs => ?) FROM cases c"
                        + " WHERE k.tenant_id = ? AND c.tenant_id = k.tenant_id AND c.case_id = k.case_id"
                        + " AND c.severity = ? AND k.kind = ? AND k.met_at IS NULL AND k.breached_at IS NULL"
                        + " AND k.due <> k.started_at + make_interval(secs => ?) RETURNING k.case_id",
                row -> Sql.id(row, "case_id"),
                (double) target.within.toSeconds(),
                tenant(),
                target.severity.rank(),
                target.goal.word(),
                (double) target.within.toSeconds());
    }

    private static List<Target> read(Connection connection) throws SQLException {
        record Own(Severity severity, Goal goal) {}
        var own = new HashMap<Own, Duration>();
        Sql.list(
                connection,
                "SELECT severity, kind, seconds FROM case_targets WHERE tenant_id = ?",
                row -> own.put(
                        new Own(Severity.ofRank(row.getInt("severity")), Goal.ofWord(row.getString("kind"))),
                        Duration.ofSeconds(row.getLong("seconds"))),
                tenant());
        var all = new ArrayList<Target>();
        for (Severity severity : List.of(Severity.values()).reversed()) {
            for (Goal goal : Goal.values()) {
                var within = own.get(new Own(severity, goal));
                all.add(
                        within == null
                                ? new Target(severity, goal, CaseClocks.usual(severity, goal), false)
                                : new Target(severity, goal, within, true));
            }
        }
        return all;
    }

    private static String words(List<Target> targets) {
        var own = targets.stream()
                .filter(Target::own)
                .map(one -> one.severity.word() + ' ' + one.goal.word() + ' ' + words(one))
                .toList();
        return own.isEmpty() ? "as the platform has them" : String.join(", ", own);
    }

    private static String words(Target target) {
        return target.within.toString();
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }
}
