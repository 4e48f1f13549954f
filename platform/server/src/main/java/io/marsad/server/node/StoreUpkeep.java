package io.marsad.server.node;

import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the event store's files in order, from the start on and every few minutes: events that are older than they are to
 * be kept go, small files become large ones. What went is written into the log, tenant by tenant.
 */
final class StoreUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreUpkeep.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40);

    private final EventStore store;
    private final RetentionPolicy policy;
    private final InstantSource clock;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
            .daemon()
            .name("store-upkeep")
            .priority(Thread.MIN_PRIORITY)
            .factory());
    private volatile boolean stopping;

    private StoreUpkeep(EventStore store, RetentionPolicy policy, InstantSource clock) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
    }

    static StoreUpkeep start(EventStore store, RetentionPolicy policy, InstantSource clock) {
        var upkeep = new StoreUpkeep(store, policy, clock);
        upkeep.schedule.scheduleWithFixedDelay(upkeep::run, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return upkeep;
    }

    private void run() {
        try {
            for (var gone : store.maintain(policy, clock.millis(), () -> !stopping)) {
                LOG.info(
                        "retention: {} events of tenant {} are older than they are kept and were deleted"
                                + " ({} files, {} bytes)",
                        gone.events(),
                        gone.tenant(),
                        gone.files(),
                        gone.bytes());
            }
        } catch (IOException | RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("the event store's upkeep failed and is tried again in {} minutes", EVERY.toMinutes(), e);
        }
    }

    /** Lets it end by itself: an interrupt could end the store's writing. */
    @Override
    public void close() {
        stopping = true;
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the event store's upkeep did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
