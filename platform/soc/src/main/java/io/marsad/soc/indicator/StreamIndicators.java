package io.marsad.soc.indicator;

import io.marsad.db.Database;
import io.marsad.db.Subscription;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.indicator.IndicatorSet;
import io.marsad.match.indicator.IndicatorSetBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each tenant lists, as sets that the stream asks: one of almost all, and a small one of what came since it was made,
 * so that a new indicator counts at once and a set of millions is not made anew for it. What was revoked or has expired may
 * be found for up to an hour longer; {@link Sightings#live} tells. Thread-safe.
 */
public final class StreamIndicators implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamIndicators.class);
    private static final Duration ANEW_EVERY = Duration.ofHours(1);
    private static final Duration LAST_WAIT = Duration.ofSeconds(60);
    private static final int SMALL = 10_000;
    private static final int FETCH = 5_000;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<TenantId, Sets> sets = new ConcurrentHashMap<>();
    private final Set<TenantId> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService building = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("indicators").factory());
    private final Subscription subscription;

    /**
     * A tenant's sets.
     *
     * @param many numbers below {@code manyTo}; {@code few} those from there on, null when there are none
     */
    private record Sets(
            IndicatorSet many, int manyTo, @Nullable IndicatorSet few, int fewTo) {
        void release() {
            many.release();
            if (few != null) {
                few.release();
            }
        }
    }

    private StreamIndicators(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        tenants().forEach(tenant -> build(tenant, true));
        this.subscription = database.listen(IndicatorRows.CHANNEL, this::told);
    }

    /**
     * Makes the sets of what is listed.
     *
     * @param random a secure source: nobody may look for values that are taken for listed ones
     */
    public static StreamIndicators open(Database database, InstantSource clock, RandomGenerator random) {
        var stream = new StreamIndicators(database, clock, random);
        stream.building.scheduleWithFixedDelay(
                stream::anew, ANEW_EVERY.toMillis(), ANEW_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return stream;
    }

    /** What a tenant lists now, held for the caller, who {@link IndicatorSet#release() lets go} of each; none is usual. */
    public List<IndicatorSet> borrow(TenantId tenant) {
        var now = sets.get(tenant);
        if (now == null) {
            return List.of();
        }
        synchronized (now) { // whoever replaces them lets go of them under the same lock
            if (sets.get(tenant) != now) {
                return borrow(tenant);
            }
            now.many.hold();
            if (now.few == null) {
                return List.of(now.many);
            }
            now.few.hold();
            return List.of(now.many, now.few);
        }
    }

    /** Memory outside the heap, of all tenants. */
    public long bytes() {
        long bytes = 0;
        for (var one : sets.values()) {
            bytes += one.many.bytes() + (one.few == null ? 0 : one.few.bytes());
        }
        return bytes;
    }

    /** How many values all tenants list. */
    public long size() {
        long size = 0;
        for (var one : sets.values()) {
            size += one.many.size() + (one.few == null ? 0 : one.few.size());
        }
        return size;
    }

    private void told(String tenant) {
        if (tenant.isEmpty()) { // something may have been missed
            building.execute(this::anew);
        } else if (waiting.add(new TenantId(tenant))) {
            building.execute(() -> {
                waiting.remove(new TenantId(tenant));
                tryTo(new TenantId(tenant), false);
            });
        }
    }

    private void anew() {
        try {
            tenants().forEach(tenant -> tryTo(tenant, true));
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("indicators could not be read anew; tried again in an hour", e);
        }
    }

    private void tryTo(TenantId tenant, boolean whole) {
        try {
            build(tenant, whole);
        } catch (RuntimeException e) {
            LOG.warn("indicators of {} could not be read; what was listed before counts", tenant, e);
            if (!building.isShutdown()) {
                building.schedule(() -> tryTo(tenant, whole), 5, TimeUnit.SECONDS);
            }
        }
    }

    private void build(TenantId tenant, boolean whole) {
        var before = sets.get(tenant);
        if (before == null || whole) {
            replace(tenant, before, many(tenant));
            return;
        }
        var few = read(tenant, before.manyTo);
        if (few.set.size() > Math.max(SMALL, before.many.size() / 8)) {
            few.set.release();
            replace(tenant, before, many(tenant));
        } else {
            before.many.hold();
            replace(tenant, before, new Sets(before.many, before.manyTo, few.set, few.next));
        }
    }

    private Sets many(TenantId tenant) {
        var all = read(tenant, 0);
        return new Sets(all.set, all.next, null, all.next);
    }

    private void replace(TenantId tenant, @Nullable Sets before, Sets now) {
        sets.put(tenant, now);
        if (before != null) {
            synchronized (before) {
                before.release();
            }
        }
    }

    private record Made(IndicatorSet set, int next) {}

    /** What is looked for now or later, of the numbers from there on. */
    private Made read(TenantId tenant, int from) {
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(tenant, connection -> {
            int next = next(connection, tenant);
            try (var builder = new IndicatorSetBuilder(random.nextLong(), random.nextLong());
                    var select = connection.prepareStatement("SELECT number, type, value FROM indicators"
                            + " WHERE tenant_id = ? AND number >= ? AND number < ? AND NOT revoked AND warning IS NULL"
                            + " AND (valid_until IS NULL OR valid_until > ?)")) {
                select.setFetchSize(FETCH);
                select.setString(1, tenant.value());
                select.setInt(2, from);
                select.setInt(3, next);
                select.setTimestamp(4, Timestamp.from(now));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        Sightings.add(builder, new Listed.Value(rows.getString(2), rows.getString(3)), rows.getInt(1));
                    }
                }
                return new Made(builder.build(), next);
            }
        });
    }

    /** Numbers below it were given out by transactions that are committed: a number is taken under a lock of the row. */
    private static int next(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT next FROM indicator_numbers WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private List<TenantId> tenants() {
        return database.inInstallation(connection -> {
            var tenants = new ArrayList<TenantId>();
            try (var select =
                            connection.prepareStatement("SELECT tenant_id FROM indicator_numbers ORDER BY tenant_id");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new TenantId(rows.getString(1)));
                }
            }
            return tenants;
        });
    }

    /** Nobody may borrow any more. */
    @Override
    public void close() {
        subscription.close();
        building.shutdownNow();
        try {
            if (!building.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("reading indicators did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sets.values().forEach(Sets::release);
        sets.clear();
    }
}
