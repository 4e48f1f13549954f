package io.marsad.store.query.run;

import io.marsad.kernel.store.EventSearch.Position;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.Query;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A query to be run.
 *
 * @param from event time, epoch milliseconds, inclusive
 * @param to exclusive
 * @param now what {@code now()} is, epoch milliseconds
 * @param limit events wanted, 1 to 10,000; tables have as many rows as they have, up to 10,000
 * @param after continue behind this event, or null; only where the answer is the store's own events in their order
 * @param timeout after which what there is so far is the answer
 * @param came only events from this part of the event log
 */
public record Ask(
        TenantId tenant,
        Query query,
        long from,
        long to,
        long now,
        int limit,
        @Nullable Position after,
        Duration timeout,
        LogRange came) {
    /** The most rows of any answer. */
    public static final int MOST_ROWS = 10_000;

    public Ask {
        if (limit < 1 || limit > MOST_ROWS) {
            throw new IllegalArgumentException("a query wants 1 to 10,000 rows");
        }
    }

    /** Wherever in the event log they came from. */
    public Ask(
            TenantId tenant,
            Query query,
            long from,
            long to,
            long now,
            int limit,
            @Nullable Position after,
            Duration timeout) {
        this(tenant, query, from, to, now, limit, after, timeout, LogRange.ALL);
    }
}
