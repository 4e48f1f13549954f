package io.marsad.ingest.worker;

import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tenants of which a worker is to remember nothing more. Any thread asks; the worker's own sees to it. */
final class Forgetting {
    private final Queue<Wish> wishes = new ConcurrentLinkedQueue<>();

    /**
     * To forget a tenant.
     *
     * @param end of the log when it was wished: what is before it may still be of the tenant
     */
    record Wish(TenantId tenant, long end, CountDownLatch fulfilled) {}

    /** Wishes it and waits; false when it was not done in time, and then it is wished no more. */
    boolean ask(TenantId tenant, long end, Duration patience) throws InterruptedException {
        var wish = new Wish(tenant, end, new CountDownLatch(1));
        wishes.add(wish);
        boolean done = wish.fulfilled.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        wishes.remove(wish);
        return done;
    }

    /** Wishes that can be fulfilled: all that was in the log was looked at. */
    List<Wish> due(long position) {
        if (wishes.isEmpty()) {
            return List.of();
        }
        var due = new ArrayList<>(wishes);
        due.removeIf(wish -> wish.end > position);
        return due;
    }

    void fulfilled(List<Wish> due) {
        wishes.removeAll(due);
        due.forEach(wish -> wish.fulfilled.countDown());
    }
}
