package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.suppression.Suppression.Content;
import io.marsad.soc.suppression.Suppression.Hit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction. */
final class SuppressionRows {
    private static final String COLUMNS = "suppression_id, rules, query, entity, reason, owner, owner_name, starts_at,"
            + " expires_at, created_at, updated_at, version, hits, last_hit_at";
    private static final int HITS_KEPT = 1_000;

    private SuppressionRows() {}

    static List<Suppression> list(Connection connection, String tenant) throws SQLException {
        var all = new ArrayList<Suppression>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM suppressions WHERE tenant_id = ? ORDER BY created_at DESC, suppression_id")) {
            select.setString(1, tenant);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
        }
        return all;
    }

    static @Nullable Suppression find(Connection connection, String tenant, EventId id, boolean lock)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM suppressions WHERE tenant_id = ? AND suppression_id = ?" + (lock ? " FOR UPDATE" : ""))) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static void insert(Connection connection, String tenant, Suppression one) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO suppressions (rules, query, entity, reason,"
                + " starts_at, expires_at, updated_at, version, tenant_id, suppression_id, owner, owner_name, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            bind(insert, one);
            insert.setString(9, tenant);
            insert.setObject(10, one.id().uuid());
            insert.setString(11, one.owner());
            insert.setString(12, one.ownerName());
            insert.setTimestamp(13, Timestamp.from(one.createdAt()));
            insert.executeUpdate();
        }
        changed(connection, tenant);
    }

    static void update(Connection connection, String tenant, Suppression one) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE suppressions SET rules = ?, query = ?, entity = ?,"
                + " reason = ?, starts_at = ?, expires_at = ?, updated_at = ?, version = ?"
                + " WHERE tenant_id = ? AND suppression_id = ?")) {
            bind(update, one);
            update.setString(9, tenant);
            update.setObject(10, one.id().uuid());
            update.executeUpdate();
        }
        changed(connection, tenant);
    }

    private static void bind(PreparedStatement statement, Suppression one) throws SQLException {
        var content = one.content();
        var rules = content.rules().toArray();
        statement.setArray(1, statement.getConnection().createArrayOf("text", rules));
        statement.setString(2, content.query());
        statement.setObject(3, content.entity(), Types.VARCHAR);
        statement.setString(4, content.reason());
        statement.setTimestamp(5, Timestamp.from(content.starts()));
        statement.setTimestamp(6, Timestamp.from(content.expires()));
        statement.setTimestamp(7, Timestamp.from(one.updatedAt()));
        statement.setInt(8, one.version());
    }

    static void delete(Connection connection, String tenant, EventId id) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM suppressions WHERE tenant_id = ? AND suppression_id = ?")) {
            delete.setString(1, tenant);
            delete.setObject(2, id.uuid());
            delete.executeUpdate();
        }
        changed(connection, tenant);
    }

    private static void changed(Connection connection, String tenant) throws SQLException {
        try (var grow = connection.prepareStatement("INSERT INTO suppression_versions VALUES (?, 1)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET version = suppression_versions.version + 1")) {
            grow.setString(1, tenant);
            grow.executeUpdate();
        }
    }

    /** 0 where there never were any. */
    static long version(Connection connection, String tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT version FROM suppression_versions WHERE tenant_id = ?")) {
            select.setString(1, tenant);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    static List<Hit> hits(Connection connection, String tenant, EventId id, int most) throws SQLException {
        var hits = new ArrayList<Hit>();
        try (var select = connection.prepareStatement("SELECT firing_id, hit_at, time, rule_id, title, event_id"
                + " FROM suppression_hits WHERE tenant_id = ? AND suppression_id = ?"
                + " ORDER BY hit_at DESC, firing_id LIMIT ?")) {
            select.setString(1, tenant);
            select.setObject(2, id.uuid());
            select.setInt(3, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    hits.add(new Hit(
                            id(rows, "firing_id"),
                            rows.getTimestamp("hit_at").toInstant(),
                            rows.getTimestamp("time").toInstant(),
                            rows.getString("rule_id"),
                            rows.getString("title"),
                            id(rows, "event_id")));
                }
            }
        }
        return hits;
    }

    /** Counts what one has hidden, each firing once, and forgets the details of old ones. */
    static void count(Connection connection, String tenant, EventId id, List<Hit> hits) throws SQLException {
        int counted = 0;
        Instant last = Instant.EPOCH;
        try (var insert = connection.prepareStatement(
                "INSERT INTO suppression_hits VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (Hit hit : hits) {
                insert.setString(1, tenant);
                insert.setObject(2, id.uuid());
                insert.setObject(3, hit.firing().uuid());
                insert.setTimestamp(4, Timestamp.from(hit.at()));
                insert.setTimestamp(5, Timestamp.from(hit.time()));
                insert.setString(6, hit.ruleId());
                insert.setString(7, hit.title());
                insert.setObject(8, hit.event().uuid());
                insert.addBatch();
                last = hit.at();
            }
            for (int rows : insert.executeBatch()) {
                counted += Math.max(0, rows);
            }
        }
        if (counted == 0) {
            return;
        }
        long hitsNow;
        try (var update = connection.prepareStatement("UPDATE suppressions SET hits = hits + ?, last_hit_at = ?"
                + " WHERE tenant_id = ? AND suppression_id = ? RETURNING hits")) {
            update.setInt(1, counted);
            update.setTimestamp(2, Timestamp.from(last));
            update.setString(3, tenant);
            update.setObject(4, id.uuid());
            try (var rows = update.executeQuery()) {
                hitsNow = rows.next() ? rows.getLong(1) : 0;
            }
        }
        if (hitsNow / HITS_KEPT != (hitsNow - counted) / HITS_KEPT) {
            try (var prune = connection.prepareStatement("DELETE FROM suppression_hits WHERE tenant_id = ?"
                    + " AND suppression_id = ? AND firing_id NOT IN (SELECT firing_id FROM suppression_hits"
                    + " WHERE tenant_id = ? AND suppression_id = ? ORDER BY hit_at DESC, firing_id LIMIT " + HITS_KEPT
                    + ")")) {
                prune.setString(1, tenant);
                prune.setObject(2, id.uuid());
                prune.setString(3, tenant);
                prune.setObject(4, id.uuid());
                prune.executeUpdate();
            }
        }
    }

    private static Suppression read(ResultSet row) throws SQLException {
        var rules = row.getArray("rules").getArray() instanceof String[] texts ? List.of(texts) : List.<String>of();
        var lastHit = row.getTimestamp("last_hit_at");
        var content = new Content(
                rules,
                row.getString("query"),
                row.getString("entity"),
                row.getString("reason"),
                row.getTimestamp("starts_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
        return new Suppression(
                id(row, "suppression_id"),
                content,
                row.getString("owner"),
                row.getString("owner_name"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getInt("version"),
                row.getLong("hits"),
                lastHit == null ? null : lastHit.toInstant());
    }

    static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
