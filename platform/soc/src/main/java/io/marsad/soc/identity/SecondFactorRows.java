package io.marsad.soc.identity;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the database keeps of second factors. Stateless; each in the caller's transaction. */
final class SecondFactorRows {
    private SecondFactorRows() {}

    /**
     * Somebody's authenticator app.
     *
     * @param confirmedAt when it showed its first code; null: not yet
     * @param lastStep codes up to this step are spent
     */
    record App(@Nullable Instant confirmedAt, long lastStep) {}

    /** Null when there is none. Nobody else changes it before the transaction ends. */
    static @Nullable App app(Connection connection, TenantId tenant, UUID user) throws SQLException {
        try (var select = connection.prepareStatement("SELECT confirmed_at, last_step FROM authenticator_apps"
                + " WHERE tenant_id = ? AND user_id = ? FOR UPDATE")) {
            select.setString(1, tenant.value());
            select.setObject(2, user);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var confirmed = rows.getTimestamp(1);
                return new App(confirmed == null ? null : confirmed.toInstant(), rows.getLong(2));
            }
        }
    }

    /** Another app that has shown nothing yet; one that has stays as it is, which gives false. */
    static boolean begin(Connection connection, TenantId tenant, UUID user, Instant now) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO authenticator_apps AS a"
                + " (tenant_id, user_id, created_at) VALUES (?, ?, ?) ON CONFLICT (tenant_id, user_id)"
                + " DO UPDATE SET created_at = excluded.created_at WHERE a.confirmed_at IS NULL")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, user);
            insert.setTimestamp(3, Timestamp.from(now));
            return insert.executeUpdate() == 1;
        }
    }

    /** The app showed the code of this step. */
    static void spent(Connection connection, TenantId tenant, UUID user, long step, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE authenticator_apps SET last_step = ?,"
                + " confirmed_at = coalesce(confirmed_at, ?) WHERE tenant_id = ? AND user_id = ?")) {
            update.setLong(1, step);
            update.setTimestamp(2, Timestamp.from(now));
            update.setString(3, tenant.value());
            update.setObject(4, user);
            update.executeUpdate();
        }
    }

    /** The app and its recovery codes; false when there is none. */
    static boolean delete(Connection connection, TenantId tenant, UUID user) throws SQLException {
        return run(connection, "DELETE FROM authenticator_apps WHERE tenant_id = ? AND user_id = ?", tenant, user) == 1;
    }

    static int passkeys(Connection connection, TenantId tenant, UUID user) throws SQLException {
        return count(connection, "SELECT count(*) FROM passkeys WHERE tenant_id = ? AND user_id = ?", tenant, user);
    }

    static void deletePasskeys(Connection connection, TenantId tenant, UUID user) throws SQLException {
        run(connection, "DELETE FROM passkeys WHERE tenant_id = ? AND user_id = ?", tenant, user);
    }

    static int recoveryCodes(Connection connection, TenantId tenant, UUID user) throws SQLException {
        return count(
                connection, "SELECT count(*) FROM recovery_codes WHERE tenant_id = ? AND user_id = ?", tenant, user);
    }

    /** These instead of all before. */
    static void setRecoveryCodes(Connection connection, TenantId tenant, UUID user, Collection<String> codes)
            throws SQLException {
        run(connection, "DELETE FROM recovery_codes WHERE tenant_id = ? AND user_id = ?", tenant, user);
        try (var insert = connection.prepareStatement("INSERT INTO recovery_codes VALUES (?, ?, ?)")) {
            for (String code : codes) {
                insert.setString(1, tenant.value());
                insert.setObject(2, user);
                insert.setBytes(3, Secret.sha256(code));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Spends the code; false when it is none that is left. */
    static boolean useRecoveryCode(Connection connection, TenantId tenant, UUID user, String code) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM recovery_codes WHERE tenant_id = ? AND user_id = ? AND code_hash = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, user);
            delete.setBytes(3, Secret.sha256(code));
            return delete.executeUpdate() == 1;
        }
    }

    /** The roles that need a second factor. */
    static Set<String> roles(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT role FROM second_factor_roles WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            var roles = new TreeSet<String>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    roles.add(rows.getString(1));
                }
            }
            return roles;
        }
    }

    static void setRoles(Connection connection, TenantId tenant, Collection<String> roles) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM second_factor_roles WHERE tenant_id = ?")) {
            delete.setString(1, tenant.value());
            delete.executeUpdate();
        }
        try (var insert = connection.prepareStatement("INSERT INTO second_factor_roles VALUES (?, ?)")) {
            for (String role : roles) {
                insert.setString(1, tenant.value());
                insert.setString(2, role);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static void deleteRole(Connection connection, TenantId tenant, String role) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM second_factor_roles WHERE tenant_id = ? AND role = ?")) {
            delete.setString(1, tenant.value());
            delete.setString(2, role);
            delete.executeUpdate();
        }
    }

    private static int run(Connection connection, String sql, TenantId tenant, UUID user) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant.value());
            statement.setObject(2, user);
            return statement.executeUpdate();
        }
    }

    private static int count(Connection connection, String sql, TenantId tenant, UUID user) throws SQLException {
        try (var select = connection.prepareStatement(sql)) {
            select.setString(1, tenant.value());
            select.setObject(2, user);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }
}
