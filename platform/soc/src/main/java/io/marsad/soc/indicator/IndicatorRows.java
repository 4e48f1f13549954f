package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction. */
final class IndicatorRows {
    static final String CHANNEL = "marsad_indicators";
    static final String COLUMNS = "indicator_id, number, type, value, confidence, tlp, source, description, tags,"
            + " valid_from, valid_until, revoked, warning, created_by, created_at, updated_at, version, sightings,"
            + " first_seen, last_seen, feed_id";

    /** Which are looked for at a time. */
    static final String LIVE =
            "NOT revoked AND warning IS NULL AND valid_from <= ? AND (valid_until IS NULL OR valid_until > ?)";

    private static final String UPSERT = "INSERT INTO indicators (number, confidence, tlp, source, description, tags,"
            + " valid_from, valid_until, revoked, warning, updated_at, version, feed_id, tenant_id, indicator_id, type, value,"
            + " created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (tenant_id, indicator_id) DO UPDATE SET number = excluded.number,"
            + " confidence = excluded.confidence, tlp = excluded.tlp, source = excluded.source,"
            + " description = excluded.description, tags = excluded.tags, valid_from = excluded.valid_from,"
            + " valid_until = excluded.valid_until, revoked = excluded.revoked, warning = excluded.warning,"
            + " updated_at = excluded.updated_at, version = indicators.version + 1, feed_id = excluded.feed_id";
    private static final int AT_ONCE = 1_000;

    private IndicatorRows() {}

    static EventId id(String tenant, Listed.Value value) {
        return EventId.derived("indicator", tenant, value.type(), value.text());
    }

    /** Takes so many numbers; returns the first. Whoever else lists something waits until the transaction ends. */
    static int take(Connection connection, String tenant, int count) throws SQLException {
        try (var take =
                connection.prepareStatement("INSERT INTO indicator_numbers VALUES (?, ?) ON CONFLICT (tenant_id)"
                        + " DO UPDATE SET next = indicator_numbers.next + excluded.next RETURNING next")) {
            take.setString(1, tenant);
            take.setInt(2, count);
            try (var rows = take.executeQuery()) {
                rows.next();
                return rows.getInt(1) - count;
            }
        }
    }

    /** Tells those who look for them, once the transaction is committed. */
    static void tell(Connection connection, String tenant) throws SQLException {
        try (var notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            notify.setString(1, tenant);
            notify.executeQuery().close();
        }
    }

    static void put(Connection connection, String tenant, Collection<Listed> some) throws SQLException {
        try (var put = connection.prepareStatement(UPSERT)) {
            int waiting = 0;
            for (Listed one : some) {
                bind(put, tenant, one);
                put.addBatch();
                if (++waiting % AT_ONCE == 0) {
                    put.executeBatch();
                }
            }
            put.executeBatch();
        }
    }

    private static void bind(PreparedStatement put, String tenant, Listed one) throws SQLException {
        var about = one.about();
        put.setInt(1, one.number());
        put.setInt(2, about.confidence());
        put.setString(3, about.tlp().word());
        put.setString(4, about.source());
        put.setString(5, about.description());
        put.setArray(6, put.getConnection().createArrayOf("text", about.tags().toArray()));
        put.setTimestamp(7, Timestamp.from(about.from()));
        var until = about.until();
        put.setTimestamp(8, until == null ? null : Timestamp.from(until));
        put.setBoolean(9, about.revoked());
        put.setString(10, one.warning());
        put.setTimestamp(11, Timestamp.from(one.made().changed()));
        put.setInt(12, one.made().version());
        var feed = one.made().feed();
        put.setObject(13, feed == null ? null : feed.uuid(), Types.OTHER);
        put.setString(14, tenant);
        put.setObject(15, one.id().uuid());
        put.setString(16, one.value().type());
        put.setString(17, one.value().text());
        put.setString(18, one.made().by());
        put.setTimestamp(19, Timestamp.from(one.made().at()));
    }

    static @Nullable Listed find(Connection connection, String tenant, EventId id, boolean lock) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM indicators WHERE tenant_id = ? AND indicator_id = ?" + (lock ? " FOR UPDATE" : ""))) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    /** Those of the ids that are there. */
    static List<Listed> find(Connection connection, String tenant, Collection<EventId> ids, boolean lock)
            throws SQLException {
        var found = new ArrayList<Listed>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM indicators WHERE tenant_id = ? AND indicator_id = ANY (?)" + (lock ? " FOR UPDATE" : ""))) {
            select.setString(1, tenant);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", ids.stream().map(EventId::uuid).toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(read(rows));
                }
            }
        }
        return found;
    }

    /** Which of the ids are there. */
    static Set<EventId> known(Connection connection, String tenant, Collection<EventId> ids) throws SQLException {
        var known = new HashSet<EventId>();
        try (var select = connection.prepareStatement(
                "SELECT indicator_id FROM indicators WHERE tenant_id = ? AND indicator_id = ANY (?)")) {
            select.setString(1, tenant);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", ids.stream().map(EventId::uuid).toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = rows.getObject(1, UUID.class);
                    known.add(new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()));
                }
            }
        }
        return known;
    }

    static boolean delete(Connection connection, String tenant, EventId id) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM indicators WHERE tenant_id = ? AND indicator_id = ?")) {
            delete.setString(1, tenant);
            delete.setObject(2, id.uuid());
            return delete.executeUpdate() > 0;
        }
    }

    static Listed read(ResultSet row) throws SQLException {
        var tags = row.getArray("tags").getArray() instanceof String[] texts ? List.of(texts) : List.<String>of();
        var about = new Listed.About(
                row.getInt("confidence"),
                Tlp.of(row.getString("tlp")),
                row.getString("source"),
                row.getString("description"),
                tags,
                row.getTimestamp("valid_from").toInstant(),
                time(row, "valid_until"),
                row.getBoolean("revoked"));
        var made = new Listed.Made(
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getInt("version"),
                id(row.getObject("feed_id", UUID.class)));
        var id = row.getObject("indicator_id", UUID.class);
        return new Listed(
                new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                row.getInt("number"),
                new Listed.Value(row.getString("type"), row.getString("value")),
                about,
                row.getString("warning"),
                made,
                row.getLong("sightings"),
                time(row, "first_seen"),
                time(row, "last_seen"));
    }

    private static @Nullable EventId id(@Nullable UUID id) {
        return id == null ? null : new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
