package io.marsad.soc.audit;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundTls;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.audit.AuditQuery;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Audit logs as syslog over TLS, each tenant's to its own receiver: in their order, each entry at least once. How far the
 * receiver is, is kept with the log. Thread-safe.
 */
public final class AuditStreams {
    private static final int PAGE = 500;
    private static final int MOST_OF_FAULT = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?");
    private static final AuditQuery ALL = new AuditQuery(null, null, null, null, null);

    private final Database database;
    private final OutboundGuard guard;
    private final SSLSocketFactory machine;
    private final InstantSource clock;

    /** @param machine whom the machine trusts */
    public AuditStreams(Database database, OutboundGuard guard, SSLSocketFactory machine, InstantSource clock) {
        this.database = database;
        this.guard = guard;
        this.machine = machine;
        this.clock = clock;
    }

    /** The caller's tenant's; null when its log goes nowhere. */
    public @Nullable AuditStream find() {
        return database.inCallerTenant(connection -> find(connection, CallerScope.tenant()));
    }

    private static @Nullable AuditStream find(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT host, port, authority, sent, sent_at, failed_at, fault"
                + " FROM audit_streams WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new AuditStream(
                                rows.getString(1),
                                rows.getInt(2),
                                rows.getString(3),
                                rows.getLong(4),
                                instant(rows.getTimestamp(5)),
                                instant(rows.getTimestamp(6)),
                                rows.getString(7))
                        : null;
            }
        }
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    /**
     * From now on the caller's tenant's log goes there, from its first entry when it went nowhere before.
     *
     * @param authority PEM of who signs the receiver's certificate; null when the machine knows them
     */
    public AuditStream set(String host, int port, @Nullable String authority) {
        if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
            throw Problem.badRequest("invalid-receiver", "A receiver has the name of a host and a port.")
                    .asException();
        }
        if (authority != null) {
            try {
                OutboundTls.trusting(authority);
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest("invalid-certificate", "The authority is no certificate in PEM.")
                        .asException();
            }
        }
        return database.<AuditStream>inCallerTenant(connection -> {
            var tenant = CallerScope.tenant();
            var before = find(connection, tenant);
            try (var upsert = connection.prepareStatement("INSERT INTO audit_streams VALUES (?, ?, ?, ?, 0, NULL, NULL,"
                    + " NULL, ?) ON CONFLICT (tenant_id) DO UPDATE SET host = excluded.host, port = excluded.port,"
                    + " authority = excluded.authority, failed_at = NULL, fault = NULL")) {
                upsert.setString(1, tenant.value());
                upsert.setString(2, host);
                upsert.setInt(3, port);
                upsert.setString(4, authority);
                upsert.setTimestamp(5, Timestamp.from(clock.instant()));
                upsert.executeUpdate();
            }
            var was = before == null ? "null" : shown(before.host(), before.port());
            record(connection, "audit.stream", "{\"before\":" + was + ",\"after\":" + shown(host, port) + "}");
            var after = find(connection, tenant);
            if (after == null) {
                throw new IllegalStateException("it was just written");
            }
            return after;
        });
    }

    /** A host has no character that JSON would have to escape. */
    private static String shown(String host, int port) {
        return "{\"host\":\"" + host + "\",\"port\":" + port + "}";
    }

    /** The caller's tenant's log goes nowhere any more; false when it did not. */
    public boolean remove() {
        return database.<Boolean>inCallerTenant(connection -> {
            var before = find(connection, CallerScope.tenant());
            if (before == null) {
                return false;
            }
            try (var delete = connection.prepareStatement("DELETE FROM audit_streams WHERE tenant_id = ?")) {
                delete.setString(1, CallerScope.tenant().value());
                delete.executeUpdate();
            }
            var was = shown(before.host(), before.port());
            record(connection, "audit.unstream", "{\"before\":" + was + ",\"after\":null}");
            return true;
        });
    }

    private void record(Connection connection, String action, String detail) throws SQLException {
        var caller = CallerScope.current();
        var object = "audit:" + caller.tenant();
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(clock.instant(), caller.subject(), action, object, detail));
    }

    /** Tenants whose log has entries that their receiver has not; one question however many tenants there are. */
    List<TenantId> waiting() {
        return database.inInstallation(connection -> {
            var tenants = new ArrayList<TenantId>();
            try (var select = connection.prepareStatement("SELECT tenant FROM tenants_to_stream()");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new TenantId(rows.getString(1)));
                }
            }
            return tenants;
        });
    }

    /**
     * Sends what the receiver has not, in portions.
     *
     * @return false when it was not taken; why is with the stream
     */
    boolean send(TenantId tenant) {
        while (true) {
            var stream = database.inTenant(tenant, connection -> find(connection, tenant));
            if (stream == null) {
                return true;
            }
            var entries = database.<List<AuditQuery.Found>>inTenant(
                    tenant, connection -> ALL.following(connection, tenant, stream.sent(), PAGE));
            if (entries.isEmpty()) {
                return true;
            }
            try {
                var tls = stream.authority() == null ? machine : OutboundTls.trusting(stream.authority());
                var bytes = SyslogLine.framed(tenant, entries);
                OutboundTls.send(guard, tls, stream.host(), stream.port(), bytes, PATIENCE);
            } catch (IOException | IllegalArgumentException e) {
                failed(tenant, String.valueOf(e.getMessage()));
                return false;
            }
            sent(tenant, stream.sent(), entries.getLast().seq());
        }
    }

    private void sent(TenantId tenant, long from, long to) {
        database.<Integer>inTenant(tenant, connection -> {
            // Another platform may have sent the same: then theirs stands.
            try (var update = connection.prepareStatement("UPDATE audit_streams SET sent = ?, sent_at = ?,"
                    + " failed_at = NULL, fault = NULL WHERE tenant_id = ? AND sent = ?")) {
                update.setLong(1, to);
                update.setTimestamp(2, Timestamp.from(clock.instant()));
                update.setString(3, tenant.value());
                update.setLong(4, from);
                return update.executeUpdate();
            }
        });
    }

    private void failed(TenantId tenant, String fault) {
        database.<Integer>inTenant(tenant, connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE audit_streams SET failed_at = ?, fault = ? WHERE tenant_id = ?")) {
                update.setTimestamp(1, Timestamp.from(clock.instant()));
                update.setString(2, fault.substring(0, Math.min(fault.length(), MOST_OF_FAULT)));
                update.setString(3, tenant.value());
                return update.executeUpdate();
            }
        });
    }
}
