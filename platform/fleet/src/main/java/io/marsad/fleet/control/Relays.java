package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The relays of the caller's tenant, and which hosts come through them. Thread-safe. */
public final class Relays {
    private static final Duration LATELY = Duration.ofMinutes(15);
    private static final int MOST = 500;

    private final Database database;
    private final InstantSource clock;

    /**
     * A relay.
     *
     * @param revoked whether it is kept out
     * @param certificateUntil null: it has none that ends
     * @param waiting on its disk, and what it lost: records and bytes of each
     */
    public record Relay(
            UUID id,
            String hostname,
            String group,
            String software,
            boolean revoked,
            Instant enrolledAt,
            Instant lastSeenAt,
            String address,
            @Nullable Instant certificateUntil,
            Spool waiting,
            Spool lost,
            List<Group> groups) {}

    /** So much of a spool. */
    public record Spool(long records, long bytes) {}

    /**
     * Hosts of a group that come by one way.
     *
     * @param heard those of them that were heard lately
     */
    public record Group(String name, int hosts, int heard) {}

    /** @param direct hosts with our agent that come without a relay */
    public record All(List<Relay> relays, List<Group> direct) {}

    public Relays(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** All of them by name. */
    public All list() {
        return database.inCallerTenant(connection -> {
            var groups = groups(connection);
            return new All(relays(connection, groups), groups.getOrDefault(null, List.of()));
        });
    }

    /** By relay; null: without one. */
    private Map<@Nullable UUID, List<Group>> groups(Connection connection) throws SQLException {
        Map<@Nullable UUID, List<Group>> found = new HashMap<>();
        try (var select = connection.prepareStatement("SELECT relay_id, endpoint_group, count(*),"
                + " count(*) FILTER (WHERE last_seen_at > ?) FROM endpoints WHERE tenant_id = ? AND kind = 'agent'"
                + " AND revoked_at IS NULL GROUP BY relay_id, endpoint_group ORDER BY endpoint_group")) {
            select.setTimestamp(1, Timestamp.from(clock.instant().minus(LATELY)));
            select.setString(2, CallerScope.tenant().value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getObject(1, UUID.class), _ -> new ArrayList<>())
                            .add(new Group(rows.getString(2), rows.getInt(3), rows.getInt(4)));
                }
            }
        }
        return found;
    }

    private static List<Relay> relays(Connection connection, Map<@Nullable UUID, List<Group>> groups)
            throws SQLException {
        var found = new ArrayList<Relay>();
        try (var select = connection.prepareStatement(
                "SELECT endpoint_id, hostname, endpoint_group, software, revoked_at,"
                        + " enrolled_at, last_seen_at, last_address, key_until, waiting_records, waiting_bytes, lost_records,"
                        + " lost_bytes FROM endpoints WHERE tenant_id = ? AND kind = 'relay' ORDER BY hostname, endpoint_id LIMIT ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setInt(2, MOST);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = rows.getObject("endpoint_id", UUID.class);
                    var until = rows.getTimestamp("key_until");
                    found.add(new Relay(
                            id,
                            rows.getString("hostname"),
                            rows.getString("endpoint_group"),
                            rows.getString("software"),
                            rows.getTimestamp("revoked_at") != null,
                            rows.getTimestamp("enrolled_at").toInstant(),
                            rows.getTimestamp("last_seen_at").toInstant(),
                            rows.getString("last_address"),
                            until == null ? null : until.toInstant(),
                            new Spool(rows.getLong("waiting_records"), rows.getLong("waiting_bytes")),
                            new Spool(rows.getLong("lost_records"), rows.getLong("lost_bytes")),
                            groups.getOrDefault(id, List.of())));
                }
            }
        }
        return found;
    }
}
