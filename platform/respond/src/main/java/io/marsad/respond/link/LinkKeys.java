package io.marsad.respond.link;

import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that links are signed with (HMAC-SHA256). Each tenant has its own, in the vault and nowhere else: who can write
 * into the database cannot make a link. Thread-safe; all in the caller's transaction, which is the tenant's.
 */
public final class LinkKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecretName NAME = new SecretName("link-key", "links");
    private static final int BYTES = 32;

    private final Vault vault;
    private final SecureRandom random;

    public LinkKeys(Vault vault, SecureRandom random) {
        this.vault = vault;
        this.random = random;
    }

    /** What proves the fields, in base64url. @param fields ids, hashes and times: none has a line break */
    String sign(Connection connection, TenantId tenant, String... fields) throws SQLException {
        var key = key(connection, tenant);
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            var text = tenant + "\n" + String.join("\n", fields);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Whether it proves the fields; how long that takes does not say how nearly. */
    boolean holds(Connection connection, TenantId tenant, String proof, String... fields) throws SQLException {
        var wanted = sign(connection, tenant, fields);
        return MessageDigest.isEqual(wanted.getBytes(StandardCharsets.UTF_8), proof.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] key(Connection connection, TenantId tenant) throws SQLException {
        try (var kept = vault.read(connection, tenant, NAME)) {
            if (kept != null) {
                return kept.bytes().clone();
            }
        }
        // Of two that make one at once the second sees that of the first.
        try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 60))")) {
            lock.setString(1, "link-key " + tenant);
            lock.executeQuery().close();
        }
        try (var kept = vault.read(connection, tenant, NAME)) {
            if (kept != null) {
                return kept.bytes().clone();
            }
        }
        var key = new byte[BYTES];
        random.nextBytes(key);
        try (var made = SecretValue.of(key.clone())) {
            vault.put(connection, tenant, NAME, made);
        }
        return key;
    }
}
