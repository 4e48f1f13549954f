package io.marsad.db.outbox;

import io.marsad.db.Database;
import io.marsad.db.Subscription;
import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has {@link Follower}s do what is in the {@link Outbox}: at once when something is put, and looking now and then for what
 * is tried again or was begun by a platform that died. A tenant's items of one queue are done by one thread at a time in
 * this process, those of another tenant do not wait for them. What fails is tried again after 5 s, 30 s and 2 min, then it
 * waits for a person.
 */
public final class OutboxRunner implements AutoCloseable {
    /** How long after its first, second and third failure something is tried again. */
    public static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2));

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRunner.class);
    /** So long whoever is at work is left alone with what came meanwhile. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private static final Duration LAST_WAIT = Duration.ofSeconds(40); // a statement has 30 s

    private final Outbox outbox;
    private final List<Lane> lanes = new ArrayList<>();
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("outbox").factory());
    private final Subscription subscription;
    private volatile boolean closed;

    /**
     * Who does what.
     *
     * @param most items at once
     * @param lease after which a platform that died at it is no longer waited for; renewed while it is being done
     * @param threads so many are at work at once
     * @param each so many of them for one tenant: more than one where an item can take long and the next must not wait
     */
    public record Following(String queue, Follower follower, int most, Duration lease, int threads, int each) {
        /** With one thread for each tenant. */
        public Following(String queue, Follower follower, int most, Duration lease, int threads) {
            this(queue, follower, most, lease, threads, 1);
        }
    }

    /**
     * A queue with who does its items.
     *
     * @param underWay how many threads may still come for whom
     * @param more for whom there may be more
     * @param relieved for whom it is soon looked whether another thread is wanted
     */
    private record Lane(
            Following following,
            Semaphore places,
            Map<TenantId, Semaphore> underWay,
            Set<TenantId> more,
            Set<TenantId> relieved) {
        Lane(Following following) {
            this(
                    following,
                    new Semaphore(following.threads()),
                    new ConcurrentHashMap<>(),
                    ConcurrentHashMap.newKeySet(),
                    ConcurrentHashMap.newKeySet());
        }

        private boolean isIdle(TenantId tenant) {
            return of(tenant).availablePermits() == following.each();
        }

        private Semaphore of(TenantId tenant) {
            return underWay.computeIfAbsent(tenant, _ -> new Semaphore(following.each()));
        }
    }

    private OutboxRunner(Database database, List<Following> followings, InstantSource clock) {
        this.outbox = new Outbox(database);
        this.clock = clock;
        followings.forEach(following -> lanes.add(new Lane(following)));
        this.subscription = database.listen(Outbox.CHANNEL, this::told);
    }

    /** @param every how often it looks for what nobody told it of; 1 s in production */
    public static OutboxRunner start(
            Database database, List<Following> followings, Duration every, InstantSource clock) {
        var runner = new OutboxRunner(database, followings, clock);
        runner.looking.scheduleWithFixedDelay(runner::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return runner;
    }

    /** @param payload queues and a tenant; empty after a lost connection: {@link #look} finds what was missed */
    private void told(String payload) {
        int space = payload.indexOf(' ');
        if (space > 0) {
            var queues = List.of(payload.substring(0, space).split(","));
            var tenant = new TenantId(payload.substring(space + 1));
            for (var lane : lanes) {
                if (queues.contains(lane.following.queue())) {
                    begin(lane, tenant);
                }
            }
        }
    }

    private void look() {
        for (var lane : lanes) {
            try {
                outbox.due(lane.following.queue(), now()).forEach(tenant -> begin(lane, tenant));
            } catch (RuntimeException e) { // thrown on, it would end the schedule
                LOG.warn("the queue {} could not be looked at; tried again soon", lane.following.queue(), e);
            }
        }
    }

    /**
     * Whoever is at work for the tenant looks once more when it has done what it does; where more than one may be, another
     * comes to its side when that takes long. All at once they would each take little, and wait for one another.
     */
    private void begin(Lane lane, TenantId tenant) {
        lane.more.add(tenant);
        if (lane.isIdle(tenant)) {
            another(lane, tenant);
        } else if (!closed && lane.following.each() > 1 && lane.relieved.add(tenant)) {
            try {
                looking.schedule(() -> relieve(lane, tenant), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) { // closed meanwhile
                LOG.debug("no further thread for {} of {}", lane.following.queue(), tenant, e);
            }
        }
    }

    private void relieve(Lane lane, TenantId tenant) {
        lane.relieved.remove(tenant);
        if (lane.more.contains(tenant)) {
            another(lane, tenant);
        }
    }

    private void another(Lane lane, TenantId tenant) {
        if (!closed && lane.of(tenant).tryAcquire()) {
            threads.execute(() -> work(lane, tenant));
        }
    }

    private void work(Lane lane, TenantId tenant) {
        try {
            lane.places.acquire();
            try {
                while (!closed && lane.more.remove(tenant)) {
                    if (!pass(lane.following, tenant)) {
                        lane.more.add(tenant);
                    }
                }
            } finally {
                lane.places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("items of {} for {} wait: the database cannot be asked", lane.following.queue(), tenant, e);
        } finally {
            lane.of(tenant).release();
            if (lane.more.contains(tenant)) { // somebody came after the last look
                begin(lane, tenant);
            }
        }
    }

    /** Does what is due. @return whether nothing was */
    private boolean pass(Following following, TenantId tenant) {
        var now = now();
        var claim = outbox.claim(tenant, following.queue(), now, now.plus(following.lease()), following.most());
        if (claim.items().isEmpty()) {
            return true;
        }
        long third = following.lease().toMillis() / 3;
        var renewing =
                looking.scheduleWithFixedDelay(() -> renew(following, claim), third, third, TimeUnit.MILLISECONDS);
        try {
            follow(following, claim);
        } finally {
            renewing.cancel(false);
        }
        return false;
    }

    private void follow(Following following, Claim claim) {
        if (!done(following, claim, claim.items().size() == 1) && claim.items().size() > 1) {
            claim.items().forEach(item -> done(following, claim.of(List.of(item)), true));
        }
    }

    private void renew(Following following, Claim claim) {
        try {
            outbox.renew(claim, now().plus(following.lease()));
        } catch (RuntimeException e) { // thrown on, it would end the renewing
            LOG.warn("a claim of {} for {} could not be renewed", following.queue(), claim.tenant(), e);
        }
    }

    /** @param last whether a failure is one: several are tried one by one before */
    private boolean done(Following following, Claim claim, boolean last) {
        try {
            following.follower().follow(claim);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ClaimLostException e) {
            LOG.warn("{}", e.getMessage());
            return true; // whoever has it now does it
        } catch (Exception e) {
            if (last) {
                failed(following, claim, e);
            }
            return false;
        }
    }

    private void failed(Following following, Claim claim, Exception e) {
        int failures = claim.items().getFirst().failures();
        var now = now();
        var again = failures < PAUSES.size() ? now.plus(PAUSES.get(failures)) : null;
        LOG.warn(
                "{} of {} for {} failed {} times{}",
                following.queue(),
                claim.items().getFirst().subject(),
                claim.tenant(),
                failures + 1,
                again == null ? " and waits for a person" : "",
                e);
        var message = e.getMessage();
        outbox.failed(claim, message == null ? e.getClass().getSimpleName() : message, now, again);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** Waits for what is being done. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        looking.shutdown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("followers did not end in time");
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
