package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Keeps signed notes of how far a tenant's audit log came. Stateless. */
public final class AuditCheckpoints {
    private AuditCheckpoints() {}

    /** Seals what the log has now. Returns the note; null when nothing came since the newest. */
    public static @Nullable String make(Connection connection, TenantId tenant, AuditSeal seal, Instant at)
            throws SQLException {
        AuditCheckpoint checkpoint;
        try (var select = connection.prepareStatement("SELECT h.seq, h.hash FROM audit_heads h WHERE h.tenant_id = ?"
                + " AND h.seq > coalesce((SELECT max(c.seq) FROM audit_checkpoints c WHERE c.tenant_id = ?), 0)")) {
            select.setString(1, tenant.value());
            select.setString(2, tenant.value());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var time = at.truncatedTo(ChronoUnit.MILLIS);
                checkpoint = new AuditCheckpoint(tenant, rows.getLong(1), rows.getBytes(2), time);
            }
        }
        var note = seal.sign(checkpoint);
        try (var insert = connection.prepareStatement(
                "INSERT INTO audit_checkpoints VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setLong(2, checkpoint.seq());
            insert.setTimestamp(3, Timestamp.from(checkpoint.at()));
            insert.setString(4, note);
            return insert.executeUpdate() == 1 ? note : null;
        }
    }

    /** The newest note; null before the first. */
    public static @Nullable String newest(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT note FROM audit_checkpoints WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
