package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry at its place in the chain of custody of a case.
 *
 * @param version how it is hashed: 1
 * @param seq its number, from 1
 * @param actor as the audit names it
 * @param actorName what people called them then
 * @param action {@code added}, {@code exported} or {@code noted}
 * @param item the number of the entry that took in what this one is about; 0: all
 * @param content what was taken in; empty for other actions
 * @param previous the hash of the entry before it, or {@link #START}
 */
public record EvidenceEntry(
        int version,
        int seq,
        Instant at,
        String actor,
        String actorName,
        String action,
        int item,
        String name,
        String mediaType,
        String note,
        byte[] content,
        byte[] previous) {
    static final byte[] START = new byte[32];
    static final int VERSION = 1;
    static final String COLUMNS =
            "version, seq, at, actor, actor_name, action, item, name, media_type, note, content, prev_hash";

    static EvidenceEntry read(ResultSet row) throws SQLException {
        return new EvidenceEntry(
                row.getInt("version"),
                row.getInt("seq"),
                Sql.time(row, "at"),
                row.getString("actor"),
                row.getString("actor_name"),
                row.getString("action"),
                row.getInt("item"),
                row.getString("name"),
                row.getString("media_type"),
                row.getString("note"),
                row.getBytes("content"),
                row.getBytes("prev_hash"));
    }

    /** SHA-256 over all of it; each text with its length before it, so that none runs into the next. */
    byte[] hash(TenantId tenant, EventId kase) {
        var digest = sha256();
        digest.update(("marsad-evidence-v" + version).getBytes(StandardCharsets.US_ASCII));
        digest.update(previous);
        digest.update(ByteBuffer.allocate(20)
                .putInt(seq)
                .putLong(at.getEpochSecond())
                .putInt(at.getNano())
                .putInt(item)
                .array());
        for (String text :
                new String[] {tenant.value(), kase.toString(), actor, actorName, action, name, mediaType, note}) {
            add(digest, text.getBytes(StandardCharsets.UTF_8));
        }
        add(digest, content);
        return digest.digest();
    }

    /** SHA-256 of the content alone, as other tools compute it. */
    public byte[] contentHash() {
        return sha256().digest(content);
    }

    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /**
     * How checking went.
     *
     * @param entries how many were found to be as they were written, from the first on
     * @param firstBad the number of the first entry that is not; 0 when all are
     * @param reason what is wrong with it; null when nothing is
     */
    public record Verification(
            int entries, int firstBad, @Nullable String reason) {
        public boolean ok() {
            return firstBad == 0;
        }
    }
}
