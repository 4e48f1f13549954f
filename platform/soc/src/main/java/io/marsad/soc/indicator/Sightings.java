package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import io.marsad.match.Network;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.match.indicator.IndicatorType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Counts where indicators were seen, in the transaction that moves on the worker; the newest of each are kept. */
public final class Sightings {
    /** So many of each are kept. */
    static final int KEPT = 100;

    private Sightings() {}

    /** Those of the numbers that are looked for at that time: what was revoked, changed or has expired is not. */
    public static Map<Integer, Listed> live(
            Connection connection, String tenant, Collection<Integer> numbers, Instant now) throws SQLException {
        var live = new HashMap<Integer, Listed>();
        try (var select = connection.prepareStatement("SELECT " + IndicatorRows.COLUMNS
                + " FROM indicators WHERE tenant_id = ? AND number = ANY (?) AND " + IndicatorRows.LIVE)) {
            select.setString(1, tenant);
            select.setArray(2, connection.createArrayOf("integer", numbers.toArray()));
            select.setTimestamp(3, Timestamp.from(now));
            select.setTimestamp(4, Timestamp.from(now));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var one = IndicatorRows.read(rows);
                    live.put(one.number(), one);
                }
            }
        }
        return live;
    }

    /**
     * Adds sightings.
     *
     * @param times how often each was seen; of {@code seen} some of these events may be left out
     */
    public static void add(Connection connection, String tenant, Listed indicator, long times, List<Sighting> seen)
            throws SQLException {
        if (times == 0 || seen.isEmpty()) {
            return;
        }
        var first = seen.stream().map(Sighting::time).min(Instant::compareTo).orElseThrow();
        var last = seen.stream().map(Sighting::time).max(Instant::compareTo).orElseThrow();
        try (var update = connection.prepareStatement("UPDATE indicators SET sightings = sightings + ?,"
                + " first_seen = least(first_seen, ?), last_seen = greatest(last_seen, ?)"
                + " WHERE tenant_id = ? AND indicator_id = ?")) {
            update.setLong(1, times);
            update.setTimestamp(2, Timestamp.from(first));
            update.setTimestamp(3, Timestamp.from(last));
            update.setString(4, tenant);
            update.setObject(5, indicator.id().uuid());
            update.executeUpdate();
        }
        try (var insert = connection.prepareStatement(
                "INSERT INTO indicator_sightings VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (Sighting one : seen.subList(Math.max(0, seen.size() - KEPT), seen.size())) {
                insert.setString(1, tenant);
                insert.setObject(2, indicator.id().uuid());
                insert.setObject(3, one.event().uuid());
                insert.setTimestamp(4, Timestamp.from(one.time()));
                insert.setString(5, one.field());
                insert.setString(6, one.value());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        if (indicator.sightings() / KEPT != (indicator.sightings() + times) / KEPT) {
            prune(connection, tenant, indicator.id());
        }
    }

    private static void prune(Connection connection, String tenant, EventId id) throws SQLException {
        try (var prune = connection.prepareStatement("DELETE FROM indicator_sightings WHERE tenant_id = ?"
                + " AND indicator_id = ? AND event_id NOT IN (SELECT event_id FROM indicator_sightings"
                + " WHERE tenant_id = ? AND indicator_id = ? ORDER BY time DESC, event_id LIMIT " + KEPT + ")")) {
            prune.setString(1, tenant);
            prune.setObject(2, id.uuid());
            prune.setString(3, tenant);
            prune.setObject(4, id.uuid());
            prune.executeUpdate();
        }
    }

    static List<Sighting> newest(Connection connection, String tenant, EventId id) throws SQLException {
        var newest = new ArrayList<Sighting>();
        try (var select = connection.prepareStatement("SELECT event_id, time, field, value FROM indicator_sightings"
                + " WHERE tenant_id = ? AND indicator_id = ? ORDER BY time DESC, event_id LIMIT " + KEPT)) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var event = rows.getObject(1, UUID.class);
                    newest.add(new Sighting(
                            new EventId(event.getMostSignificantBits(), event.getLeastSignificantBits()),
                            rows.getTimestamp(2).toInstant(),
                            rows.getString(3),
                            rows.getString(4)));
                }
            }
        }
        return newest;
    }

    /** Lists it under that number. */
    static void add(IndicatorSetBuilder builder, Listed.Value value, int number) {
        if (value.type().equals(Listed.Value.NETWORK)) {
            builder.add(Network.parse(value.text()), number);
        } else {
            builder.add(type(value), value.text(), number);
        }
    }

    private static IndicatorType type(Listed.Value value) {
        return IndicatorType.valueOf(value.type().toUpperCase(Locale.ROOT));
    }
}
