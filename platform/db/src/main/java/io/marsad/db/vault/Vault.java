package io.marsad.db.vault;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that have to be read again (what is only compared is hashed and not here). Each is encrypted by its tenant's data
 * key, that by a master key which is not in the database; tenant, kind and name are authenticated with it, so that a row
 * that was moved or changed does not open. That an older value was put back by who can write the database is not seen.
 *
 * <p>Always in a transaction of the secret's tenant. Recording who changed a secret is the caller's, in the same
 * transaction. Thread-safe.
 */
public final class Vault {
    private static final String PURPOSE = "marsad-vault-secret";

    private final Database database;
    private final Keyring keyring;
    private final DataKeys dataKeys;
    private final InstantSource clock;
    private final SecureRandom random;

    private Vault(Database database, Keyring keyring, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.keyring = keyring;
        this.dataKeys = new DataKeys(keyring, clock, random);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Opens it, and makes its first master key where there never was one and the store can be written.
     *
     * @throws VaultException when a master key is missing or not kept safely; says what to do
     */
    public static Vault open(Database database, SecretStore store, InstantSource clock, SecureRandom random)
            throws IOException {
        var keyring = new Keyring(database, store, clock, random);
        keyring.open();
        return new Vault(database, keyring, clock, random);
    }

    /** What is known of a secret without reading it. */
    public record Kept(SecretName name, Instant createdAt, Instant updatedAt) {}

    /** Keeps a secret, in the place of what has its name. */
    public void put(Connection connection, TenantId tenant, SecretName name, SecretValue value) throws SQLException {
        var key = dataKeys.inUse(connection, tenant);
        var now = Timestamp.from(clock.instant());
        try (var insert = connection.prepareStatement("INSERT INTO vault_secrets VALUES (?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id, kind, name) DO UPDATE SET data_key = excluded.data_key,"
                + " sealed = excluded.sealed, updated_at = excluded.updated_at")) {
            insert.setString(1, tenant.value());
            insert.setString(2, name.kind());
            insert.setString(3, name.name());
            insert.setInt(4, key.id());
            insert.setBytes(5, seal(key, tenant, name, value));
            insert.setTimestamp(6, now);
            insert.setTimestamp(7, now);
            insert.executeUpdate();
        }
    }

    /**
     * The secret of this name, for the caller to close; null when there is none.
     *
     * @throws VaultException when it was changed or moved, or its master key is missing
     */
    public @Nullable SecretValue read(Connection connection, TenantId tenant, SecretName name) throws SQLException {
        // One statement sees one state: between two, a rotation could delete the key.
        try (var select = connection.prepareStatement("SELECT s.sealed, k.key_id, k.master_key, k.wrapped"
                + " FROM vault_secrets s JOIN vault_data_keys k ON k.tenant_id = s.tenant_id AND k.key_id = s.data_key"
                + " WHERE s.tenant_id = ? AND s.kind = ? AND s.name = ?")) {
            select.setString(1, tenant.value());
            select.setString(2, name.kind());
            select.setString(3, name.name());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var key = dataKeys.unwrap(tenant, rows.getInt(2), rows.getString(3), rows.getBytes(4));
                return open(key, tenant, name, rows.getBytes(1));
            }
        }
    }

    /** Forgets a secret; false when there was none. */
    public boolean remove(Connection connection, TenantId tenant, SecretName name) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM vault_secrets WHERE tenant_id = ? AND kind = ? AND name = ?")) {
            delete.setString(1, tenant.value());
            delete.setString(2, name.kind());
            delete.setString(3, name.name());
            return delete.executeUpdate() == 1;
        }
    }

    /** The tenant's secrets of a kind, by name. */
    public List<Kept> list(Connection connection, TenantId tenant, String kind) throws SQLException {
        try (var select = connection.prepareStatement("SELECT name, created_at, updated_at FROM vault_secrets"
                + " WHERE tenant_id = ? AND kind = ? ORDER BY name")) {
            select.setString(1, tenant.value());
            select.setString(2, kind);
            var kept = new ArrayList<Kept>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    kept.add(new Kept(
                            new SecretName(kind, rows.getString(1)),
                            rows.getTimestamp(2).toInstant(),
                            rows.getTimestamp(3).toInstant()));
                }
            }
            return kept;
        }
    }

    byte[] seal(DataKeys.DataKey key, TenantId tenant, SecretName name, SecretValue value) {
        var plain = value.bytes();
        try {
            return Envelope.seal(key.key(), key.id(), place(tenant, name), plain, random);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    SecretValue open(DataKeys.DataKey key, TenantId tenant, SecretName name, byte[] sealed) {
        try {
            if (Envelope.keyId(sealed) != key.id()) {
                throw new AEADBadTagException("its header names another key");
            }
            return SecretValue.owning(Envelope.open(key.key(), place(tenant, name), sealed));
        } catch (AEADBadTagException e) {
            throw new VaultException(
                    "the secret " + name + " of tenant " + tenant + " does not open: it was changed or moved", e);
        }
    }

    private static List<String> place(TenantId tenant, SecretName name) {
        return List.of(PURPOSE, tenant.value(), name.kind(), name.name());
    }

    Database database() {
        return database;
    }

    Keyring keyring() {
        return keyring;
    }

    DataKeys dataKeys() {
        return dataKeys;
    }
}
