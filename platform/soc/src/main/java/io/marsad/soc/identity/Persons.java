package io.marsad.soc.identity;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people may do now who come without a session: by a link of an e-mail, by a chat. In the caller's transaction, which
 * is the tenant's.
 */
public final class Persons {
    private static final String SELECT = "SELECT u.user_id, u.username, u.role, r.permissions AS role_permissions,"
            + " f.role IS NOT NULL AS second_factor FROM users u"
            + " LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role"
            + " LEFT JOIN second_factor_roles f ON f.tenant_id = u.tenant_id AND f.role = u.role"
            + " WHERE u.tenant_id = ? AND u.user_id = ANY (?) AND NOT u.disabled AND u.deleted_at IS NULL"
            + " ORDER BY u.username_key";

    private Persons() {}

    /**
     * Somebody who may sign in.
     *
     * @param needsSession whether their role needs a second factor: nothing but a session shows one, so that they may do
     *     nothing without
     */
    public record Person(UUID id, String username, boolean needsSession, Caller caller) {}

    /** Null when there is nobody such who may sign in. */
    public static @Nullable Person find(Connection connection, TenantId tenant, UUID user) throws SQLException {
        var found = find(connection, tenant, List.of(user));
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Those who may sign in, by name. */
    public static List<Person> find(Connection connection, TenantId tenant, List<UUID> users) throws SQLException {
        var all = new ArrayList<Person>();
        try (var select = connection.prepareStatement(SELECT)) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", users.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(person(tenant, rows));
                }
            }
        }
        return all;
    }

    private static Person person(TenantId tenant, ResultSet row) throws SQLException {
        var id = row.getObject("user_id", UUID.class);
        boolean needsSession = row.getBoolean("second_factor");
        var permissions = needsSession ? Set.<String>of() : UserRows.role(row).permissions();
        return new Person(id, row.getString("username"), needsSession, new Caller(tenant, "user:" + id, permissions));
    }
}
