package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Standing;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Until when a case has to be acknowledged, contained and resolved. The times are kept as instants, so that they go on while
 * the platform stands still; that one has passed is recorded once, by whoever sees it first.
 */
public final class CaseClocks {
    static final String WHO = "system:case-clocks";
    private static final int AT_ONCE = 500;
    private final Connection connection;
    private final String tenant;
    private final TenantId id;
    private final List<News> people = new ArrayList<>();

    CaseClocks(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant.value();
        this.id = tenant;
    }

    /** What the live feed says of those who were told that something of theirs is late. */
    List<News> people() {
        return people;
    }

    /** What has to be done in time. */
    public enum Goal {
        ACKNOWLEDGE,
        CONTAIN,
        RESOLVE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static Goal ofWord(String word) {
            return Arrays.stream(values())
                    .filter(goal -> goal.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("not a goal: acknowledge, contain or resolve"));
        }

        private boolean reached(Standing standing, boolean assigned) {
            return switch (this) {
                case ACKNOWLEDGE -> assigned || standing.status() != CaseStatus.OPEN;
                case CONTAIN -> !standing.status().active() || standing.status() == CaseStatus.CONTAINED;
                case RESOLVE -> !standing.status().active();
            };
        }
    }

    /**
     * One clock of a case.
     *
     * @param met when it was reached, late or not
     * @param breached when it was recorded that it was not reached in time
     */
    public record Clock(
            Goal goal,
            Instant due,
            @Nullable Instant met,
            @Nullable Instant breached) {}

    /** How long each goal may take; as the platform has it. */
    public static Duration usual(Severity severity, Goal goal) {
        return switch (severity) {
            case CRITICAL -> of(goal, Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(4));
            case HIGH -> of(goal, Duration.ofMinutes(30), Duration.ofHours(4), Duration.ofHours(8));
            case MEDIUM -> of(goal, Duration.ofHours(4), Duration.ofDays(1), Duration.ofDays(3));
            case LOW -> of(goal, Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(7));
            case INFORMATIONAL -> of(goal, Duration.ofDays(3), Duration.ofDays(7), Duration.ofDays(14));
        };
    }

    private static Duration of(Goal goal, Duration acknowledge, Duration contain, Duration resolve) {
        return switch (goal) {
            case ACKNOWLEDGE -> acknowledge;
            case CONTAIN -> contain;
            case RESOLVE -> resolve;
        };
    }

    private record Now(Severity severity, Standing standing, boolean assigned, Instant created) {}

    private record Target(Severity severity, Goal goal) {}

    private record Of(EventId kase, Now now, Map<Target, Duration> targets) {}

    private record Kept(
            Goal goal,
            Instant started,
            Instant due,
            @Nullable Instant met,
            @Nullable Instant breached) {}

    /** Whether the act begins the case again. */
    static boolean isReopening(EventId kase, CaseAct act) {
        return act.kind() == Kind.MOVED
                && act.shifts().stream().anyMatch(s -> s.kase().equals(kase) && ended(s.before()) && !ended(s.after()));
    }

    private static boolean ended(@Nullable Standing standing) {
        return standing != null && !standing.status().active();
    }

    /**
     * Makes the clocks as the cases are: begins those that are not there, stops those whose goal is reached, lets go on those
     * whose goal is not reached any more, and moves those that run where the severity has changed.
     */
    void settle(Collection<EventId> cases, Instant at, Set<EventId> reopened) throws SQLException {
        if (cases.isEmpty()) {
            return;
        }
        var kept = new HashMap<EventId, Map<Goal, Kept>>();
        Sql.list(
                connection,
                "SELECT case_id, kind, started_at, due, met_at, breached_at FROM case_clocks"
                        + " WHERE tenant_id = ? AND case_id = ANY (?)",
                row -> kept.computeIfAbsent(Sql.id(row, "case_id"), _ -> new EnumMap<>(Goal.class))
                        .put(Goal.ofWord(row.getString("kind")), kept(row)),
                tenant,
                Sql.ids(connection, cases));
        var targets = targets();
        var begun = new ArrayList<@Nullable Object[]>();
        for (var now : standing(cases).entrySet()) {
            var of = new Of(now.getKey(), now.getValue(), targets);
            settle(of, kept.getOrDefault(of.kase, Map.of()), at, reopened.contains(of.kase), begun);
        }
        Sql.runAll(
                connection,
                "INSERT INTO case_clocks (tenant_id, case_id, kind, started_at, due, met_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?::timestamptz)",
                begun);
    }

