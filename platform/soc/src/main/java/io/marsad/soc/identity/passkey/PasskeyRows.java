package io.marsad.soc.identity.passkey;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of passkeys and of what authenticators know people by. */
final class PasskeyRows {
    private static final String COLUMNS =
            "passkey_id, name, aaguid, transports, backed_up, created_at, last_used_at, credential_id";

    private PasskeyRows() {}

    /** A passkey that a browser need not offer to make again. */
    record Existing(Passkey passkey, byte[] credentialId) {}

    /** Whom a handle belongs to. */
    record Holder(TenantId tenant, UUID user) {}

    /** In a transaction of the installation. Null when nobody has the handle. */
    static @Nullable Holder holder(Connection connection, byte[] handle) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT tenant_id, user_id FROM passkey_handles WHERE user_handle = ?")) {
            select.setBytes(1, handle);
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Holder(new TenantId(rows.getString(1)), rows.getObject(2, UUID.class)) : null;
            }
        }
    }

    /** The user's handle; the given one where the user has none yet. */
    static byte[] handle(Connection connection, TenantId tenant, UUID user, byte[] fresh) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO passkey_handles VALUES (?, ?, ?)"
                + " ON CONFLICT (tenant_id, user_id) DO UPDATE SET user_id = excluded.user_id RETURNING user_handle")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, user);
            insert.setBytes(3, fresh);
            try (var rows = insert.executeQuery()) {
                rows.next();
                return rows.getBytes(1);
            }
        }
    }

    /** The user's passkeys, oldest first. */
    static List<Existing> of(Connection connection, TenantId tenant, UUID user) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM passkeys WHERE tenant_id = ? AND user_id = ? ORDER BY created_at, passkey_id")) {
            select.setString(1, tenant.value());
            select.setObject(2, user);
            var found = new ArrayList<Existing>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Existing(passkey(rows), rows.getBytes("credential_id")));
                }
            }
            return found;
        }
    }

    private static Passkey passkey(ResultSet row) throws SQLException {
        var transports = row.getArray("transports").getArray() instanceof String[] texts ? texts : new String[0];
        var used = row.getTimestamp("last_used_at");
        return new Passkey(
                row.getObject("passkey_id", UUID.class),
                row.getString("name"),
                row.getObject("aaguid", UUID.class),
                List.of(transports),
                row.getBoolean("backed_up"),
                row.getTimestamp("created_at").toInstant(),
                used == null ? null : used.toInstant());
    }

    /** False when the tenant has a passkey of this credential. */
    static boolean insert(Connection connection, TenantId tenant, UUID user, Passkey passkey, Ceremonies.Made made)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO passkeys (tenant_id, passkey_id, user_id,"
                + " credential_id, public_key, sign_count, transports, backup_eligible, backed_up, aaguid, name,"
                + " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, passkey.id());
            insert.setObject(3, user);
            insert.setBytes(4, made.credentialId());
            insert.setBytes(5, made.publicKey());
            insert.setLong(6, made.signCount());
            insert.setArray(
                    7, connection.createArrayOf("text", passkey.transports().toArray()));
            insert.setBoolean(8, made.backupEligible());
            insert.setBoolean(9, made.backedUp());
            insert.setObject(10, passkey.aaguid());
            insert.setString(11, passkey.name());
            insert.setTimestamp(12, Timestamp.from(passkey.createdAt()));
            return insert.executeUpdate() == 1;
        }
    }

    /** What is known of the user's credential, locked until the transaction ends; null when the user has none such. */
    static Ceremonies.@Nullable Known known(Connection connection, Holder holder, byte[] credentialId)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT passkey_id, public_key, sign_count, backup_eligible,"
                + " backed_up, aaguid FROM passkeys WHERE tenant_id = ? AND user_id = ? AND credential_id = ?"
                + " FOR UPDATE")) {
            select.setString(1, holder.tenant().value());
            select.setObject(2, holder.user());
            select.setBytes(3, credentialId);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Ceremonies.Known(
                                rows.getObject(1, UUID.class),
                                credentialId,
                                rows.getBytes(2),
                                rows.getLong(3),
                                rows.getBoolean(4),
                                rows.getBoolean(5),
                                rows.getObject(6, UUID.class))
                        : null;
            }
        }
    }

    static void used(Connection connection, TenantId tenant, UUID passkey, Ceremonies.Use.Good use, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE passkeys SET sign_count = ?, backed_up = ?,"
                + " last_used_at = ? WHERE tenant_id = ? AND passkey_id = ?")) {
            update.setLong(1, use.signCount());
            update.setBoolean(2, use.backedUp());
            update.setTimestamp(3, Timestamp.from(now));
            update.setString(4, tenant.value());
            update.setObject(5, passkey);
            update.executeUpdate();
        }
    }

    /** False when the user has no such passkey. */
    static boolean rename(Connection connection, Holder holder, UUID passkey, String name) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE passkeys SET name = ? WHERE tenant_id = ? AND user_id = ? AND passkey_id = ?")) {
            update.setString(1, name);
            update.setString(2, holder.tenant().value());
            update.setObject(3, holder.user());
            update.setObject(4, passkey);
            return update.executeUpdate() == 1;
        }
    }

    /** False when the user has no such passkey. */
    static boolean delete(Connection connection, Holder holder, UUID passkey) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM passkeys WHERE tenant_id = ? AND user_id = ? AND passkey_id = ?")) {
            delete.setString(1, holder.tenant().value());
            delete.setObject(2, holder.user());
            delete.setObject(3, passkey);
            return delete.executeUpdate() == 1;
        }
    }
}
