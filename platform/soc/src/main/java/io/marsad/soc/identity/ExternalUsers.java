package io.marsad.soc.identity;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Users whom somebody outside vouches for, and the roles that such a one may give: none that does anything to the
 * installation itself, which no tenant's provider has a say in. Each in the caller's transaction, and in its audit log.
 *
 * <p>Thread-safe.
 */
public final class ExternalUsers {
    private final SecureRandom random;

    public ExternalUsers(SecureRandom random) {
        this.random = random;
    }

    /** Who vouches, and when. @param by as the audit names it @param called what people call it */
    public record Voucher(String by, String called, Instant at) {}

    /** How a user is. */
    public enum Standing {
        MAY_SIGN_IN,
        DISABLED,
        DELETED
    }

    /**
     * The role, if one from outside may have it.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role}, {@code role-of-installation}; 403 when it may
     *     do more than the caller
     */
    public static void requireGivable(Connection connection, Caller caller, String word) throws SQLException {
        var role = Roles.require(connection, caller.tenant(), word);
        if (isOfInstallation(role)) {
            throw Problem.badRequest(
                            "role-of-installation",
                            "The role " + word + " is about the installation itself: no sign-in provider gives it.")
                    .asException();
        }
        var beyond = role.beyond(caller);
        if (beyond != null) {
            throw Problem.forbidden(
                            "You cannot give the role " + word + ": it may do " + beyond + ", which you may not.")
                    .asException();
        }
    }

    /** The role, or null when there is none any more, or it has become one that nobody from outside may have. */
    public static @Nullable Role givable(Connection connection, TenantId tenant, String word) throws SQLException {
        var role = Roles.find(connection, tenant, word);
        return role == null || isOfInstallation(role) ? null : role;
    }

    private static boolean isOfInstallation(Role role) {
        return !Collections.disjoint(role.permissions(), Permission.OF_INSTALLATION);
    }

    /**
     * Makes a user without a password; one who has the wanted name already is somebody else, and this one is called
     * otherwise. Null when there are too many users.
     */
    public @Nullable UUID create(Connection connection, TenantId tenant, String wanted, Role role, Voucher voucher)
            throws SQLException {
        UserRows.lock(connection, tenant);
        if (UserRows.count(connection, tenant) >= Users.MOST) {
            return null;
        }
        var id = UserRows.newId(voucher.at(), random);
        var hex = id.toString();
        for (var name :
                List.of(wanted, with(wanted, voucher.called()), with(wanted, hex.substring(hex.length() - 12)))) {
            if (UserRows.insert(connection, tenant, new UserRows.NewUser(id, name, null, role), voucher.at())) {
                audit(connection, tenant, voucher, "user.create", id, Change.detail(null, facts(name, role.word())));
                return id;
            }
        }
        throw new SQLException("no name is free for a new user");
    }

    private static String with(String name, String what) {
        int room = 128 - what.length() - 3;
        return (name.length() > room ? name.substring(0, room) : name) + " (" + what + ")";
    }

    /** How the user is now; nobody changes it before the transaction ends. */
    public static Standing standing(Connection connection, TenantId tenant, UUID user) throws SQLException {
        UserRows.lock(connection, tenant);
        try (var select = connection.prepareStatement(
                "SELECT disabled, deleted_at FROM users WHERE tenant_id = ? AND user_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, user);
            try (var rows = select.executeQuery()) {
                if (!rows.next() || rows.getTimestamp("deleted_at") != null) {
                    return Standing.DELETED;
                }
                return rows.getBoolean("disabled") ? Standing.DISABLED : Standing.MAY_SIGN_IN;
            }
        }
    }

    /** Gives a role, where it is another one than before. */
    public static void follow(Connection connection, TenantId tenant, UUID user, Role role, Voucher voucher)
            throws SQLException {
        var before = UserRows.find(connection, tenant, user, voucher.at());
        if (before.role().word().equals(role.word())) {
            return;
        }
        try (var update =
                connection.prepareStatement("UPDATE users SET role = ? WHERE tenant_id = ? AND user_id = ?")) {
            update.setString(1, role.word());
            update.setString(2, tenant.value());
            update.setObject(3, user);
            update.executeUpdate();
        }
        var detail =
                Change.detail(facts(before.username(), before.role().word()), facts(before.username(), role.word()));
        audit(connection, tenant, voucher, "user.update", user, detail);
    }

    /** Ends the user's sessions and returns their ids. */
    public static List<UUID> endSessions(Connection connection, TenantId tenant, UUID user, Voucher voucher)
            throws SQLException {
        var ended = UserRows.endSessions(connection, tenant, user);
        if (!ended.isEmpty()) {
            var detail = Change.detail(Map.of("sessions", ended.size()), Map.of("sessions", 0));
            audit(connection, tenant, voucher, "user.end_sessions", user, detail);
        }
        return ended;
    }

    private static Map<String, ?> facts(String name, String role) {
        return new TreeMap<>(Map.of("username", name, "role", role, "disabled", false));
    }

    private static void audit(
            Connection connection, TenantId tenant, Voucher voucher, String action, UUID user, String detail)
            throws SQLException {
        AuditLog.append(
                connection, tenant, new AuditLog.Entry(voucher.at(), voucher.by(), action, "user:" + user, detail));
    }
}
