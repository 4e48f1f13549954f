package io.marsad.fleet.identity;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.Keys;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each tenant's authority over its endpoints and relays: made when it is needed first, its private half in the vault only,
 * and in memory as long as a transaction takes that signs with it. All in a transaction of the tenant. Thread-safe.
 */
public final class Authorities {
    private static final String KIND = "endpoint-authority";

    private final Vault vault;
    private final SecureRandom random;

    public Authorities(Vault vault, SecureRandom random) {
        this.vault = vault;
        this.random = random;
    }

    /** Who signs now; made when there is none. */
    public Authority current(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var known = read(connection, tenant, now);
        if (known != null) {
            return known;
        }
        try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?), hashtext(?))")) {
            lock.setString(1, KIND);
            lock.setString(2, tenant.value());
            lock.execute();
        }
        var meanwhile = read(connection, tenant, now); // whoever comes second takes what the first has made
        return meanwhile == null ? create(connection, tenant, now) : meanwhile;
    }

    private @Nullable Authority read(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var select = connection.prepareStatement("SELECT authority_id, certificate FROM authorities"
                + " WHERE tenant_id = ? AND signs_until > ? ORDER BY signs_until DESC, authority_id LIMIT 1")) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(now));
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var name = new SecretName(KIND, rows.getString(1));
                var certificate = certificate(rows.getBytes(2));
                try (var secret = vault.read(connection, tenant, name)) {
                    if (secret == null) {
                        throw new IllegalStateException("the key " + name + " of tenant " + tenant + " is missing");
                    }
                    var encoded = new PKCS8EncodedKeySpec(secret.bytes());
                    var key = KeyFactory.getInstance("EC").generatePrivate(encoded);
                    return new Authority(tenant.value(), certificate, key, random);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the authority of tenant " + tenant + " cannot be read", e);
        }
    }

    private Authority create(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var made = Authority.create(tenant.value(), now, random);
        var id = Keys.id(made.certificate().getPublicKey());
        try (var secret = SecretValue.of(made.key().getEncoded())) {
            vault.put(connection, tenant, new SecretName(KIND, id), secret);
        }
        try (var insert = connection.prepareStatement("INSERT INTO authorities VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setString(2, id);
            insert.setBytes(3, encoded(made.certificate()));
            // What it signs last is good for as long as it is itself.
            var until = made.certificate().getNotAfter().toInstant().minus(Authority.CERTIFICATE_LIFE);
            insert.setTimestamp(4, Timestamp.from(until));
            insert.setTimestamp(5, Timestamp.from(now));
            insert.executeUpdate();
        }
        var detail = AuditLog.detail(connection, "sha256", Fingerprint.of(made.certificate()));
        var entry = new AuditLog.Entry(
                now, "system:enrollment", "endpoint-authority.create", "endpoint-authority:" + id, detail);
        AuditLog.append(connection, tenant, entry);
        return made;
    }

    /** Those that may have signed what is good now, the newest first; none: nobody was ever to be let in. */
    public List<X509Certificate> trusted(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT certificate FROM authorities WHERE tenant_id = ?"
                + " ORDER BY signs_until DESC, authority_id")) {
            select.setString(1, tenant.value());
            var all = new ArrayList<X509Certificate>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(certificate(rows.getBytes(1)));
                }
            }
            return all;
        }
    }

    private static X509Certificate certificate(byte[] encoded) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was kept cannot be read", e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made cannot be written", e);
        }
    }
}
