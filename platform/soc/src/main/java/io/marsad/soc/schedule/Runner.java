package io.marsad.soc.schedule;

import io.marsad.db.Cron;
import io.marsad.db.Database;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Labels;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.EntityExtractor;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the run that is due. A window ends where the store could be searched when the run began; that it was looked at, what
 * was found and the alert are one transaction, so that after a stop at any point the same window is looked at once more or
 * not at all. Thread-safe.
 */
final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final int RUNS_KEPT = 200;
    private static final int MISSED_COUNTED = 10_000;

    private static final Duration WHILE_SUSPENDED = Duration.ofMinutes(1);

    /** After a stop the log is read again: until that is done there is nothing to look at. */
    private static final Duration WHILE_READ_AGAIN = Duration.ofSeconds(5);

    private final Database database;
    private final Alerts alerts;
    private final Searching searching;
    private final InstantSource clock;

    Runner(Database database, Alerts alerts, Searching searching, InstantSource clock) {
        this.database = database;
        this.alerts = alerts;
        this.searching = searching;
        this.clock = clock;
    }

    /** Whether its tenant is suspended: then it goes on from where it was once that is taken back. */
    private static boolean rests(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT state <> 'active' FROM tenants WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** A run of the {@code tenant/schedule}; returns when the next is due. */
    @Nullable
    Instant run(String name, Instant due) {
        int slash = name.indexOf('/');
        var tenant = new TenantId(name.substring(0, slash));
        var id = EventId.parse(name.substring(slash + 1));
        @Nullable Schedule schedule = database.inTenant(tenant, connection -> ScheduleRows.find(connection, id));
        if (schedule == null || !schedule.enabled()) {
            return null;
        }
        var now = Instant.ofEpochMilli(clock.millis());
        if (database.<Boolean>inTenant(tenant, connection -> rests(connection, tenant))) {
            return now.plus(WHILE_SUSPENDED);
        }
        long end = searching.searchable();
        if (end < schedule.position().offset()) {
            LOG.debug("schedule {} waits for the log to be read again", name);
            return now.plus(WHILE_READ_AGAIN);
        }
        var content = schedule.content();
        int passed = Cron.parse(content.cron(), content.zone())
                .count(schedule.position().plannedFrom(), now, MISSED_COUNTED);
        var run =
                begun(tenant, schedule, new LogRange(schedule.position().offset(), end), now, Math.max(0, passed - 1));
        try {
            var found = searching.search(
                    tenant, content, new LogRange(schedule.position().offset(), end));
            done(tenant, schedule, run, found, end);
        } catch (IOException | RuntimeException e) {
            LOG.warn("schedule {} failed", name, e);
            failed(tenant, schedule, run, e);
        }
        return database.inTenant(tenant, connection -> {
            @Nullable Schedule after = ScheduleRows.find(connection, id);
            return after == null ? null : after.next();
        });
    }

    private ScheduleRun begun(TenantId tenant, Schedule schedule, LogRange window, Instant now, int missed) {
        var id = EventId.derived(
                "schedule-run", tenant.value(), schedule.id().toString(), Long.toString(window.from()), now.toString());
        var run = new ScheduleRun(
                id,
                schedule.id(),
                ScheduleRun.State.RUNNING,
                now,
                null,
                schedule.position().lookedUntil(),
                now,
                ScheduleRun.Outcome.NONE,
                missed,
                null,
                null);
        database.inTenant(tenant, connection -> {
            RunRows.interrupt(connection, schedule.id(), now);
            RunRows.prune(connection, schedule.id(), RUNS_KEPT - 1);
            RunRows.insert(connection, tenant.value(), run, window);
            return true;
        });
        return run;
    }

    private void done(TenantId tenant, Schedule schedule, ScheduleRun run, Searching.Found found, long end) {
        var raising = schedule.content().raising();
        boolean raises = raising != null
                && found.outcome().hits() >= raising.threshold()
                && found.evidence().rows() > 0;
        var detection = raises ? detection(schedule, found, end) : null;
        var state = found.partial() ? ScheduleRun.State.PARTIAL : ScheduleRun.State.DONE;
        var now = Instant.ofEpochMilli(clock.millis());
        database.inTenant(tenant, connection -> {
            @Nullable EventId alert = null;
            if (detection != null) {
                alert = alerts.raise(connection, tenant, List.of(detection), List.of())
                        .alertOf(detection.alertId(tenant));
            }
            RunRows.end(
                    connection, run.id(), new RunRows.Ending(state, now, found.outcome(), found.answer(), null, alert));
            ScheduleRows.advance(connection, schedule.id(), new Schedule.Position(end, run.to(), run.startedAt()));
            return true;
        });
    }

    /** What was to be looked at is left for the next run. */
    private void failed(TenantId tenant, Schedule schedule, ScheduleRun run, Exception trouble) {
        var why = trouble instanceof ProblemException known ? known.problem().detail() : "It failed on our side.";
        var now = Instant.ofEpochMilli(clock.millis());
        database.inTenant(tenant, connection -> {
            RunRows.end(
                    connection,
                    run.id(),
                    new RunRows.Ending(ScheduleRun.State.FAILED, now, ScheduleRun.Outcome.NONE, null, why, null));
            ScheduleRows.advance(
                    connection,
                    schedule.id(),
                    new Schedule.Position(
                            schedule.position().offset(), schedule.position().lookedUntil(), run.startedAt()));
            return true;
        });
    }

    /** One alert of a window, however often it is looked at. */
    private static Detection detection(Schedule schedule, Searching.Found found, long end) {
        var content = schedule.content();
        var raising = java.util.Objects.requireNonNull(content.raising());
        var rule = new RuleSnapshot(
                "schedule-" + schedule.id(),
                content.name(),
                raising.severity().word(),
                null,
                content.description(),
                schedule.ownerName(),
                List.of(),
                List.of(),
                List.of(),
                content.query(),
                RuleOrigin.UNKNOWN);
        EventBatch events = found.evidence();
        var evidence = new ArrayList<Evidence>();
        var entities = new ArrayList<Entity>();
        for (int row = events.rows() - 1; row >= 0; row--) { // they come newest first
            evidence.add(Detection.evidence(events, row, List.of()));
            entities.addAll(EntityExtractor.entities(events, row));
        }
        return new Detection(
                rule,
                schedule.position().offset() + "-" + end,
                evidence,
                (int) Math.min(Integer.MAX_VALUE, found.outcome().hits()),
                entities,
                events.source(0).toString(),
                Labels.synthetic(events, 0));
    }
}
