package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.control.Roster.Entry;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in, in memory: asked at each handshake, batch and order. What is in memory is looked at again every two
 * seconds, and only where something has changed; who is not known by it is looked up at once. Thread-safe.
 */
public final class Rosters {
    private static final String COLUMNS =
            "endpoint_id, kind, endpoint_group, revoked_at IS NOT NULL, key_hash, key_before, key_before_until, hostname";

    private final Database database;
    private final InstantSource clock;
    private final ConcurrentMap<TenantId, Roster> known = new ConcurrentHashMap<>();

    public Rosters(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Of a tenant that there is. */
    public Roster of(TenantId tenant) {
        return known.computeIfAbsent(tenant, one -> database.inTenant(one, connection -> read(connection, one)));
    }

    /** Looks whether something has changed for those that were asked about. Often. */
    public void refresh() {
        for (var one : known.entrySet()) {
            var tenant = one.getKey();
            var before = one.getValue();
            known.put(
                    tenant,
                    database.inTenant(
                            tenant,
                            connection -> version(connection, tenant) == before.version()
                                    ? before
                                    : read(connection, tenant)));
        }
    }

    /** One of them is as the tables have it from now on. */
    public void changed(TenantId tenant, UUID id) {
        var entry = find(tenant, id);
        var entries = of(tenant).entries();
        if (entry == null) {
            entries.remove(id);
        } else {
            entries.put(id, entry);
        }
    }

    /** Whether who shows the certificate is let in. @param certificate its SHA-256 */
    public boolean isGood(TenantId tenant, UUID id, Purpose kind, byte[] certificate) {
        var now = clock.instant();
        var entry = of(tenant).entries().get(id);
        if (entry == null || !entry.revoked() && !entry.knows(certificate, now)) {
            entry = find(tenant, id); // it may have come a moment ago
        }
        return entry != null && entry.kind() == kind && entry.knows(certificate, now);
    }

    /** As it is now; null: there is none. */
    public @Nullable Entry find(TenantId tenant, UUID id) {
        return database.<@Nullable Entry>inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM endpoints WHERE tenant_id = ? AND endpoint_id = ? AND kind <> 'osquery'")) {
                select.setString(1, tenant.value());
                select.setObject(2, id);
                try (var rows = select.executeQuery()) {
                    return rows.next() ? entry(rows) : null;
                }
            }
        });
    }

    private static Roster read(Connection connection, TenantId tenant) throws SQLException {
        long version = version(connection, tenant); // first: what changes meanwhile is read again
        ConcurrentMap<UUID, Entry> entries = new ConcurrentHashMap<>();
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM endpoints WHERE tenant_id = ? AND kind <> 'osquery'")) {
            select.setFetchSize(2_000);
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.put(rows.getObject(1, UUID.class), entry(rows));
                }
            }
        }
        return new Roster(version, entries);
    }

    private static long version(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT version FROM roster_versions WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        var until = row.getTimestamp(7);
        return new Entry(
                Purpose.of(row.getString(2)),
                row.getString(8),
                row.getString(3),
                row.getBoolean(4),
                row.getBytes(5),
                row.getBytes(6),
                until == null ? null : until.toInstant());
    }
}
