package io.marsad.soc.schedule;

import io.marsad.db.Cron;
import io.marsad.db.Database;
import io.marsad.db.Jobs;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.identity.Permission;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of all tenants, and the runner. Methods for callers act for the caller's tenant: everybody sees a tenant's
 * schedules, their owner and who has {@code searches:manage} change them. Every change is in the audit log.
 *
 * <p>Thread-safe.
 */
public final class Schedules implements AutoCloseable {
    /** So many may a tenant have. */
    public static final int MOST = 100;

    private static final int THREADS = 2;
    private static final int RUNS_LISTED = 200;

    private final Database database;
    private final Searching searching;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Jobs jobs;

    /**
     * @param lookEvery how often it is asked what is due
     * @param random used by one thread at a time
     */
    public Schedules(
            Database database,
            Alerts alerts,
            Searching searching,
            Duration lookEvery,
            InstantSource clock,
            RandomGenerator random) {
        this.database = database;
        this.searching = searching;
        this.clock = clock;
        this.random = random;
        var runner = new Runner(database, alerts, searching, clock);
        jobs = Jobs.start(database, new Jobs.Settings("schedule", THREADS, lookEvery), runner::run, clock);
    }

    /** Sees to it that what is on is due: a stop may have come between the two. */
    public void recover(TenantId tenant) {
        for (var schedule : database.inTenant(tenant, ScheduleRows::list)) {
            var next = schedule.next();
            if (next != null) {
                jobs.ensure(job(tenant, schedule.id()), next);
            }
        }
    }

    private static String job(TenantId tenant, EventId id) {
        return tenant.value() + "/" + id;
    }

    /** By name. */
    public List<Schedule> list() {
        return database.inCallerTenant(ScheduleRows::list);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when the caller's tenant has no such schedule */
    public Schedule find(EventId id) {
        return database.inCallerTenant(connection -> known(connection, id));
    }

    /** Whether the caller may change or delete it. */
    public static boolean mayChange(Schedule schedule) {
        var caller = CallerScope.current();
        return schedule.owner().equals(caller.subject()) || caller.may(Permission.SEARCHES_MANAGE);
    }

    /**
     * It looks at events from now on.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-schedule}; 403 when it is to raise alerts and the
     *     caller may not; 409 {@code too-many-schedules}
     */
    public Schedule create(Schedule.Content content, boolean enabled) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        requireSound(content, now);
        var id = newId(now);
        var position = new Schedule.Position(searching.searchable(), now, now);
        var made = new Schedule(id, caller.subject(), "", content, enabled, position, null, now, now, 1);
        database.inCallerTenant(connection -> {
            if (ScheduleRows.count(connection) >= MOST) {
                throw Problem.conflict("too-many-schedules", "A tenant has at most " + MOST + " schedules.")
                        .asException();
            }
            ScheduleRows.insert(connection, caller.tenant().value(), made);
            audit(connection, now, "schedule.create", id);
            return true;
        });
        return plan(caller.tenant(), id);
    }

