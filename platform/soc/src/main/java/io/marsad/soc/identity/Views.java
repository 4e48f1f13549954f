package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets an administrator look at the platform as somebody else of their tenant sees it: until they end that, or their session
 * ends, they may do what they and the other one may, and no more. What is done meanwhile is done by the administrator, and
 * the audit says as whom they looked.
 *
 * <p>Thread-safe.
 */
public final class Views {
    /** In a row of a session {@code s}. A role or user that is gone may do nothing, and so may who looks as them. */
    static final String COLUMNS = """
            s.view_role, s.view_user, s.view_since, vu.username AS view_username,
                coalesce(s.view_role, vu.role, 'gone') AS view_as, vr.permissions AS view_permissions""";

    static final String JOIN = """

                LEFT JOIN users vu ON vu.tenant_id = s.tenant_id AND vu.user_id = s.view_user AND NOT vu.disabled
                    AND vu.deleted_at IS NULL
                LEFT JOIN roles vr ON vr.tenant_id = s.tenant_id AND vr.name = coalesce(s.view_role, vu.role)""";

    private final Database database;
    private final InstantSource clock;

    Views(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** As whom a session looks, and what they may. */
    record Seen(Session.View view, Set<String> permissions) {}

    /** Null when the session's holder looks as themselves. */
    static @Nullable Seen read(ResultSet row) throws SQLException {
        var since = row.getTimestamp("view_since");
        if (since == null) {
            return null;
        }
        var word = row.getString("view_as");
        var builtIn = Role.builtIn(word);
        var role = builtIn != null ? builtIn : new Role(word, Roles.permissions(row.getArray("view_permissions")));
        var user = row.getObject("view_user", UUID.class);
        return new Seen(
                new Session.View(word, user, row.getString("view_username"), since.toInstant()), role.permissions());
    }

    /**
     * From the next request on the session looks as the role.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role}
     */
    public void asRole(Session session, String role) {
        begin(session, connection -> {
            Roles.require(connection, session.tenant(), role);
            set(connection, session, role, null, clock.instant());
            return "role:" + role;
        });
    }

    /**
     * From the next request on the session looks as the user.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code oneself}, or {@code user-disabled}
     */
    public void asUser(Session session, UUID user) {
        if (user.equals(session.userId())) {
            throw Problem.conflict("oneself", "That is you: you see it already.")
                    .asException();
        }
        begin(session, connection -> {
            var found = UserRows.find(connection, session.tenant(), user, clock.instant());
            if (found.disabled()) {
                throw Problem.conflict("user-disabled", "This user is locked out and sees nothing.")
                        .asException();
            }
            set(connection, session, null, user, clock.instant());
            return "user:" + user;
        });
    }

    private interface Setting {
        String run(Connection connection) throws SQLException;
    }

    private void begin(Session session, Setting setting) {
        database.inTenant(
                session.tenant(), connection -> audit(connection, session, "view.begin", setting.run(connection)));
    }

    /** From the next request on the session is its holder's own again. Nothing happens when it is. */
    public void end(Session session) {
        var view = session.view();
        if (view != null) {
            database.inTenant(session.tenant(), connection -> {
                set(connection, session, null, null, null);
                return audit(connection, session, "view.end", view.subject());
            });
        }
    }

    private static void set(
            Connection connection, Session session, @Nullable String role, @Nullable UUID user, @Nullable Instant since)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE sessions SET view_role = ?, view_user = ?,"
                + " view_since = ? WHERE tenant_id = ? AND session_id = ?")) {
            update.setString(1, role);
            update.setObject(2, user);
            update.setTimestamp(3, since == null ? null : Timestamp.from(since));
            update.setString(4, session.tenant().value());
            update.setObject(5, session.id());
            update.executeUpdate();
        }
    }

    private long audit(Connection connection, Session session, String action, String as) throws SQLException {
        var entry = new AuditLog.Entry(
                clock.instant(), "user:" + session.userId(), action, as, "{\"session\":\"" + session.id() + "\"}");
        return AuditLog.append(connection, session.tenant(), entry);
    }
}
