package io.marsad.server.node;

import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.identity.Installation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then, so that nothing grows for ever: each tenant's dead letters are kept for 30 days, at
 * most 20,000 of them and 256 MiB; snoozed alerts come back when it is time. Sessions, sign-in attempts and live events are forgotten where new ones are made.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration WAKE_EVERY = Duration.ofSeconds(10);
    private static final Duration LETTERS_FOR = Duration.ofDays(30);
    private static final int MOST_LETTERS = 20_000;
    private static final long MOST_LETTER_BYTES = 256L << 20;
    private static final Duration LAST_WAIT = Duration.ofSeconds(40); // a statement has 30 s

    private final Installation installation;
    private final DeadLetters letters;
    private final Triage triage;
    private final InstantSource clock;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("upkeep").factory());

    private Upkeep(Installation installation, DeadLetters letters, Triage triage, InstantSource clock) {
        this.installation = installation;
        this.letters = letters;
        this.triage = triage;
        this.clock = clock;
    }

    static Upkeep start(Installation installation, DeadLetters letters, Triage triage, InstantSource clock) {
        var upkeep = new Upkeep(installation, letters, triage, clock);
        upkeep.schedule.scheduleWithFixedDelay(upkeep::run, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        long wakeEvery = WAKE_EVERY.toMillis();
        upkeep.schedule.scheduleWithFixedDelay(upkeep::wake, wakeEvery, wakeEvery, TimeUnit.MILLISECONDS);
        return upkeep;
    }

    private void wake() {
        try {
            triage.wakeDue();
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("snoozed alerts cannot be looked at; tried again in {} s", WAKE_EVERY.toSeconds(), e);
        }
    }

    private void run() {
        try {
            for (var tenant : installation.tenantsWith(Installation.Work.LETTERS)) {
                prune(tenant);
            }
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("upkeep failed and is tried again in {} minutes", EVERY.toMinutes(), e);
        }
    }

    private void prune(TenantId tenant) {
        int gone = letters.prune(tenant, clock.instant().minus(LETTERS_FOR), MOST_LETTERS, MOST_LETTER_BYTES);
        if (gone > 0) {
            LOG.info("{} old dead letters of {} were forgotten", gone, tenant);
        }
    }

    /** Waits for what is being done. */
    @Override
    public void close() {
        schedule.shutdownNow();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("upkeep did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