    private void settle(Of of, Map<Goal, Kept> kept, Instant at, boolean isReopening, List<@Nullable Object[]> begun)
            throws SQLException {
        var now = of.now;
        for (Goal goal : Goal.values()) {
            var before = kept.get(goal);
            boolean stops = now.standing.mergedInto() != null || goal.reached(now.standing, now.assigned);
            var target = of.targets.getOrDefault(new Target(now.severity, goal), usual(now.severity, goal));
            if (before == null) {
                begun.add(new @Nullable Object[] {
                    tenant, of.kase, goal.word(), now.created, now.created.plus(target), stops ? at.toString() : null
                });
            } else if (before.breached == null) {
                change(of.kase, before, next(before, at, stops, isReopening, target), at);
            } else if (stops && before.met == null) {
                met(of.kase, goal, at);
            }
        }
    }

    private Map<EventId, Now> standing(Collection<EventId> cases) throws SQLException {
        var standing = new LinkedHashMap<EventId, Now>();
        Sql.list(
                connection,
                "SELECT case_id, severity, status, merged_into, assignee, created_at FROM cases"
                        + " WHERE tenant_id = ? AND case_id = ANY (?) ORDER BY number",
                row -> standing.put(
                        Sql.id(row, "case_id"),
                        new Now(
                                Severity.ofRank(row.getInt("severity")),
                                CaseRows.standing(row),
                                row.getString("assignee") != null,
                                Sql.time(row, "created_at"))),
                tenant,
                Sql.ids(connection, cases));
        return standing;
    }

