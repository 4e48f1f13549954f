package io.marsad.fleet.osquery;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of packs and of what groups are given; in a transaction of the tenant. */
final class PackRows {
    private final Connection connection;
    private final TenantId tenant;

    PackRows(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /** Changes of the same tenant come one after the other. */
    void lock() throws SQLException {
        try (var lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('osquery-packs'), hashtext(?))")) {
            lock.setString(1, tenant.value());
            lock.execute();
        }
    }

    /** The newest version of each of the tenant's own, by name. */
    Map<String, KeptPack> own() throws SQLException {
        var found = new TreeMap<String, KeptPack>();
        try (var select = connection.prepareStatement("SELECT DISTINCT ON (pack_name) pack_name, version, source, note,"
                + " made_by, made_at FROM osquery_packs WHERE tenant_id = ? ORDER BY pack_name, version DESC")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var pack = pack(rows);
                    found.put(pack.pack().name(), pack);
                }
            }
        }
        return found;
    }

    /** The versions of one, newest first. */
    List<KeptPack> versions(String name, int most) throws SQLException {
        var found = new ArrayList<KeptPack>();
        try (var select = connection.prepareStatement("SELECT pack_name, version, source, note, made_by, made_at"
                + " FROM osquery_packs WHERE tenant_id = ? AND pack_name = ? ORDER BY version DESC LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setString(2, name);
            select.setInt(3, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(pack(rows));
                }
            }
        }
        return found;
    }

    private static KeptPack pack(ResultSet rows) throws SQLException {
        var name = rows.getString("pack_name");
        var text = rows.getString("source");
        var read = PackReader.read(name, text).pack();
        if (read == null) { // it was read when it was put; a newer platform may be stricter
            read = new QueryPack(
                    name,
                    name,
                    "",
                    false,
                    List.of(),
                    new QueryPack.Limits("", "", null),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Map.of());
        }
        return new KeptPack(
                read,
                rows.getLong("version"),
                text,
                rows.getString("note"),
                rows.getString("made_by"),
                rows.getTimestamp("made_at").toInstant());
    }

    void put(String name, KeptPack kept, Instant now) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO osquery_packs (tenant_id, pack_name, version, source, note, made_by, made_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setString(2, name);
            insert.setLong(3, kept.version());
            insert.setString(4, kept.text());
            insert.setString(5, kept.note());
            insert.setString(6, kept.madeBy());
            insert.setTimestamp(7, Timestamp.from(now));
            insert.executeUpdate();
        }
    }

    /** @return false when there was none */
    boolean delete(String name) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM osquery_packs WHERE tenant_id = ? AND pack_name = ?")) {
            delete.setString(1, tenant.value());
            delete.setString(2, name);
            return delete.executeUpdate() > 0;
        }
    }

    /** What groups are given, those that somebody has chosen packs for; by group. */
    Map<String, Assignment> assignments(@Nullable String group) throws SQLException {
        var found = new TreeMap<String, Assignment>();
        try (var select =
                connection.prepareStatement("SELECT DISTINCT ON (endpoint_group) endpoint_group, version, packs,"
                        + " note, made_by, made_at FROM osquery_assignments WHERE tenant_id = ? AND (?::text IS NULL OR"
                        + " endpoint_group = ?) ORDER BY endpoint_group, version DESC")) {
            select.setString(1, tenant.value());
            select.setString(2, group);
            select.setString(3, group);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var packs = Arrays.asList((String[]) rows.getArray("packs").getArray());
                    found.put(
                            rows.getString("endpoint_group"),
                            new Assignment(
                                    rows.getString("endpoint_group"),
                                    rows.getLong("version"),
                                    packs,
                                    rows.getString("note"),
                                    rows.getString("made_by"),
                                    rows.getTimestamp("made_at").toInstant(),
                                    0));
                }
            }
        }
        return found;
    }

    void put(Assignment made) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO osquery_assignments (tenant_id, endpoint_group, version,"
                        + " packs, note, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setString(2, made.group());
            insert.setLong(3, made.version());
            insert.setArray(4, connection.createArrayOf("text", made.packs().toArray()));
            insert.setString(5, made.note());
            insert.setString(6, made.madeBy());
            insert.setTimestamp(7, made.madeAt() == null ? null : Timestamp.from(made.madeAt()));
            insert.executeUpdate();
        }
    }

    /** How many hosts with osquery each group has. */
    Map<String, Integer> hosts() throws SQLException {
        var found = new TreeMap<String, Integer>();
        try (var select =
                connection.prepareStatement("SELECT endpoint_group, count(*) FROM endpoints WHERE tenant_id = ?"
                        + " AND kind = 'osquery' AND revoked_at IS NULL GROUP BY endpoint_group")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return found;
    }
}
