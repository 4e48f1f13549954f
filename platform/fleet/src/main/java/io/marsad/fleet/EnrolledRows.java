package io.marsad.fleet;

import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Endpoints that come, in the tables of the transaction's tenant. */
final class EnrolledRows {
    /** So long what was shown before a renewal is good: the answer with the next may be lost on the way. */
    private static final Duration BEFORE = Duration.ofDays(1);

    private EnrolledRows() {}

    /** Who gets its next certificate. */
    record Renewing(UUID id, Purpose kind) {}

    /** The endpoint that it is: the one that was here before, or a new one; null when that is revoked. */
    static @Nullable UUID put(
            Connection connection, TenantId tenant, EnrollSecret by, Enrollment.Asking asking, UUID fresh, Instant now)
            throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO endpoints (tenant_id, endpoint_id, kind,"
                + " host_identifier, hardware_uuid, hostname, platform, os_version, software, endpoint_group,"
                + " secret_id, key_hash, enrolled_at, last_seen_at, last_address)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id, kind, host_identifier, hardware_uuid) DO UPDATE SET"
                + " hostname = excluded.hostname, platform = excluded.platform, os_version = excluded.os_version,"
                + " software = excluded.software, endpoint_group = excluded.endpoint_group,"
                + " secret_id = excluded.secret_id, key_before = NULL, key_before_until = NULL, relay_id = NULL,"
                + " enrolled_at = excluded.enrolled_at, last_seen_at = excluded.last_seen_at,"
                + " last_address = excluded.last_address WHERE endpoints.revoked_at IS NULL RETURNING endpoint_id")) {
            var host = asking.host();
            put.setString(1, tenant.value());
            put.setObject(2, fresh);
            put.setString(3, asking.purpose().word());
            put.setString(4, host.identifier());
            put.setString(5, host.hardwareId());
            put.setString(6, host.name());
            put.setString(7, host.platform());
            put.setString(8, host.osVersion());
            put.setString(9, host.software());
            put.setString(10, by.group());
            put.setObject(11, by.id());
            put.setBytes(12, new byte[32]); // what it shows is made for its id: it follows in this transaction
            put.setTimestamp(13, Timestamp.from(now));
            put.setTimestamp(14, Timestamp.from(now));
            put.setString(15, asking.address());
            try (var rows = put.executeQuery()) {
                return rows.next() ? rows.getObject(1, UUID.class) : null;
            }
        }
    }

    /** What it showed before is good no more. */
    static void known(Connection connection, TenantId tenant, UUID id, Enrollment.Known known) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE endpoints SET key_hash = ?, key_until = ?,"
                + " key_before = NULL, key_before_until = NULL WHERE tenant_id = ? AND endpoint_id = ?")) {
            update.setBytes(1, known.hash());
            timestamp(update, 2, known.until());
            update.setString(3, tenant.value());
            update.setObject(4, id);
            update.executeUpdate();
        }
    }

    /**
     * What it showed before is good for a while.
     *
     * @return false when it is not let in any more
     */
    static boolean renewed(
            Connection connection, TenantId tenant, Renewing renewing, Enrollment.Known known, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE endpoints SET"
                + " key_before = CASE WHEN key_before_until > ? THEN key_before ELSE key_hash END,"
                + " key_before_until = ?, key_hash = ?, key_until = ?"
                + " WHERE tenant_id = ? AND endpoint_id = ? AND kind = ? AND revoked_at IS NULL")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setTimestamp(2, Timestamp.from(now.plus(BEFORE)));
            update.setBytes(3, known.hash());
            timestamp(update, 4, known.until());
            update.setString(5, tenant.value());
            update.setObject(6, renewing.id());
            update.setString(7, renewing.kind().word());
            return update.executeUpdate() == 1;
        }
    }

    private static void timestamp(java.sql.PreparedStatement statement, int at, @Nullable Instant time)
            throws SQLException {
        if (time == null) {
            statement.setNull(at, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setTimestamp(at, Timestamp.from(time));
        }
    }
}
