package io.marsad.ingest.intake;

import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tenant may send now. Doors ask before they look at what is sent, so that refusing costs next to nothing; what
 * was taken is charged afterwards. A tenant may send for two seconds at once what it has for two seconds, and what goes
 * beyond that (one large batch, several requests at the same moment) it waits for: over time its rate is never more than
 * its quota.
 *
 * <p>Thread-safe.
 */
public final class IntakeLimits {
    private static final double BURST_SECONDS = 2;
    private static final long STORAGE_MILLIS = 1_000;
    private static final long STORAGE_RETRY_MILLIS = 60_000;
    private static final long SUSPENDED_RETRY_MILLIS = 300_000;

    private final Source source;
    private final ToLongFunction<TenantId> stored;
    private final InstantSource clock;
    private final Map<TenantId, Bucket> buckets = new ConcurrentHashMap<>();
    private final Map<TenantId, Stored> sizes = new ConcurrentHashMap<>();
    private final Map<TenantId, LongAdder> refused = new ConcurrentHashMap<>();

    /**
     * What one tenant may do.
     *
     * @param open false: nothing is taken
     * @param eventsPerSecond 0 for no limit
     * @param storageBytes 0 for no limit
     */
    public record Limit(boolean open, long eventsPerSecond, long storageBytes) {}

    /** Where limits come from. Thread-safe and quick. */
    public interface Source {
        /** Whether any tenant has one. */
        boolean any();

        Limit of(TenantId tenant);
    }

    /** Which of its limits a tenant has reached. */
    public enum Kind {
        EVENTS,
        STORAGE,
        SUSPENDED
    }

    /**
     * Nothing is taken now.
     *
     * @param detail for the sender: names the quota
     */
    public record Refusal(Kind kind, String detail, long retryAfterMillis) {}

    private record Stored(long bytes, long at) {}

    /** @param stored bytes that a tenant has in the event store */
    public IntakeLimits(Source source, ToLongFunction<TenantId> stored, InstantSource clock) {
        this.source = source;
        this.stored = stored;
        this.clock = clock;
    }

    /** Everybody may send everything. */
    public static IntakeLimits none() {
        return new IntakeLimits(
                new Source() {
                    @Override
                    public boolean any() {
                        return false;
                    }

                    @Override
                    public Limit of(TenantId tenant) {
                        return new Limit(true, 0, 0);
                    }
                },
                _ -> 0,
                InstantSource.fixed(Instant.EPOCH)); // nobody asks it
    }

    /** Null when the tenant may send; a refusal is counted. */
    @Nullable
    Refusal refusal(TenantId tenant) {
        if (!source.any()) {
            return null;
        }
        var refusal = refusal(tenant, source.of(tenant));
        if (refusal != null) {
            refused.computeIfAbsent(tenant, _ -> new LongAdder()).increment();
        }
        return refusal;
    }

    private @Nullable Refusal refusal(TenantId tenant, Limit limit) {
        if (!limit.open) {
            return new Refusal(Kind.SUSPENDED, "The tenant is suspended.", SUSPENDED_RETRY_MILLIS);
        }
        long now = clock.millis();
        if (limit.storageBytes > 0 && storedBytes(tenant, now) >= limit.storageBytes) {
            return new Refusal(
                    Kind.STORAGE,
                    "The tenant's quota of storage, " + limit.storageBytes + " bytes, is used up.",
                    STORAGE_RETRY_MILLIS);
        }
        if (limit.eventsPerSecond > 0) {
            long wait = bucket(tenant, limit, now).millisUntilFree(limit.eventsPerSecond, now);
            if (wait > 0) {
                return new Refusal(
                        Kind.EVENTS,
                        "The tenant's quota of " + limit.eventsPerSecond + " events per second is used up.",
                        wait);
            }
        }
        return null;
    }

    /** So many records were taken; negative: they were not, after all. */
    void charge(TenantId tenant, int records) {
        if (source.any()) {
            var limit = source.of(tenant);
            if (limit.eventsPerSecond > 0) {
                bucket(tenant, limit, clock.millis()).take(records);
            }
        }
    }

    /** How often the tenant was refused since the start. */
    public long refused(TenantId tenant) {
        var count = refused.get(tenant);
        return count == null ? 0 : count.sum();
    }

    private Bucket bucket(TenantId tenant, Limit limit, long now) {
        return buckets.computeIfAbsent(tenant, _ -> new Bucket(limit.eventsPerSecond * BURST_SECONDS, now));
    }

    private long storedBytes(TenantId tenant, long now) {
        var known = sizes.get(tenant);
        if (known == null || Math.abs(now - known.at) >= STORAGE_MILLIS) {
            known = new Stored(stored.applyAsLong(tenant), now);
            sizes.put(tenant, known);
        }
        return known.bytes;
    }

    /** A tenant's tokens: one for each record; below zero after more was taken than there were. */
    private static final class Bucket {
        private double tokens;
        private long filled;

        Bucket(double tokens, long now) {
            this.tokens = tokens;
            this.filled = now;
        }

        synchronized long millisUntilFree(long perSecond, long now) {
            double more = Math.max(0, now - filled) * perSecond / 1000.0;
            tokens = Math.min(tokens + more, perSecond * BURST_SECONDS);
            filled = now;
            return tokens >= 1 ? 0 : Math.max(1, (long) Math.ceil((1 - tokens) * 1000 / perSecond));
        }

        synchronized void take(int records) {
            tokens -= records;
        }
    }
}
