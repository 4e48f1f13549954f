package io.marsad.store.segment;

import io.marsad.kernel.store.Removal;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.DiskFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the store small, quick and lawful: expired files go, small and tangled ones are written anew, a tenant's go
 * altogether. One piece of it at a time, with pauses, while rows are appended and searched. Thread-safe.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Partition.Shared shared;
    private final BlockCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    Upkeep(Partition.Shared shared, BlockCache cache) {
        this.shared = shared;
        this.cache = cache;
    }

    /** What is asked of one run. */
    private record Order(RetentionPolicy policy, long now, BooleanSupplier goOn, Map<TenantId, Removal> gone) {
        void check() throws Stopped {
            if (!goOn.getAsBoolean()) {
                throw new Stopped();
            }
        }
    }

    private static final class Stopped extends IOException {}

    /** Does all that is due. Returns what went, tenant by tenant. */
    List<Removal> run(Collection<Partition> partitions, RetentionPolicy policy, long now, BooleanSupplier goOn)
            throws IOException {
        var order = new Order(policy, now, goOn, new LinkedHashMap<>());
        try {
            for (var partition : partitions) {
                for (var tenant : List.copyOf(partition.tenants.values())) {
                    run(partition, tenant, order);
                }
            }
        } catch (Stopped e) {
            LOG.debug("the upkeep of the event store was stopped");
        } catch (DiskFullException e) {
            LOG.warn("the event store's files are not put in order now: {}", e.getMessage());
        }
        return List.copyOf(order.gone.values());
    }

    private void run(Partition partition, TenantRows tenant, Order order) throws IOException {
        var retention = order.policy.of(tenant.tenant);
        boolean more = true;
        while (more) {
            order.check();
            lock.lock();
            try {
                var removal = step(partition, tenant, retention, order);
                if (removal != null && removal.events() > 0) {
                    order.gone.merge(tenant.tenant, removal, Removal::plus);
                }
                more = removal != null;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Does one job; null when there is none. */
    private @Nullable Removal step(Partition partition, TenantRows tenant, Retention retention, Order order)
            throws IOException {
        long now = order.now;
        Plan.Job job;
        synchronized (partition) {
            if (partition.tenants.get(tenant.tenant) != tenant) {
                return null; // deleted meanwhile
            }
            partition.sealExpired(tenant, Retention.cutoff(retention.least(), now));
            job = new Plan(retention, now, shared.options().segmentBytes()).next(tenant);
            if (job == null) {
                return null;
            }
            if (job.drop()) {
                partition.replace(tenant, job.inputs(), List.of());
                return removal(tenant, job.inputs(), List.of());
            }
            var growing = tenant.growing();
            tenant.closed |= growing != null && job.inputs().contains(growing);
        }
        var tidying = new Tidying(partition, tenant, job.inputs(), retention, now);
        long entered = shared.readers().enter();
        try {
            var fresh = tidying.run(worked -> pause(worked, order));
            synchronized (partition) {
                partition.replace(tenant, job.inputs(), fresh);
            }
            cache.forget(job.inputs());
            return removal(tenant, job.inputs(), fresh);
        } catch (Search.DamagedBlock e) {
            shared.damage().isolate(e.block, e);
            tenant.unfit.addAll(job.inputs());
        } catch (DamagedException e) {
            tenant.unfit.addAll(job.inputs());
        } finally {
            shared.readers().leave(entered);
        }
        return new Removal(tenant.tenant, Removal.Reason.EXPIRED, 0, 0, 0, 0);
    }

    private static Removal removal(TenantRows tenant, List<Segment> old, List<Segment> fresh) {
        long events = sum(old, false) - sum(fresh, false);
        long bytes = sum(old, true) - sum(fresh, true);
        return new Removal(tenant.tenant, Removal.Reason.EXPIRED, events, old.size(), bytes, 0);
    }

    private static long sum(List<Segment> segments, boolean bytes) {
        return segments.stream().mapToLong(s -> bytes ? s.length : s.rows).sum();
    }

    /** Works for the configured part of the time, unless somebody waits for it to be done. */
    private void pause(long worked, Order order) throws IOException {
        order.check();
        double share = shared.options().upkeepShare();
        long until = System.nanoTime() + (long) (worked * (1 - share) / share);
        try {
            for (long left = until - System.nanoTime();
                    left > 0 && !lock.hasQueuedThreads();
                    left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE));
                order.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        }
    }

    /** Takes away everything of a tenant, for good. Searches of it that are under way may fail. */
    Removal delete(Collection<Partition> partitions, TenantId tenant) throws IOException {
        lock.lock();
        try {
            var all = new Removal(tenant, Removal.Reason.TENANT_DELETED, 0, 0, 0, 0);
            var segments = new ArrayList<Segment>();
            for (var partition : partitions) {
                var known = partition.tenants.get(tenant);
                if (known != null) {
                    segments.addAll(known.view.segments());
                }
                all = all.plus(partition.delete(tenant));
            }
            cache.forget(segments);
            var folder = shared.directory().resolve("tenants").resolve(tenant.value());
            int left = shared.out().disk().list(folder).size();
            if (left == 0) {
                shared.out().disk().delete(folder);
            }
            shared.out().disk().syncFolder(shared.directory().resolve("tenants"));
            return all.plus(new Removal(tenant, Removal.Reason.TENANT_DELETED, 0, 0, 0, left));
        } finally {
            lock.unlock();
        }
    }

    /** Nothing else changes files while this is done. */
    <T extends @Nullable Object> T alone(Exclusive<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    interface Exclusive<T extends @Nullable Object> {
        T run() throws IOException;
    }
}
