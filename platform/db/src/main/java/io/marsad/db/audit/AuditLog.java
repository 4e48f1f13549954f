package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Writes and checks the audit log: per tenant a chain without gaps, each entry with the hash of the one before. Always in
 * the transaction that does what is recorded. Stateless.
 */
public final class AuditLog {
    private static final byte[] START = new byte[32];
    private static final String COLUMNS = "seq, at, actor, action, object, detail, prev_hash, hash";

    private AuditLog() {}

    /**
     * What was done.
     *
     * @param actor who: {@code user:UUID}, {@code token:UUID}, {@code system:NAME}
     * @param action what, as {@code object.verb}: {@code alert.transition}
     * @param object on what: {@code alert:UUID}
     * @param detail a JSON object, without secrets
     */
    public record Entry(Instant at, String actor, String action, String object, String detail) {
        public Entry {
            at = at.truncatedTo(ChronoUnit.MICROS); // what the database keeps: the hash must be the same when read
        }
    }

    /**
     * How checking the chain went.
     *
     * @param entries how many were looked at
     * @param firstBad the number of the first entry that is not as it was written; 0 when all are
     */
    public record Verification(long entries, long firstBad) {
        public boolean ok() {
            return firstBad == 0;
        }
    }

    /** Appends and returns the entry's number. Others who append for the tenant wait until this transaction ends. */
    public static long append(Connection connection, TenantId tenant, Entry entry) throws SQLException {
        try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "marsad-audit " + tenant);
            lock.executeQuery().close();
        }
        long seq = 1;
        var previous = START;
        try (var last = connection.prepareStatement(
                "SELECT seq, hash FROM audit_log WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1")) {
            last.setString(1, tenant.value());
            try (var rows = last.executeQuery()) {
                if (rows.next()) {
                    seq = rows.getLong(1) + 1;
                    previous = rows.getBytes(2);
                }
            }
        }
        try (var insert = connection.prepareStatement(
                "INSERT INTO audit_log (tenant_id, " + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setLong(2, seq);
            insert.setTimestamp(3, Timestamp.from(entry.at()));
            insert.setString(4, entry.actor());
            insert.setString(5, entry.action());
            insert.setString(6, entry.object());
            insert.setString(7, entry.detail());
            insert.setBytes(8, previous);
            insert.setBytes(9, hash(tenant, seq, entry, previous));
            insert.executeUpdate();
        }
        return seq;
    }

    /** Reads the tenant's whole chain and computes it again. */
    public static Verification verify(Connection connection, TenantId tenant) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM audit_log WHERE tenant_id = ? ORDER BY seq")) {
            select.setString(1, tenant.value());
            select.setFetchSize(1_000);
            long expected = 1;
            var previous = START;
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var entry = new Entry(
                            rows.getTimestamp(2).toInstant(),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6));
                    var hash = rows.getBytes(8);
                    if (rows.getLong(1) != expected
                            || !Arrays.equals(rows.getBytes(7), previous)
                            || !Arrays.equals(hash, hash(tenant, expected, entry, previous))) {
                        return new Verification(expected, expected);
                    }
                    previous = hash;
                    expected++;
                }
            }
            return new Verification(expected - 1, 0);
        }
    }

    private static byte[] hash(TenantId tenant, long seq, Entry entry, byte[] previous) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("marsad-audit-v1".getBytes(StandardCharsets.US_ASCII));
            digest.update(previous);
            digest.update(ByteBuffer.allocate(8).putLong(seq).array());
            var at = entry.at();
            digest.update(ByteBuffer.allocate(12)
                    .putLong(at.getEpochSecond())
                    .putInt(at.getNano())
                    .array());
            for (String part :
                    new String[] {tenant.value(), entry.actor(), entry.action(), entry.object(), entry.detail()}) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array()); // parts cannot run together
                digest.update(bytes);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
