package io.marsad.respond.sign;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.Keys;
import io.marsad.wire.Signer;
import io.marsad.wire.Verifier;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that actions of a tenant are signed with: each tenant has its own, so that one that is lost is good for nothing
 * of anybody else. One signs for thirty days, then another does; what it signed is good as long as the last of it may be.
 * Private halves are in the vault only, and gone when they do not sign any more. Thread-safe.
 */
public final class ActionKeys {
    /** So long a key signs. */
    public static final Duration SIGNS = Duration.ofDays(30);

    /** So long before one signs it is announced: hosts that are away for so long know it when they come back. */
    private static final Duration AHEAD = Duration.ofDays(7);

    private static final String ALGORITHM = "Ed25519";
    private static final String KIND = "action-key";

    private final Vault vault;

    public ActionKeys(Vault vault) {
        this.vault = vault;
    }

    /** Who signs now; made when there is none. In a transaction of the tenant. */
    public Signer signer(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var select = connection.prepareStatement("SELECT key_id, public_key FROM action_keys WHERE tenant_id = ?"
                + " AND not_before <= ? AND signs_until > ? ORDER BY signs_until DESC, key_id LIMIT 1")) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(now));
            select.setTimestamp(3, Timestamp.from(now));
            try (var rows = select.executeQuery()) {
                if (rows.next()) {
                    var pair = pair(connection, tenant, rows.getString(1), rows.getBytes(2));
                    if (pair != null) {
                        return new Signer(pair);
                    }
                }
            }
        }
        return rotate(connection, tenant, now);
    }

    private @Nullable KeyPair pair(Connection connection, TenantId tenant, String id, byte[] known)
            throws SQLException {
        try (var secret = vault.read(connection, tenant, new SecretName(KIND, id))) {
            if (secret == null) {
                return null;
            }
            var encoded = new PKCS8EncodedKeySpec(secret.bytes());
            return new KeyPair(
                    Keys.read(known), KeyFactory.getInstance(ALGORITHM).generatePrivate(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the vault's key " + id + " is none", e);
        }
    }

    /** Another key signs from now on; what those before signed stays good until it ends. */
    public Signer rotate(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var pair = generate();
        retire(connection, tenant, now);
        keep(connection, tenant, pair, now, now);
        return new Signer(pair);
    }

    private void keep(Connection connection, TenantId tenant, KeyPair pair, Instant from, Instant now)
            throws SQLException {
        var id = Keys.id(pair.getPublic());
        try (var secret = SecretValue.of(pair.getPrivate().getEncoded())) {
            vault.put(connection, tenant, new SecretName(KIND, id), secret);
        }
        try (var insert = connection.prepareStatement("INSERT INTO action_keys VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setString(2, id);
            insert.setBytes(3, pair.getPublic().getEncoded());
            insert.setTimestamp(4, Timestamp.from(from));
            insert.setTimestamp(5, Timestamp.from(from.plus(SIGNS)));
            insert.setTimestamp(6, Timestamp.from(from.plus(SIGNS).plus(Verifier.LONGEST_LIFE)));
            insert.executeUpdate();
        }
        AuditLog.append(
                connection,
                tenant,
                new AuditLog.Entry(
                        now, "system:actions", "action-key.create", "action-key:" + id, AuditLog.detail(connection)));
    }

    /**
     * Those whose word is good, and the one whose word will be next, which is made when its time is near: who is told of it
     * before it signs believes it from the first moment. For clocks that are behind, each is good a little earlier. In a
     * transaction of the tenant.
     */
    public List<Verifier.TrustedKey> announced(Connection connection, TenantId tenant, Instant now)
            throws SQLException {
        var last = lastSigns(connection, tenant);
        if (last == null || last.isBefore(now.plus(AHEAD))) { // two do not make the next one
            try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?), hashtext(?))")) {
                lock.setString(1, KIND);
                lock.setString(2, tenant.value());
                lock.execute();
            }
            last = lastSigns(connection, tenant);
        }
        if (last == null || !last.isAfter(now)) {
            rotate(connection, tenant, now);
        } else if (last.isBefore(now.plus(AHEAD))) {
            forgetEnded(connection, tenant, now);
            keep(connection, tenant, generate(), last, now);
        }
        return trusted(connection, tenant).stream()
                .map(key -> new Verifier.TrustedKey(key.key(), key.notBefore().minus(Verifier.SKEW), key.notAfter()))
                .toList();
    }

    /** Until when somebody signs who is there already; null: nobody ever did. */
    private static @Nullable Instant lastSigns(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT signs_until FROM action_keys WHERE tenant_id = ?"
                + " ORDER BY signs_until DESC, key_id LIMIT 1")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getTimestamp(1).toInstant() : null;
            }
        }
    }

    private void forgetEnded(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT key_id FROM action_keys WHERE tenant_id = ? AND signs_until <= ? AND not_after > ?")) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(now));
            select.setTimestamp(3, Timestamp.from(now.minus(SIGNS.multipliedBy(2))));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    vault.remove(connection, tenant, new SecretName(KIND, rows.getString(1)));
                }
            }
        }
    }

    private void retire(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE action_keys SET signs_until = least(signs_until, ?),"
                + " not_after = least(not_after, ?) WHERE tenant_id = ? RETURNING key_id")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setTimestamp(2, Timestamp.from(now.plus(Verifier.LONGEST_LIFE)));
            update.setString(3, tenant.value());
            try (var rows = update.executeQuery()) {
                while (rows.next()) {
                    vault.remove(connection, tenant, new SecretName(KIND, rows.getString(1)));
                }
            }
        }
    }

    /** Until when what a key signs counts. In a transaction of the tenant. */
    Instant goodUntil(Connection connection, TenantId tenant, String key) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT not_after FROM action_keys WHERE tenant_id = ? AND key_id = ?")) {
            select.setString(1, tenant.value());
            select.setString(2, key);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("the key " + key + " that signs is not known");
                }
                return rows.getTimestamp(1).toInstant();
            }
        }
    }

    /** Those whose word is good. In a transaction of the tenant. */
    public List<Verifier.TrustedKey> trusted(Connection connection, TenantId tenant) throws SQLException {
        var all = new ArrayList<Verifier.TrustedKey>();
        try (var select = connection.prepareStatement(
                "SELECT public_key, not_before, not_after FROM action_keys WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(new Verifier.TrustedKey(
                            Keys.read(rows.getBytes(1)),
                            rows.getTimestamp(2).toInstant(),
                            rows.getTimestamp(3).toInstant()));
                }
            }
        }
        return all;
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
