package io.marsad.kernel.store;

import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for.
 *
 * @param from event time, epoch milliseconds, inclusive
 * @param to event time, exclusive
 * @param limit rows wanted, 1 to 10,000
 * @param after continue behind this row (of an earlier page), or null for the newest
 * @param timeout after which what was found so far is given, marked partial
 * @param came from where in the event log
 */
public record EventSearch(
        TenantId tenant,
        long from,
        long to,
        Predicate where,
        int limit,
        @Nullable Position after,
        Duration timeout,
        LogRange came) {
    public EventSearch {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("a search wants 1 to 10,000 rows");
        }
    }

    /** Wherever in the event log they came from. */
    public EventSearch(
            TenantId tenant,
            long from,
            long to,
            Predicate where,
            int limit,
            @Nullable Position after,
            Duration timeout) {
        this(tenant, from, to, where, limit, after, timeout, LogRange.ALL);
    }

    /** A row's place in the order newest first: its time, then its id. */
    public record Position(long time, long idHigh, long idLow) {}
}
