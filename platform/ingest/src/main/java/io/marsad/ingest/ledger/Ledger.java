package io.marsad.ingest.ledger;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Tells of each source what became of its records. Thread-safe. */
public final class Ledger {
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final Duration FAILING = Duration.ofMinutes(1);
    private static final Duration RATE_OVER = Duration.ofMinutes(5);
    private static final Duration RATE_STEP = Duration.ofSeconds(5);
    private static final int MAX_SOURCES = 1000;
    private static final int MAX_RATES = 10_000;

    private final Database database;
    private final InstantSource clock;
    private final ToLongFunction<TenantId> pending;
    private final Map<Source, ArrayDeque<Sample>> samples = new HashMap<>();

    private record Source(TenantId tenant, String origin, String format) {}

    private record Sample(Instant at, long received) {}

    /**
     * @param pending how many of a tenant's records are durable and not yet processed:
     *     {@code Intake.appended(t) - Workers.processed(t)}
     */
    public Ledger(Database database, InstantSource clock, ToLongFunction<TenantId> pending) {
        this.database = database;
        this.clock = clock;
        this.pending = pending;
    }

    /** The tenant's sources, by name; the first thousand. */
    public List<SourceStatus> sources(TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            try (var query = connection.prepareStatement("""
                    SELECT origin, format, log_sources, stored, deduplicated, dead, bytes, first_received_at,
                        last_received_at, last_event_at, last_dead_at, last_error
                    FROM source_counters ORDER BY origin, format LIMIT ?""")) {
                query.setInt(1, MAX_SOURCES);
                try (var rows = query.executeQuery()) {
                    var sources = new ArrayList<SourceStatus>();
                    while (rows.next()) {
                        sources.add(read(tenant, rows));
                    }
                    return sources;
                }
            }
        });
    }

    /** All of the tenant's records. */
    public Balance balance(TenantId tenant) {
        long waiting = Math.max(0, pending.applyAsLong(tenant));
        return database.inTenant(tenant, connection -> {
            try (var query = connection.prepareStatement("""
                            SELECT coalesce(sum(stored), 0), coalesce(sum(deduplicated), 0), coalesce(sum(dead), 0)
                            FROM source_counters""");
                    var rows = query.executeQuery()) {
                rows.next();
                return new Balance(rows.getLong(1), rows.getLong(2), rows.getLong(3), waiting);
            }
        });
    }

    private SourceStatus read(TenantId tenant, ResultSet rows) throws SQLException {
        var now = clock.instant();
        var origin = rows.getString("origin");
        var format = rows.getString("format");
        var balance = new Balance(rows.getLong("stored"), rows.getLong("deduplicated"), rows.getLong("dead"), 0);
        var first = rows.getTimestamp("first_received_at").toInstant();
        var last = rows.getTimestamp("last_received_at").toInstant();
        var died = instant(rows.getTimestamp("last_dead_at"));
        var state = died != null && died.isAfter(now.minus(FAILING))
                ? SourceStatus.State.FAILING
                : last.isBefore(now.minus(QUIET)) ? SourceStatus.State.QUIET : SourceStatus.State.OK;
        return new SourceStatus(
                origin,
                format,
                Arrays.asList((String[]) rows.getArray("log_sources").getArray()),
                balance,
                rows.getLong("bytes"),
                rate(new Source(tenant, origin, format), new Sample(now, balance.received()), first),
                first,
                last,
                instant(rows.getTimestamp("last_event_at")),
                rows.getString("last_error"),
                state);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    /** Per minute, over the last five minutes as far as somebody looked; the first look goes by when the source began. */
    private synchronized double rate(Source source, Sample now, Instant first) {
        if (samples.size() >= MAX_RATES) {
            samples.clear();
        }
        var ring = samples.computeIfAbsent(source, s -> new ArrayDeque<>());
        while (ring.size() > 1 && ring.getFirst().at.isBefore(now.at.minus(RATE_OVER))) {
            ring.removeFirst();
        }
        if (ring.isEmpty() && first.isAfter(now.at.minus(RATE_OVER))) {
            ring.add(new Sample(first, 0));
        }
        if (ring.isEmpty() || ring.getLast().at.isBefore(now.at.minus(RATE_STEP))) {
            ring.add(now);
        }
        var from = ring.getFirst();
        double minutes = Math.max(Duration.between(from.at, now.at).toMillis(), 1000) / 60_000.0;
        return Math.max(0, now.received - from.received) / minutes;
    }
}
