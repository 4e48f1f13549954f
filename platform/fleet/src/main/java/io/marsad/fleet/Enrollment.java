package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lets hosts in, and knows them again by their keys. Thread-safe. */
public final class Enrollment {
    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final Duration REFUSALS_TOLD_EVERY = Duration.ofHours(1);
    private static final String ACTOR = "system:osquery";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public Enrollment(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** A host whose key is good. */
    public record Node(TenantId tenant, UUID id, String hostname, String group) {}

    /** The tenant that a secret is said to be of, or null when it is none; whether it is good is not looked at. */
    public static @Nullable TenantId tenantOf(String secret) {
        var key = FleetKey.parse(FleetKey.ENROLL, secret);
        return key == null ? null : key.tenant();
    }

    /**
     * Lets a host in. One that was here before, by identifier and hardware, stays the same endpoint, and its key before is
     * good no more; one that was revoked is not let in.
     *
     * @return the host's key, known here and now only; null when it is refused
     */
    public @Nullable String enroll(String secret, Endpoint.Host host, String address) {
        var shown = FleetKey.parse(FleetKey.ENROLL, secret);
        if (shown == null || host.identifier().isEmpty()) {
            return null;
        }
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(shown.tenant(), connection -> {
            var known = EnrollSecrets.lock(connection, shown);
            if (known == null) {
                return null; // anybody can make one up: nothing is written for that
            }
            var refusal = known.refusal(now);
            if (refusal != null) {
                refused(connection, shown, refusal, host, now);
                return null;
            }
            var fresh = FleetKey.create(
                    shown.tenant(),
                    EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                            .uuid(),
                    random);
            var id = put(connection, fresh, known, host, address, now);
            if (id == null) {
                refused(connection, shown, "the endpoint is revoked", host, now);
                return null;
            }
            used(connection, shown, host, now);
            var detail = AuditLog.detail(
                    connection, "host", host.name(), "identifier", host.identifier(), "secret", known.name());
            var entry = new AuditLog.Entry(now, ACTOR, "endpoint.enroll", "endpoint:" + id, detail);
            AuditLog.append(connection, shown.tenant(), entry);
            return new FleetKey(shown.tenant(), id, fresh.secret()).text(FleetKey.NODE);
        });
    }

    private static @Nullable UUID put(
            Connection connection, FleetKey fresh, EnrollSecret by, Endpoint.Host host, String address, Instant now)
            throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO endpoints (tenant_id, endpoint_id, kind,"
                + " host_identifier, hardware_uuid, hostname, platform, os_version, software, endpoint_group,"
                + " secret_id, key_hash, enrolled_at, last_seen_at, last_address)"
                + " VALUES (?, ?, 'osquery', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id, kind, host_identifier, hardware_uuid) DO UPDATE SET"
                + " hostname = excluded.hostname, platform = excluded.platform, os_version = excluded.os_version,"
                + " software = excluded.software, endpoint_group = excluded.endpoint_group,"
                + " secret_id = excluded.secret_id, key_hash = excluded.key_hash,"
                + " enrolled_at = excluded.enrolled_at, last_seen_at = excluded.last_seen_at,"
                + " last_address = excluded.last_address WHERE endpoints.revoked_at IS NULL RETURNING endpoint_id")) {
            put.setString(1, fresh.tenant().value());
            put.setObject(2, fresh.id());
            put.setString(3, host.identifier());
            put.setString(4, host.hardwareId());
            put.setString(5, host.name());
            put.setString(6, host.platform());
            put.setString(7, host.osVersion());
            put.setString(8, host.software());
            put.setString(9, by.group());
            put.setObject(10, by.id());
            put.setBytes(11, fresh.hash());
            put.setTimestamp(12, Timestamp.from(now));
            put.setTimestamp(13, Timestamp.from(now));
            put.setString(14, address);
            try (var rows = put.executeQuery()) {
                return rows.next() ? rows.getObject(1, UUID.class) : null;
            }
        }
    }

    private static void used(Connection connection, FleetKey secret, Endpoint.Host host, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE enroll_secrets SET uses = uses + 1, last_used_at = ?,"
                + " last_used_host = ? WHERE tenant_id = ? AND secret_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, host.name().isEmpty() ? host.identifier() : host.name());
            update.setString(3, secret.tenant().value());
            update.setObject(4, secret.id());
            update.executeUpdate();
        }
    }

    /** Hosts try again and again: the audit log is told once an hour and secret. */
    private static void refused(Connection connection, FleetKey secret, String reason, Endpoint.Host host, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE enroll_secrets SET refused_at = ? WHERE tenant_id = ?"
                + " AND secret_id = ? AND (refused_at IS NULL OR refused_at < ?)")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, secret.tenant().value());
            update.setObject(3, secret.id());
            update.setTimestamp(4, Timestamp.from(now.minus(REFUSALS_TOLD_EVERY)));
            if (update.executeUpdate() == 0) {
                return;
            }
        }
        var detail =
                AuditLog.detail(connection, "reason", reason, "host", host.name(), "identifier", host.identifier());
        var entry = new AuditLog.Entry(now, ACTOR, "endpoint.refuse", "enroll-secret:" + secret.id(), detail);
        AuditLog.append(connection, secret.tenant(), entry);
    }

    /** Whose key this is; null when it is nobody's, was replaced or revoked. */
    public @Nullable Node authenticate(String text, String address) {
        var key = FleetKey.parse(FleetKey.NODE, text);
        if (key == null) {
            return null;
        }
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(key.tenant(), connection -> {
            try (var select = connection.prepareStatement("SELECT key_hash, hostname, endpoint_group, last_seen_at,"
                    + " last_address FROM endpoints WHERE tenant_id = ? AND endpoint_id = ? AND revoked_at IS NULL")) {
                select.setString(1, key.tenant().value());
                select.setObject(2, key.id());
                try (var rows = select.executeQuery()) {
                    if (!rows.next() || !key.hashesTo(rows.getBytes("key_hash"))) {
                        return null;
                    }
                    var seen = rows.getTimestamp("last_seen_at").toInstant();
                    if (seen.plus(SEEN_EVERY).isBefore(now)
                            || !rows.getString("last_address").equals(address)) {
                        seen(connection, key, address, now);
                    }
                    return new Node(
                            key.tenant(), key.id(), rows.getString("hostname"), rows.getString("endpoint_group"));
                }
            }
        });
    }

    private static void seen(Connection connection, FleetKey key, String address, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE endpoints SET last_seen_at = ?, last_address = ?"
                + " WHERE tenant_id = ? AND endpoint_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, address);
            update.setString(3, key.tenant().value());
            update.setObject(4, key.id());
            update.executeUpdate();
        }
    }
}
