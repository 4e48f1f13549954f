package io.marsad.soc.identity;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Users, their roles and sessions as the database keeps them. Stateless; each in the caller's transaction. */
final class UserRows {
    private static final String SELECT = """
            SELECT u.user_id, u.username, u.role, r.permissions AS role_permissions, u.disabled,
                u.password_hash IS NOT NULL AS has_password, u.created_at, u.last_seen_at,
                (SELECT count(*) FROM passkeys p WHERE p.tenant_id = u.tenant_id AND p.user_id = u.user_id) AS passkeys,
                EXISTS (SELECT FROM authenticator_apps a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.user_id
                    AND a.confirmed_at IS NOT NULL) AS authenticator,
                (SELECT count(*) FROM sessions s WHERE s.tenant_id = u.tenant_id AND s.user_id = u.user_id
                    AND s.last_seen_at > ? AND s.created_at > ?) AS sessions
            FROM users u LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role
            WHERE u.tenant_id = ? AND u.deleted_at IS NULL""";

    private UserRows() {}

    /** Names differ by more than case. */
    static String key(String username) {
        return username.strip().toLowerCase(Locale.ROOT);
    }

    static UUID newId(Instant now, SecureRandom random) {
        return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
    }

    /** The role of a row that has {@code role} and {@code role_permissions}; one that is gone may do nothing. */
    static Role role(ResultSet row) throws SQLException {
        var word = row.getString("role");
        var builtIn = Role.builtIn(word);
        return builtIn != null ? builtIn : new Role(word, Roles.permissions(row.getArray("role_permissions")));
    }

    static List<User> all(Connection connection, TenantId tenant, Instant now) throws SQLException {
        return read(connection, SELECT + " ORDER BY u.username_key", tenant, now, null);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    static User find(Connection connection, TenantId tenant, UUID id, Instant now) throws SQLException {
        var found = read(connection, SELECT + " AND u.user_id = ?", tenant, now, id);
        if (found.isEmpty()) {
            throw Problem.notFound("There is no user with this id.").asException();
        }
        return found.getFirst();
    }

    private static List<User> read(Connection connection, String sql, TenantId tenant, Instant now, @Nullable UUID id)
            throws SQLException {
        var users = new ArrayList<User>();
        try (var select = connection.prepareStatement(sql)) {
            select.setTimestamp(1, Timestamp.from(now.minus(Sessions.IDLE)));
            select.setTimestamp(2, Timestamp.from(now.minus(Sessions.LONGEST)));
            select.setString(3, tenant.value());
            if (id != null) {
                select.setObject(4, id);
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var seen = rows.getTimestamp("last_seen_at");
                    users.add(new User(
                            rows.getObject("user_id", UUID.class),
                            rows.getString("username"),
                            role(rows),
                            rows.getBoolean("disabled"),
                            new User.SignsIn(
                                    rows.getBoolean("has_password"),
                                    rows.getInt("passkeys"),
                                    rows.getBoolean("authenticator")),
                            rows.getTimestamp("created_at").toInstant(),
                            seen == null ? null : seen.toInstant(),
                            rows.getInt("sessions")));
                }
            }
        }
        return users;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-username} */
    static String sound(String username) {
        var name = username.strip();
        if (name.isEmpty() || name.length() > 128 || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw Problem.badRequest("invalid-username", "A user name has 1 to 128 printable characters.")
                    .asException();
        }
        return name;
    }

    /**
     * A user to be.
     *
     * @param hash of the password; null: cannot sign in with one
     */
    record NewUser(UUID id, String name, @Nullable String hash, Role role) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** False when the name is taken. */
    static boolean insert(Connection connection, TenantId tenant, NewUser user, Instant now) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO users (tenant_id, user_id, username, username_key,"
                + " password_hash, role, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, user.id());
            insert.setString(3, user.name());
            insert.setString(4, key(user.name()));
            insert.setString(5, user.hash());
            insert.setString(6, user.role().word());
            insert.setTimestamp(7, Timestamp.from(now));
            return insert.executeUpdate() == 1;
        }
    }

    static void setPassword(Connection connection, TenantId tenant, UUID id, String hash) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE users SET password_hash = ? WHERE tenant_id = ? AND user_id = ?")) {
            update.setString(1, hash);
            update.setString(2, tenant.value());
            update.setObject(3, id);
            update.executeUpdate();
        }
    }

    /** Ends all sessions of the user and returns their ids. */
    static List<UUID> endSessions(Connection connection, TenantId tenant, UUID user) throws SQLException {
        var ended = new ArrayList<UUID>();
        try (var delete = connection.prepareStatement(
                "DELETE FROM sessions WHERE tenant_id = ? AND user_id = ? RETURNING session_id")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, user);
            try (var rows = delete.executeQuery()) {
                while (rows.next()) {
                    ended.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return ended;
    }

    /** The user was there at this time. */
    static void seen(Connection connection, TenantId tenant, UUID id, Instant now) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE users SET last_seen_at = ? WHERE tenant_id = ? AND user_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant.value());
            update.setObject(3, id);
            update.executeUpdate();
        }
    }

    /** One change of a tenant's users and roles at a time: what each of them checks stays true until it is done. */
    static void lock(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1 FROM tenants WHERE tenant_id = ? FOR NO KEY UPDATE")) {
            select.setString(1, tenant.value());
            select.executeQuery().close();
        }
    }

    static int count(Connection connection, TenantId tenant) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT count(*) FROM users WHERE tenant_id = ? AND deleted_at IS NULL")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }
}