    /** @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404; 409 {@code changed-meanwhile} */
    public Schedule update(EventId id, Schedule.Content content, int version) {
        var now = Instant.ofEpochMilli(clock.millis());
        requireSound(content, now);
        database.inCallerTenant(connection -> {
            var schedule = changeable(connection, id);
            if (!ScheduleRows.update(connection, id, content, now, version)) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "The schedule was changed meanwhile: it has version " + schedule.version() + " now.")
                        .asException();
            }
            audit(connection, now, "schedule.update", id);
            return true;
        });
        return plan(CallerScope.tenant(), id);
    }

    /** Turns it on or off. Turned on, it looks at events from now on. */
    public Schedule enable(EventId id, boolean enabled) {
        var now = Instant.ofEpochMilli(clock.millis());
        long offset = searching.searchable();
        database.inCallerTenant(connection -> {
            var schedule = changeable(connection, id);
            if (schedule.enabled() != enabled) {
                ScheduleRows.enable(connection, id, enabled, new Schedule.Position(offset, now, now));
                audit(connection, now, enabled ? "schedule.enable" : "schedule.disable", id);
            }
            return true;
        });
        return plan(CallerScope.tenant(), id);
    }

    /** Its runs go with it; alerts that it raised stay. */
    public void delete(EventId id) {
        var now = clock.instant();
        database.inCallerTenant(connection -> {
            changeable(connection, id);
            ScheduleRows.delete(connection, id);
            audit(connection, now, "schedule.delete", id);
            return true;
        });
        jobs.cancel(job(CallerScope.tenant(), id));
    }

    /**
     * Has it run now, over what came in since the last run; what is planned stays.
     *
     * @throws io.marsad.kernel.problem.ProblemException 409 {@code schedule-off}, {@code schedule-running}
     */
    public Schedule runNow(EventId id) {
        var schedule = database.inCallerTenant(connection -> changeable(connection, id));
        if (!schedule.enabled()) {
            throw Problem.conflict("schedule-off", "The schedule is off; turn it on first.")
                    .asException();
        }
        if (!jobs.at(job(CallerScope.tenant(), id), clock.instant())) {
            throw Problem.conflict("schedule-running", "It is running right now.")
                    .asException();
        }
        return schedule;
    }

    /** The newest first. */
    public List<ScheduleRun> runs(EventId id) {
        return database.inCallerTenant(connection -> {
            known(connection, id);
            return RunRows.list(connection, id, RUNS_LISTED);
        });
    }

    /** A run, and the rows that were kept of it as a JSON object; these are null until it has ended well. */
    public record Kept(ScheduleRun run, @Nullable String answer) {}

    /** @throws io.marsad.kernel.problem.ProblemException 404 when the caller's tenant has no such run */
    public Kept run(EventId id) {
        return database.inCallerTenant(connection -> {
            @Nullable Kept run = RunRows.find(connection, id);
            if (run == null) {
                throw Problem.notFound("There is no run with this id.").asException();
            }
            return run;
        });
    }

    /** Makes the job fit what the database says of the schedule. */
    private Schedule plan(TenantId tenant, EventId id) {
        var schedule = find(id);
        var next = schedule.next();
        if (next == null) {
            jobs.cancel(job(tenant, id));
        } else {
            jobs.at(job(tenant, id), next);
        }
        return schedule;
    }

    private static Schedule known(Connection connection, EventId id) throws SQLException {
        @Nullable Schedule schedule = ScheduleRows.find(connection, id);
        if (schedule == null) {
            throw Problem.notFound("There is no schedule with this id.").asException();
        }
        return schedule;
    }

    private static Schedule changeable(Connection connection, EventId id) throws SQLException {
        var schedule = known(connection, id);
        if (!mayChange(schedule)) {
            throw Problem.forbidden("This schedule is " + schedule.ownerName() + "'s.")
                    .asException();
        }
        return schedule;
    }

    private static void requireSound(Schedule.Content content, Instant now) {
        if (content.raising() != null && !CallerScope.current().may(Permission.ALERTS_WRITE)) {
            throw Problem.forbidden("To raise alerts you need " + Permission.ALERTS_WRITE + ".")
                    .asException();
        }
        try {
            Cron.parse(content.cron(), content.zone()).next(now);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-schedule", e.getMessage() + ".").asException();
        }
    }

    private static void audit(Connection connection, Instant at, String action, EventId id) throws SQLException {
        Caller caller = CallerScope.current();
        AuditLog.append(
                connection, caller.tenant(), new AuditLog.Entry(at, caller.subject(), action, "schedule:" + id, "{}"));
    }

    private EventId newId(Instant now) {
        synchronized (random) {
            return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        }
    }

    /** Lets runs that are under way end, for a while. */
    @Override
    public void close() {
        jobs.close();
    }
}
