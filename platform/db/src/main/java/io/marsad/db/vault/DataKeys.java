package io.marsad.db.vault;

import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The tenants' data keys: rows in which each is encrypted by a master key. Thread-safe. */
final class DataKeys {
    private static final String PURPOSE = "marsad-vault-data-key";

    private final Keyring keyring;
    private final InstantSource clock;
    private final SecureRandom random;

    DataKeys(Keyring keyring, InstantSource clock, SecureRandom random) {
        this.keyring = keyring;
        this.clock = clock;
        this.random = random;
    }

    record DataKey(int id, SecretKeySpec key) {}

    /** The one that new secrets are encrypted by, made where there is none; it stays so until the transaction ends. */
    DataKey inUse(Connection connection, TenantId tenant) throws SQLException {
        // Another may be taking its place, or another transaction making the first.
        for (int i = 0; i < 5; i++) {
            var key = found(connection, tenant, "in_use FOR SHARE");
            if (key != null) {
                return key;
            }
            insert(connection, tenant, clock.instant());
        }
        throw new VaultException("tenant " + tenant + " has no key for secrets");
    }

    /** @throws VaultException when there is none, or it does not open */
    DataKey get(Connection connection, TenantId tenant, int id) throws SQLException {
        var key = found(connection, tenant, "key_id = " + id);
        if (key == null) {
            throw new VaultException("tenant " + tenant + " has no data key " + id);
        }
        return key;
    }

    private @Nullable DataKey found(Connection connection, TenantId tenant, String which) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT key_id, master_key, wrapped FROM vault_data_keys WHERE tenant_id = ? AND " + which)) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? unwrap(tenant, rows.getInt(1), rows.getString(2), rows.getBytes(3)) : null;
            }
        }
    }

    DataKey unwrap(TenantId tenant, int id, String master, byte[] wrapped) {
        try {
            var plain = Envelope.open(keyring.key(master), place(tenant, id), wrapped);
            try {
                return new DataKey(id, Envelope.key(plain));
            } finally {
                Arrays.fill(plain, (byte) 0);
            }
        } catch (AEADBadTagException e) {
            throw new VaultException(
                    "data key " + id + " of tenant " + tenant + " does not open by key " + master
                            + ": it was changed or moved",
                    e);
        }
    }

    private byte[] wrap(TenantId tenant, int id, String master, byte[] plain) {
        return Envelope.seal(keyring.key(master), MasterKeys.number(master), place(tenant, id), plain, random);
    }

    private static List<String> place(TenantId tenant, int id) {
        return List.of(PURPOSE, tenant.value(), Integer.toString(id));
    }

    /** Makes one that is in use, unless there is one. */
    private void insert(Connection connection, TenantId tenant, Instant at) throws SQLException {
        var master = Keyring.current(connection);
        int id;
        try (var next = connection.prepareStatement(
                "SELECT coalesce(max(key_id), 0) + 1 FROM vault_data_keys WHERE tenant_id = ?")) {
            next.setString(1, tenant.value());
            try (var rows = next.executeQuery()) {
                rows.next();
                id = rows.getInt(1);
            }
        }
        var plain = new byte[Envelope.KEY_BYTES];
        random.nextBytes(plain);
        try (var insert = connection.prepareStatement(
                "INSERT INTO vault_data_keys VALUES (?, ?, ?, ?, true, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setInt(2, id);
            insert.setString(3, master);
            insert.setBytes(4, wrap(tenant, id, master, plain));
            insert.setTimestamp(5, Timestamp.from(at));
            insert.executeUpdate();
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Takes the one in use out of use when it is older, and puts a new one in its place. */
    void replace(Connection connection, TenantId tenant, Instant from) throws SQLException {
        try (var leave = connection.prepareStatement(
                "UPDATE vault_data_keys SET in_use = false WHERE tenant_id = ? AND in_use AND created_at < ?")) {
            leave.setString(1, tenant.value());
            leave.setTimestamp(2, Timestamp.from(from));
            if (leave.executeUpdate() == 1) {
                var now = clock.instant();
                insert(connection, tenant, now.isBefore(from) ? from : now);
            }
        }
    }

    /** Encrypts it by the current master key. */
    void rewrap(Connection connection, TenantId tenant, int id) throws SQLException {
        var master = Keyring.current(connection);
        try (var select = connection.prepareStatement("SELECT master_key, wrapped FROM vault_data_keys"
                        + " WHERE tenant_id = ? AND key_id = ? AND master_key <> ? FOR UPDATE");
                var update = connection.prepareStatement(
                        "UPDATE vault_data_keys SET master_key = ?, wrapped = ? WHERE tenant_id = ? AND key_id = ?")) {
            select.setString(1, tenant.value());
            select.setInt(2, id);
            select.setString(3, master);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return; // another platform was quicker, or the key is gone
                }
                var plain = unwrap(tenant, id, rows.getString(1), rows.getBytes(2))
                        .key()
                        .getEncoded();
                update.setString(1, master);
                update.setBytes(2, wrap(tenant, id, master, plain));
                Arrays.fill(plain, (byte) 0);
            }
            update.setString(3, tenant.value());
            update.setInt(4, id);
            update.executeUpdate();
        }
    }

    /** Deletes those that encrypt nothing any more. */
    static void release(Connection connection, TenantId tenant) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM vault_data_keys k WHERE tenant_id = ? AND NOT in_use"
                + " AND NOT EXISTS (SELECT FROM vault_secrets s"
                + " WHERE s.tenant_id = k.tenant_id AND s.data_key = k.key_id)")) {
            delete.setString(1, tenant.value());
            delete.executeUpdate();
        }
    }
}
