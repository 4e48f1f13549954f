package io.marsad.soc.audit;

import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then which audit logs have something new for their receivers, and sends it: each tenant by a thread of its
 * own, so that none waits for another's receiver. One that does not take it is tried again later and later, up to five
 * minutes.
 */
public final class AuditStreaming implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditStreaming.class);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40);

    private final AuditStreams streams;
    private final Duration every;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("audit-streams").factory());
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<TenantId> underWay = ConcurrentHashMap.newKeySet();
    private final Map<TenantId, Pause> pauses = new ConcurrentHashMap<>();

    /** Until when (by the monotonic clock) a receiver is left alone, and how long that was. */
    private record Pause(long until, long nanos) {}

    private AuditStreaming(AuditStreams streams, Duration every) {
        this.streams = streams;
        this.every = every;
    }

    /** @param every how often it looks, and waits after a first failure; 5 s in production */
    public static AuditStreaming start(AuditStreams streams, Duration every) {
        var streaming = new AuditStreaming(streams, every);
        streaming.schedule.scheduleWithFixedDelay(
                streaming::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return streaming;
    }

    private void look() {
        try {
            long now = System.nanoTime();
            for (var tenant : streams.waiting()) {
                var pause = pauses.get(tenant);
                if ((pause == null || now - pause.until >= 0) && underWay.add(tenant)) {
                    senders.execute(() -> send(tenant));
                }
            }
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("audit streams could not be looked at; tried again in {} s", every.toSeconds(), e);
        }
    }

    private void send(TenantId tenant) {
        boolean taken = false;
        try {
            taken = streams.send(tenant);
        } catch (RuntimeException e) {
            LOG.warn("the audit stream of {} failed", tenant, e);
        } finally {
            if (taken) {
                pauses.remove(tenant);
            } else {
                pauses.compute(tenant, (_, before) -> {
                    long nanos = before == null ? every.toNanos() : Math.min(2 * before.nanos, LONGEST.toNanos());
                    return new Pause(System.nanoTime() + nanos, nanos);
                });
            }
            underWay.remove(tenant);
        }
    }

    /** Waits for what is being sent. */
    @Override
    public void close() {
        schedule.shutdown();
        try {
            boolean looked = schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            senders.shutdown();
            if (!looked || !senders.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("audit streams did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
