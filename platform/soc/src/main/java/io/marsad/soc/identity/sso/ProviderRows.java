package io.marsad.soc.identity.sso;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Providers as the database keeps them. Stateless; each in the caller's transaction. */
final class ProviderRows {
    private static final String SELECT =
            "SELECT provider_id, name, issuer, client_id, has_secret, scopes, groups_claim,"
                    + " default_role, group_names, group_roles, enabled, created_at, updated_at FROM identity_providers"
                    + " WHERE tenant_id = ?";

    private ProviderRows() {}

    /** By name. */
    static List<Provider> all(Connection connection, TenantId tenant) throws SQLException {
        return read(connection, SELECT + " ORDER BY name", tenant, null);
    }

    /** Null when there is none. */
    static @Nullable Provider find(Connection connection, TenantId tenant, UUID id) throws SQLException {
        var found = read(connection, SELECT + " AND provider_id = ?", tenant, id);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    static Provider require(Connection connection, TenantId tenant, UUID id) throws SQLException {
        var found = find(connection, tenant, id);
        if (found == null) {
            throw Problem.notFound("There is no sign-in provider with this id.").asException();
        }
        return found;
    }

    private static List<Provider> read(Connection connection, String sql, TenantId tenant, @Nullable UUID id)
            throws SQLException {
        var found = new ArrayList<Provider>();
        try (var select = connection.prepareStatement(sql)) {
            select.setString(1, tenant.value());
            if (id != null) {
                select.setObject(2, id);
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(provider(rows));
                }
            }
        }
        return found;
    }

    private static Provider provider(ResultSet row) throws SQLException {
        var names = texts(row, "group_names");
        var roles = texts(row, "group_roles");
        var groups = new ArrayList<GroupRole>();
        for (int i = 0; i < names.size(); i++) {
            groups.add(new GroupRole(names.get(i), roles.get(i)));
        }
        return new Provider(
                row.getObject("provider_id", UUID.class),
                new ProviderSettings(
                        row.getString("name"),
                        row.getString("issuer"),
                        row.getString("client_id"),
                        texts(row, "scopes"),
                        row.getString("groups_claim"),
                        row.getString("default_role"),
                        groups,
                        row.getBoolean("enabled")),
                row.getBoolean("has_secret"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return row.getArray(column).getArray() instanceof String[] texts ? List.of(texts) : List.of();
    }

    /** False when another one has the name. */
    static boolean insert(Connection connection, TenantId tenant, Provider provider) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO identity_providers (name, issuer, client_id, scopes,"
                        + " groups_claim, default_role, group_names, group_roles, enabled, has_secret, updated_at, tenant_id,"
                        + " provider_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            set(connection, insert, provider);
            insert.setString(12, tenant.value());
            insert.setObject(13, provider.id());
            insert.setTimestamp(14, Timestamp.from(provider.createdAt()));
            return insert.executeUpdate() == 1;
        }
    }

    /** False when another one has the name. */
    static boolean update(Connection connection, TenantId tenant, Provider provider) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE identity_providers SET name = ?, issuer = ?, client_id = ?,"
                        + " scopes = ?, groups_claim = ?, default_role = ?, group_names = ?, group_roles = ?, enabled = ?,"
                        + " has_secret = ?, updated_at = ? WHERE tenant_id = ? AND provider_id = ? AND NOT EXISTS (SELECT 1 FROM"
                        + " identity_providers o WHERE o.tenant_id = ? AND o.name = ? AND o.provider_id <> ?)")) {
            set(connection, update, provider);
            update.setString(12, tenant.value());
            update.setObject(13, provider.id());
            update.setString(14, tenant.value());
            update.setString(15, provider.settings().name());
            update.setObject(16, provider.id());
            return update.executeUpdate() == 1;
        }
    }

    private static void set(Connection connection, PreparedStatement statement, Provider provider) throws SQLException {
        var settings = provider.settings();
        statement.setString(1, settings.name());
        statement.setString(2, settings.issuer());
        statement.setString(3, settings.clientId());
        statement.setArray(4, texts(connection, settings.scopes()));
        statement.setString(5, settings.groupsClaim());
        statement.setString(6, settings.defaultRole());
        statement.setArray(
                7,
                texts(
                        connection,
                        settings.groups().stream().map(GroupRole::group).toList()));
        statement.setArray(
                8,
                texts(
                        connection,
                        settings.groups().stream().map(GroupRole::role).toList()));
        statement.setBoolean(9, settings.enabled());
        statement.setBoolean(10, provider.hasSecret());
        statement.setTimestamp(11, Timestamp.from(provider.updatedAt()));
    }

    private static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static void delete(Connection connection, TenantId tenant, UUID id) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM identity_providers WHERE tenant_id = ? AND provider_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, id);
            delete.executeUpdate();
        }
    }

    /** Users that came by this provider. */
    static List<UUID> users(Connection connection, TenantId tenant, UUID id) throws SQLException {
        var users = new ArrayList<UUID>();
        try (var select = connection.prepareStatement(
                "SELECT user_id FROM provider_subjects WHERE tenant_id = ? AND provider_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, id);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    users.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return users;
    }

    // ---- whom a provider knows

    /** Null when nobody came by this name of the provider's. */
    static @Nullable UUID user(Connection connection, TenantId tenant, UUID provider, String subject)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT user_id FROM provider_subjects WHERE tenant_id = ?" + " AND provider_id = ? AND subject = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, provider);
            select.setString(3, subject);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getObject(1, UUID.class) : null;
            }
        }
    }

    /** From now on the subject is this user. */
    static void bind(Connection connection, TenantId tenant, UUID provider, String subject, UUID user, Instant now)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO provider_subjects (tenant_id, provider_id, subject,"
                + " user_id, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, provider_id, subject)"
                + " DO UPDATE SET user_id = excluded.user_id, created_at = excluded.created_at")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, provider);
            insert.setString(3, subject);
            insert.setObject(4, user);
            insert.setTimestamp(5, Timestamp.from(now));
            insert.executeUpdate();
        }
    }

    /** Nobody has come by this provider. */
    static void forget(Connection connection, TenantId tenant, UUID provider) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM provider_subjects WHERE tenant_id = ? AND provider_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, provider);
            delete.executeUpdate();
        }
    }
}