    /** What the tenant itself has set. */
    private Map<Target, Duration> targets() throws SQLException {
        var targets = new HashMap<Target, Duration>();
        Sql.list(
                connection,
                "SELECT severity, kind, seconds FROM case_targets WHERE tenant_id = ?",
                row -> targets.put(
                        new Target(Severity.ofRank(row.getInt("severity")), Goal.ofWord(row.getString("kind"))),
                        Duration.ofSeconds(row.getLong("seconds"))),
                tenant);
        return targets;
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                Goal.ofWord(row.getString("kind")),
                Sql.time(row, "started_at"),
                Sql.time(row, "due"),
                Sql.optionalTime(row, "met_at"),
                Sql.optionalTime(row, "breached_at"));
    }

    private static Kept next(Kept before, Instant at, boolean stops, boolean isReopening, Duration target) {
        if (stops) {
            return new Kept(before.goal, before.started, before.due, before.met == null ? at : before.met, null);
        }
        boolean isAnew = isReopening && before.met != null && before.goal != Goal.ACKNOWLEDGE;
        var started = isAnew ? at : before.started;
        boolean isKept = before.goal == Goal.ACKNOWLEDGE && before.met != null; // whoever has seen it has seen it
        return new Kept(before.goal, started, started.plus(target), isKept ? before.met : null, null);
    }

    private void change(EventId kase, Kept before, Kept after, Instant at) throws SQLException {
        if (before.met == null && !before.due.isAfter(at)) {
            breach(kase, before.goal, at); // seen here before the job saw it
            if (after.met != null) {
                met(kase, before.goal, at);
            }
            return;
        }
        if (!before.equals(after)) {
            Sql.run(
                    connection,
                    "UPDATE case_clocks SET started_at = ?, due = ?, met_at = ?::timestamptz"
                            + " WHERE tenant_id = ? AND case_id = ? AND kind = ?",
                    after.started,
                    after.due,
                    after.met == null ? null : after.met.toString(),
                    tenant,
                    kase,
                    after.goal.word());
        }
    }

    private void met(EventId kase, Goal goal, Instant at) throws SQLException {
        Sql.run(
                connection,
                "UPDATE case_clocks SET met_at = ? WHERE tenant_id = ? AND case_id = ? AND kind = ? AND met_at IS NULL",
                at,
                tenant,
                kase,
                goal.word());
    }

    /** Records it unless it was: whether it is recorded by this. */
    private boolean breach(EventId kase, Goal goal, Instant at) throws SQLException {
        int rows = Sql.run(
                connection,
                "UPDATE case_clocks SET breached_at = ? WHERE tenant_id = ? AND case_id = ? AND kind = ?"
                        + " AND breached_at IS NULL AND met_at IS NULL AND due <= ?",
                at,
                tenant,
                kase,
                goal.word(),
                at);
        if (rows == 0) {
            return false;
        }
        var who = CaseChange.Who.system(WHO, at);
        var change = new CaseChange(connection, id, who);
        var line = new CaseRows.Line(kase, "breached", "it was to be " + words(goal) + " by now", null);
        change.rows().history(List.of(line), who);
        change.audit("case.breached", kase, change.detail("goal", goal.word()));
        var assignee = Sql.one(
                connection,
                "SELECT assignee FROM cases WHERE tenant_id = ? AND case_id = ? AND assignee IS NOT NULL",
                row -> row.getString(1),
                tenant,
                kase);
        change.inbox(kase, InboxEntry.Kind.LATE, assignee == null ? List.of() : List.of(assignee));
        people.addAll(change.people());
        return true;
    }

    static String words(Goal goal) {
        return switch (goal) {
            case ACKNOWLEDGE -> "acknowledged";
            case CONTAIN -> "contained";
            case RESOLVE -> "resolved";
        };
    }

    private record Due(TenantId tenant, EventId kase, Goal goal) {}

    /**
     * Records what has passed, of all tenants; one question however many cases there are.
     *
     * @return how many were recorded
     */
    public static int breachDue(Database database, Instant now) {
        var due = database.<List<Due>>inInstallation(connection -> Sql.list(
                connection,
                "SELECT tenant_id, case_id, kind FROM case_clocks WHERE met_at IS NULL AND breached_at IS NULL"
                        + " AND due <= ? ORDER BY due LIMIT " + AT_ONCE,
                row -> new Due(
                        new TenantId(row.getString(1)), Sql.id(row, "case_id"), Goal.ofWord(row.getString("kind"))),
                now));
        var byTenant = new TreeMap<TenantId, List<Due>>(Comparator.comparing(TenantId::value));
        due.forEach(one ->
                byTenant.computeIfAbsent(one.tenant, _ -> new ArrayList<>()).add(one));
        int recorded = 0;
        for (Map.Entry<TenantId, List<Due>> one : byTenant.entrySet()) {
            recorded += database.<Integer>inTenant(
                    one.getKey(), connection -> breach(connection, one.getKey(), one.getValue(), now));
        }
        return recorded;
    }

    /** The same of one tenant, in its transaction and under its lock. */
    static void breachDue(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var due = Sql.list(
                connection,
                "SELECT case_id, kind FROM case_clocks WHERE tenant_id = ? AND met_at IS NULL AND breached_at IS NULL"
                        + " AND due <= ?",
                row -> new Due(tenant, Sql.id(row, "case_id"), Goal.ofWord(row.getString("kind"))),
                tenant.value(),
                now);
        breach(connection, tenant, due, now);
    }

    private static int breach(Connection connection, TenantId tenant, List<Due> due, Instant now) throws SQLException {
        CaseRows.lock(connection, tenant);
        var change = new CaseChange(connection, tenant, CaseChange.Who.system(WHO, now));
        int recorded = 0;
        for (Due one : due) {
            if (change.clocks().breach(one.kase, one.goal, now)) {
                change.refresh(List.of(one.kase));
                recorded++;
            }
        }
        change.tell();
        return recorded;
    }
}
