package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.cases.CaseClocks;
import io.marsad.soc.cases.CaseGrouping;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cases without people: alerts come into them as they are raised, and what is late is recorded. */
final class CaseUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaseUpkeep.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40); // a statement has 30 s
    private static final int AT_ONCE = 200;
    private static final int TENANTS_AT_ONCE = 4;

    private final Database database;
    private final InstantSource clock;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("case-clocks").factory());

    private CaseUpkeep(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Who puts alerts into cases. */
    static Following following(Database database, InstantSource clock, RandomGenerator random) {
        var grouping = new CaseGrouping(clock, random);
        return new Following(
                AlertFollowers.CASES,
                claim -> database.inTenant(claim.tenant(), connection -> {
                    List<EventId> ids = claim.subjects().stream()
                            .map(id -> new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()))
                            .toList();
                    claim.done(connection);
                    grouping.follow(connection, claim.tenant(), ids); // the live feed comes last
                    return true;
                }),
                AT_ONCE,
                LEASE,
                TENANTS_AT_ONCE);
    }

    static CaseUpkeep start(Database database, InstantSource clock) {
        var upkeep = new CaseUpkeep(database, clock);
        long every = EVERY.toMillis();
        upkeep.schedule.scheduleWithFixedDelay(upkeep::look, every, every, TimeUnit.MILLISECONDS);
        return upkeep;
    }

    private void look() {
        try {
            CaseClocks.breachDue(database, Instant.ofEpochMilli(clock.millis()));
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("the clocks of cases cannot be looked at; tried again in {} s", EVERY.toSeconds(), e);
        }
    }

    /** Waits for what is being done. */
    @Override
    public void close() {
        schedule.shutdownNow();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the clocks of cases did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
