package io.marsad.api.events;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How many queries run at once, in all and of each tenant. Thread-safe. */
public final class QuerySlots {
    private static final int MOST = 200;
    private static final int MOST_OF_TENANT = 20;

    private final Map<TenantId, Integer> running = new HashMap<>();
    private final Function<TenantId, @Nullable Integer> quota;
    private int all;

    /** @param quota how many the tenant may run at once; null for as many as any */
    public QuerySlots(Function<TenantId, @Nullable Integer> quota) {
        this.quota = quota;
    }

    /** A query's place, given back when closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws io.marsad.kernel.problem.ProblemException 429 when there are too many already */
    synchronized Slot take(TenantId tenant) {
        int own = running.getOrDefault(tenant, 0);
        var most = quota.apply(tenant);
        if (most != null && own >= most) {
            throw new Problem(
                            "quota-queries",
                            429,
                            "Too many requests",
                            "The tenant's quota of " + most + " queries at once is used up; end one or wait.",
                            List.of())
                    .asException();
        }
        if (all >= MOST || own >= MOST_OF_TENANT) {
            throw Problem.overloaded("Too many queries are running; end one or wait.")
                    .asException();
        }
        running.put(tenant, own + 1);
        all++;
        return () -> release(tenant);
    }

    private synchronized void release(TenantId tenant) {
        all--;
        running.computeIfPresent(tenant, (_, n) -> n == 1 ? null : n - 1);
    }
}
