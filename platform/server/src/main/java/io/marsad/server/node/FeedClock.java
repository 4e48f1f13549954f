package io.marsad.server.node;

import io.marsad.soc.indicator.feed.FeedFetching;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then which feeds are due. */
final class FeedClock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedClock.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40);

    private final FeedFetching fetching;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("intel-feeds").factory());

    private FeedClock(FeedFetching fetching) {
        this.fetching = fetching;
    }

    static FeedClock start(FeedFetching fetching) {
        var clock = new FeedClock(fetching);
        clock.schedule.scheduleWithFixedDelay(clock::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return clock;
    }

    private void look() {
        try {
            int due;
            do {
                due = fetching.fetchDue();
            } while (due > 0 && !schedule.isShutdown());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the platform ends
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("feeds could not be looked at; tried again in {} s", EVERY.toSeconds(), e);
        }
    }

    /** What is being fetched is left; another start fetches it. */
    @Override
    public void close() {
        schedule.shutdownNow();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("fetching feeds did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
