package io.marsad.soc.indicator.feed;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.indicator.Tlp;
import io.marsad.soc.intel.IntelFiles;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction unless it says otherwise. */
final class FeedRows {
    private static final String SELECT = "SELECT f.*, c.due FROM intel_feeds f JOIN intel_feed_clocks c"
            + " USING (tenant_id, feed_id) WHERE f.tenant_id = ?";
    private static final int LONGEST_FAILURE = 500;

    private FeedRows() {}

    /** One that is due, and when it was. */
    record Due(TenantId tenant, EventId feed, Timestamp at) {}

    /** What is due in any tenant that works; in the installation's transaction. */
    static List<Due> due(Connection connection, Instant now, int most) throws SQLException {
        var due = new ArrayList<Due>();
        try (var select = connection.prepareStatement("SELECT c.tenant_id, c.feed_id, c.due FROM intel_feed_clocks c"
                + " JOIN tenants t USING (tenant_id) WHERE t.state = 'active' AND c.due <= ? ORDER BY c.due LIMIT ?")) {
            select.setTimestamp(1, Timestamp.from(now));
            select.setInt(2, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    due.add(new Due(new TenantId(rows.getString(1)), id(rows, "feed_id"), rows.getTimestamp(3)));
                }
            }
        }
        return due;
    }

    /** Moves its clock on; false when somebody else has. */
    static boolean claim(Connection connection, Due due, Instant until) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE intel_feed_clocks SET due = ? WHERE tenant_id = ? AND feed_id = ? AND due = ?")) {
            update.setTimestamp(1, Timestamp.from(until));
            update.setString(2, due.tenant.value());
            update.setObject(3, due.feed.uuid());
            update.setTimestamp(4, due.at);
            return update.executeUpdate() == 1;
        }
    }

    static void due(Connection connection, String tenant, EventId feed, Instant at) throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO intel_feed_clocks VALUES (?, ?, ?)"
                + " ON CONFLICT (tenant_id, feed_id) DO UPDATE SET due = excluded.due")) {
            put.setString(1, tenant);
            put.setObject(2, feed.uuid());
            put.setTimestamp(3, Timestamp.from(at));
            put.executeUpdate();
        }
    }

    static List<Feed> all(Connection connection, String tenant) throws SQLException {
        var all = new ArrayList<Feed>();
        try (var select = connection.prepareStatement(SELECT + " ORDER BY lower(f.name), f.feed_id")) {
            select.setString(1, tenant);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
        }
        return all;
    }

    static @Nullable Feed find(Connection connection, String tenant, EventId id, boolean lock) throws SQLException {
        try (var select =
                connection.prepareStatement(SELECT + " AND f.feed_id = ?" + (lock ? " FOR UPDATE OF f" : ""))) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static Feed.Stamp stamp(Connection connection, String tenant, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT etag, last_modified FROM intel_feeds WHERE tenant_id = ? AND feed_id = ?")) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Feed.Stamp(rows.getString(1), rows.getString(2)) : Feed.Stamp.NONE;
            }
        }
    }

    static void insert(Connection connection, String tenant, Feed feed) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO intel_feeds (name, url, format, minutes, tlp,"
                + " confidence, enabled, updated_at, version, tenant_id, feed_id, created_by, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            bind(insert, tenant, feed);
            insert.setString(12, feed.made().by());
            insert.setTimestamp(13, Timestamp.from(feed.made().at()));
            insert.executeUpdate();
        }
        due(connection, tenant, feed.id(), feed.health().due());
    }

    /** What was taken before counts as never taken: it may be another feed now, or read otherwise. */
    static void update(Connection connection, String tenant, Feed feed) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE intel_feeds SET name = ?, url = ?, format = ?,"
                + " minutes = ?, tlp = ?, confidence = ?, enabled = ?, updated_at = ?, version = ?, etag = NULL,"
                + " last_modified = NULL, failed_at = NULL, failure = NULL, failures = 0"
                + " WHERE tenant_id = ? AND feed_id = ?")) {
            bind(update, tenant, feed);
            update.executeUpdate();
        }
        due(connection, tenant, feed.id(), feed.health().due());
    }

    private static void bind(PreparedStatement put, String tenant, Feed feed) throws SQLException {
        var content = feed.content();
        put.setString(1, content.name());
        put.setString(2, content.url().toString());
        put.setString(3, content.format().name().toLowerCase(Locale.ROOT));
        put.setLong(4, content.every().toMinutes());
        put.setString(5, content.tlp().word());
        put.setInt(6, content.confidence());
        put.setBoolean(7, content.enabled());
        put.setTimestamp(8, Timestamp.from(feed.made().changed()));
        put.setInt(9, feed.made().version());
        put.setString(10, tenant);
        put.setObject(11, feed.id().uuid());
    }

    static void delete(Connection connection, String tenant, EventId id) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM intel_feeds WHERE tenant_id = ? AND feed_id = ?")) {
            delete.setString(1, tenant);
            delete.setObject(2, id.uuid());
            delete.executeUpdate();
        }
    }

    /** It was fetched and is as it was. */
    static void same(Connection connection, String tenant, EventId id, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE intel_feeds SET fetched_at = ?, failed_at = NULL,"
                + " failure = NULL, failures = 0 WHERE tenant_id = ? AND feed_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant);
            update.setObject(3, id.uuid());
            update.executeUpdate();
        }
    }

    /** It was fetched, and this is in it. */
    static void taken(
            Connection connection, String tenant, EventId id, Feed.Stamp stamp, int indicators, List<String> faults)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE intel_feeds SET etag = ?, last_modified = ?,"
                + " indicators = ?, faults = ? WHERE tenant_id = ? AND feed_id = ?")) {
            update.setString(1, stamp.etag());
            update.setString(2, stamp.modified());
            update.setInt(3, indicators);
            update.setArray(4, connection.createArrayOf("text", faults.toArray()));
            update.setString(5, tenant);
            update.setObject(6, id.uuid());
            update.executeUpdate();
        }
    }

    static void failed(Connection connection, String tenant, EventId id, String why, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE intel_feeds SET failed_at = ?, failure = ?,"
                + " failures = failures + 1 WHERE tenant_id = ? AND feed_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, why.substring(0, Math.min(LONGEST_FAILURE, why.length())));
            update.setString(3, tenant);
            update.setObject(4, id.uuid());
            update.executeUpdate();
        }
    }

    private static Feed read(ResultSet row) throws SQLException {
        var content = new Feed.Content(
                row.getString("name"),
                URI.create(row.getString("url")),
                IntelFiles.Format.valueOf(row.getString("format").toUpperCase(Locale.ROOT)),
                Duration.ofMinutes(row.getInt("minutes")),
                Tlp.of(row.getString("tlp")),
                row.getInt("confidence"),
                row.getBoolean("enabled"));
        var faults = row.getArray("faults").getArray() instanceof String[] texts ? List.of(texts) : List.<String>of();
        var health = new Feed.Health(
                time(row, "fetched_at"),
                time(row, "failed_at"),
                row.getString("failure"),
                row.getInt("failures"),
                row.getInt("indicators"),
                faults,
                row.getTimestamp("due").toInstant());
        var made = new Feed.Made(
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getInt("version"));
        return new Feed(id(row, "feed_id"), content, health, made);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var id = row.getObject(column, UUID.class);
        return new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
