package io.marsad.db.audit;

import io.marsad.kernel.tenant.Origin;
import io.marsad.kernel.tenant.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry at its place in the chain.
 *
 * @param version 1 without origin, 2 with it
 * @param seq its number, from 1
 * @param previous the hash of the entry before it, or {@link #START}
 */
record AuditLink(int version, TenantId tenant, long seq, AuditLog.Entry entry, Origin origin, byte[] previous) {
    /** Before the first entry. */
    static final byte[] START = new byte[32];

    /** Without the tenant, which comes first where it is wanted, and the hash, which comes last. */
    static final String COLUMNS = "seq, version, at, actor, action, object, detail, request_id, address, prev_hash";

    private static final int NEWEST = 2;

    AuditLink(TenantId tenant, long seq, AuditLog.Entry entry, Origin origin, byte[] previous) {
        this(NEWEST, tenant, seq, entry, origin, previous);
    }

    /** Reads a row of {@link #COLUMNS}; null when it cannot be one that was written. */
    static @Nullable AuditLink read(TenantId tenant, ResultSet row) throws SQLException {
        var at = row.getTimestamp("at");
        var texts = new String[6];
        int n = 0;
        for (String name : List.of("actor", "action", "object", "detail", "request_id", "address")) {
            var text = row.getString(name);
            if (text == null) {
                return null;
            }
            texts[n++] = text;
        }
        var previous = row.getBytes("prev_hash");
        if (at == null || previous == null) {
            return null;
        }
        var origin = new Origin(texts[4], texts[5]);
        if (!origin.requestId().equals(texts[4]) || !origin.address().equals(texts[5])) {
            return null; // longer than any that is written
        }
        var entry = new AuditLog.Entry(at.toInstant(), texts[0], texts[1], texts[2], texts[3]);
        return new AuditLink(row.getInt("version"), tenant, row.getLong("seq"), entry, origin, previous);
    }

    boolean follows(byte[] hash) {
        return Arrays.equals(previous, hash);
    }

    /** SHA-256 over all of it; each text with its length before it, so that none runs into the next. */
    byte[] hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(("marsad-audit-v" + version).getBytes(StandardCharsets.US_ASCII));
            digest.update(previous);
            var at = entry.at();
            digest.update(ByteBuffer.allocate(20)
                    .putLong(seq)
                    .putLong(at.getEpochSecond())
                    .putInt(at.getNano())
                    .array());
            add(digest, tenant.value(), entry.actor(), entry.action(), entry.object(), entry.detail());
            if (version > 1) {
                add(digest, origin.requestId(), origin.address());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** What version 1 does not hash is empty in it. */
    boolean isSound() {
        return version > 1 || origin.equals(Origin.NONE);
    }

    private static void add(MessageDigest digest, String... texts) {
        for (String text : texts) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            digest.update(bytes);
        }
    }
}
