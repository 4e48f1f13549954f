package io.marsad.fleet.identity;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.Keys;
import io.marsad.wire.SignedKeys;
import io.marsad.wire.Verifier.TrustedKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of the keys whose signatures count, as endpoints and relays get it. When the keys change the version grows, and
 * the tenant's authority signs the list anew. Thread-safe.
 */
public final class KeyLists {
    private final Authorities authorities;
    private final Signers signers;

    /** Whose signatures are to count; who signs next is among them before it does. */
    @FunctionalInterface
    public interface Signers {
        /** Those of now; in a transaction of the tenant. */
        List<TrustedKey> announced(Connection connection, TenantId tenant, Instant now) throws SQLException;
    }

    /** The newest. @param envelope DSSE, as JSON */
    public record Newest(long version, String envelope) {}

    private record Kept(long version, byte[] hash, String authority, String envelope) {}

    public KeyLists(Authorities authorities, Signers signers) {
        this.authorities = authorities;
        this.signers = signers;
    }

    /** In a transaction of the tenant. */
    public Newest newest(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var keys = signers.announced(connection, tenant, now).stream()
                .filter(key -> now.isBefore(key.notAfter()))
                .map(key -> new TrustedKey(
                        key.key(),
                        key.notBefore().truncatedTo(ChronoUnit.MILLIS),
                        key.notAfter().truncatedTo(ChronoUnit.MILLIS)))
                .sorted(Comparator.comparing(TrustedKey::notBefore).thenComparing(key -> Keys.id(key.key())))
                .toList();
        var authority = authorities.trusted(connection, tenant).stream()
                .findFirst()
                .map(one -> Keys.id(one.getPublicKey()))
                .orElse("");
        var hash = hash(keys);
        var kept = kept(connection, tenant, false);
        if (kept == null || !isOf(kept, hash, authority)) {
            var by = authorities.current(connection, tenant, now);
            kept = kept(connection, tenant, true); // another may have signed it meanwhile
            if (kept == null || !isOf(kept, hash, Keys.id(by.certificate().getPublicKey()))) {
                return sign(connection, tenant, by, new SignedKeys(tenant.value(), version(kept), keys), now);
            }
        }
        return new Newest(kept.version, kept.envelope);
    }

    private static long version(@Nullable Kept before) {
        return before == null ? 1 : before.version + 1;
    }

    private static boolean isOf(Kept kept, byte[] hash, String authority) {
        return MessageDigest.isEqual(kept.hash, hash) && kept.authority.equals(authority);
    }

    private static @Nullable Kept kept(Connection connection, TenantId tenant, boolean locked) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT version, keys_hash, authority_id, envelope FROM key_lists WHERE tenant_id = ?"
                        + (locked ? " FOR UPDATE" : ""))) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Kept(rows.getLong(1), rows.getBytes(2), rows.getString(3), rows.getString(4))
                        : null;
            }
        }
    }

    private static Newest sign(Connection connection, TenantId tenant, Authority by, SignedKeys list, Instant now)
            throws SQLException {
        var envelope = by.sign(list);
        // Who signs the first at the same time as another waits here, and its version is the next.
        try (var put = connection.prepareStatement("INSERT INTO key_lists VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version,"
                + " authority_id = excluded.authority_id, keys_hash = excluded.keys_hash,"
                + " envelope = excluded.envelope, signed_at = excluded.signed_at"
                + " WHERE key_lists.version < excluded.version")) {
            put.setString(1, tenant.value());
            put.setLong(2, list.version());
            put.setString(3, Keys.id(by.certificate().getPublicKey()));
            put.setBytes(4, hash(list.keys()));
            put.setString(5, envelope);
            put.setTimestamp(6, Timestamp.from(now));
            if (put.executeUpdate() == 1) {
                return new Newest(list.version(), envelope);
            }
        }
        var first = kept(connection, tenant, false);
        if (first == null) {
            throw new IllegalStateException("a list of keys that was there is gone");
        }
        return new Newest(first.version, first.envelope);
    }

    private static byte[] hash(List<TrustedKey> keys) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var key : keys) {
                digest.update(key.key().getEncoded());
                digest.update((" " + key.notBefore().toEpochMilli() + " "
                                + key.notAfter().toEpochMilli() + " ")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
