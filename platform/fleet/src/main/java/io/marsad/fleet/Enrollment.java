package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.fleet.EnrollSecret.Purpose;
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
    private static final String ACTOR = "system:enrollment";

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
     * By what a host is known from now on.
     *
     * @param hash SHA-256 of what it shows
     * @param until when that ends; null: it does not
     */
    public record Known(byte[] hash, @Nullable Instant until) {}

    /** Makes what a host is known by, in the transaction that lets it in. */
    @FunctionalInterface
    public interface Making {
        Known make(Connection connection, UUID endpoint, Instant now) throws SQLException;
    }

    /** A host at the door, with what it shows. */
    public record Asking(String secret, Purpose purpose, Endpoint.Host host, String address) {}

    /**
     * Lets a host with osquery in.
     *
     * @return the host's key, known here and now only; null when it is refused
     */
    public @Nullable String enroll(String secret, Endpoint.Host host, String address) {
        var tenant = tenantOf(secret);
        if (tenant == null) {
            return null;
        }
        var fresh = FleetKey.create(tenant, UUID.randomUUID(), random);
        var id = admit(new Asking(secret, Purpose.OSQUERY, host, address), (_, _, _) -> new Known(fresh.hash(), null));
        return id == null ? null : new FleetKey(tenant, id, fresh.secret()).text(FleetKey.NODE);
    }

    /**
     * Lets a host in. One that was here before, by identifier and hardware, stays the same endpoint, and what it showed
     * before is good no more; one that was revoked is not let in.
     *
     * @return null when it is refused
     */
    public @Nullable UUID admit(Asking asking, Making making) {
        var shown = FleetKey.parse(FleetKey.ENROLL, asking.secret);
        var host = asking.host;
        if (shown == null || host.identifier().isEmpty()) {
            return null;
        }
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(shown.tenant(), connection -> {
            var known = EnrollSecrets.lock(connection, shown);
            if (known == null) {
                return null; // anybody can make one up: nothing is written for that
            }
            var refusal = known.refusal(asking.purpose, now);
            if (refusal != null) {
                refused(connection, shown, refusal, host, now);
                return null;
            }
            var id = EnrolledRows.put(connection, shown.tenant(), known, asking, fresh(now), now);
            if (id == null) {
                refused(connection, shown, "the endpoint is revoked", host, now);
                return null;
            }
            EnrolledRows.known(connection, shown.tenant(), id, making.make(connection, id, now));
            used(connection, shown, host, now);
            var detail = AuditLog.detail(
                    connection, "host", host.name(), "identifier", host.identifier(), "secret", known.name());
            var entry = new AuditLog.Entry(now, ACTOR, "endpoint.enroll", "endpoint:" + id, detail);
            AuditLog.append(connection, shown.tenant(), entry);
            return id;
        });
    }

    /** The next that it is known by. @return false when it is not let in any more */
    public boolean renew(TenantId tenant, UUID id, Purpose kind, Making making) {
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(tenant, connection -> {
            var known = making.make(connection, id, now);
            if (!EnrolledRows.renewed(connection, tenant, new EnrolledRows.Renewing(id, kind), known, now)) {
                return false;
            }
            var entry = new AuditLog.Entry(
                    now, ACTOR, "endpoint.renew", "endpoint:" + id, AuditLog.detail(connection, "kind", kind.word()));
            AuditLog.append(connection, tenant, entry);
            return true;
        });
    }

    private UUID fresh(Instant now) {
        return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
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
                    + " last_address FROM endpoints WHERE tenant_id = ? AND endpoint_id = ? AND revoked_at IS NULL"
                    + " AND kind = 'osquery'")) {
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
