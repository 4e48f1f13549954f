package io.marsad.fleet.live;

import io.marsad.db.Database;
import io.marsad.fleet.Enrollment.Node;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a host is asked, and takes what it answers. Hosts ask every few seconds: while nothing is open in a tenant, which is
 * remembered, they cost no look at the tables. Thread-safe.
 */
public final class HostQueries {
    /** The most bytes of all answers to a query that are kept. */
    static final long MOST_BYTES = 64L << 20;

    private static final int TRIES = 3;
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(2);

    private final Database database;
    private final InstantSource clock;
    private final Map<TenantId, Instant> openUntil = new ConcurrentHashMap<>();

    public HostQueries(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param discovery runs the query only where this finds a row; empty: everywhere */
    public record Asked(String sql, String discovery) {}

    /** Something is open until then at least. */
    void opened(TenantId tenant, Instant until) {
        openUntil.merge(tenant, until, (a, b) -> a.isAfter(b) ? a : b);
    }

    /**
     * What the host is to run, by the query's id. A host that took a query and did not answer gets it again after a while, three
     * times in all.
     */
    public Map<UUID, Asked> pending(Node host) {
        var now = Instant.ofEpochMilli(clock.millis());
        if (!now.isBefore(openUntil(host.tenant()))) {
            return Map.of();
        }
        return database.inTenant(host.tenant(), connection -> {
            var asked = new LinkedHashMap<UUID, Asked>();
            try (var take = connection.prepareStatement("UPDATE live_query_hosts h SET state = 'sent', sent_at = ?,"
                    + " tries = tries + 1 FROM live_queries q WHERE h.tenant_id = ? AND h.endpoint_id = ?"
                    + " AND h.state IN ('waiting', 'sent') AND h.tries < ? AND (h.sent_at IS NULL OR h.sent_at < ?)"
                    + " AND q.tenant_id = h.tenant_id AND q.query_id = h.query_id AND q.cancelled_at IS NULL"
                    + " AND q.expires_at > ? RETURNING q.query_id, q.sql, q.discovery")) {
                take.setTimestamp(1, Timestamp.from(now));
                take.setString(2, host.tenant().value());
                take.setObject(3, host.id());
                take.setInt(4, TRIES);
                take.setTimestamp(5, Timestamp.from(now.minus(AGAIN_AFTER)));
                take.setTimestamp(6, Timestamp.from(now));
                try (var rows = take.executeQuery()) {
                    while (rows.next()) {
                        asked.put(
                                rows.getObject("query_id", UUID.class),
                                new Asked(rows.getString("sql"), rows.getString("discovery")));
                    }
                }
            }
            return asked;
        });
    }

    private Instant openUntil(TenantId tenant) {
        var known = openUntil.get(tenant);
        if (known != null) {
            return known;
        }
        var until = database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT max(expires_at) FROM live_queries WHERE tenant_id = ? AND cancelled_at IS NULL")) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    var newest = rows.next() ? rows.getTimestamp(1) : null;
                    return newest == null ? Instant.EPOCH : newest.toInstant();
                }
            }
        });
        opened(tenant, until);
        return until;
    }

    /** Those of these queries to which an answer of the host is still wanted. */
    public Set<UUID> wanted(Node host, List<UUID> queries) {
        if (queries.isEmpty()) {
            return Set.of();
        }
        return database.inTenant(host.tenant(), connection -> {
            var wanted = new HashSet<UUID>();
            try (var select = connection.prepareStatement(
                    "SELECT h.query_id FROM live_query_hosts h JOIN live_queries q"
                            + " USING (tenant_id, query_id) WHERE h.tenant_id = ? AND h.endpoint_id = ?"
                            + " AND h.query_id = ANY (?) AND h.state IN ('waiting', 'sent') AND q.cancelled_at IS NULL")) {
                select.setString(1, host.tenant().value());
                select.setObject(2, host.id());
                select.setArray(3, connection.createArrayOf("uuid", queries.toArray()));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        wanted.add(rows.getObject(1, UUID.class));
                    }
                }
            }
            return wanted;
        });
    }

    /** Takes an answer; false when none is wanted of this host, or it is here already. */
    public boolean take(Node host, HostAnswer answer) {
        var kept = answer.kept();
        return database.inTenant(host.tenant(), connection -> {
            if (!lock(connection, host, answer.query())) {
                return false;
            }
            var place = count(connection, host, answer, kept.json().length());
            if (place == null) {
                return false;
            }
            try (var put =
                    connection.prepareStatement("UPDATE live_query_hosts SET state = ?, seq = ?, answered_at = ?,"
                            + " status = ?, message = ?, row_count = ?, truncated = ?, rows = ?, wall_ms = ?"
                            + " WHERE tenant_id = ? AND query_id = ? AND endpoint_id = ?")) {
                put.setString(1, answer.status() == 0 ? "answered" : "failed");
                put.setInt(2, place.seq);
                put.setTimestamp(3, Timestamp.from(Instant.ofEpochMilli(clock.millis())));
                put.setInt(4, answer.status());
                put.setString(5, answer.message());
                put.setInt(6, answer.rows().size());
                put.setBoolean(7, kept.truncated() || !place.fits);
                put.setString(8, place.fits ? kept.json() : "[]");
                put.setObject(9, answer.wallMillis(), Types.BIGINT);
                put.setString(10, host.tenant().value());
                put.setObject(11, answer.query());
                put.setObject(12, host.id());
                put.executeUpdate();
            }
            return true;
        });
    }

    /** Of an answer that is sent twice at once only one is counted. */
    private static boolean lock(Connection connection, Node host, UUID query) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1 FROM live_query_hosts WHERE tenant_id = ?"
                + " AND query_id = ? AND endpoint_id = ? AND state IN ('waiting', 'sent') FOR UPDATE")) {
            select.setString(1, host.tenant().value());
            select.setObject(2, query);
            select.setObject(3, host.id());
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** @param fits whether there is room for its rows */
    private record Place(int seq, boolean fits) {}

    private static @Nullable Place count(Connection connection, Node host, HostAnswer answer, int bytes)
            throws SQLException {
        try (var count = connection.prepareStatement("UPDATE live_queries SET answered = answered + 1,"
                + " failed = failed + ?, row_count = row_count + ?, kept_bytes = kept_bytes + ?"
                + " WHERE tenant_id = ? AND query_id = ? AND cancelled_at IS NULL RETURNING answered, kept_bytes")) {
            count.setInt(1, answer.status() == 0 ? 0 : 1);
            count.setInt(2, answer.rows().size());
            count.setInt(3, bytes);
            count.setString(4, host.tenant().value());
            count.setObject(5, answer.query());
            try (var rows = count.executeQuery()) {
                return rows.next() ? new Place(rows.getInt(1), rows.getLong(2) <= MOST_BYTES) : null;
            }
        }
    }
}
