package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The people of the caller's tenant, as an administrator sees and changes them. Nobody gives what they do not have
 * themselves, nor changes somebody who may do more; and somebody who can administer always stays.
 *
 * <p>Thread-safe.
 */
public final class Users {
    static final int MOST = 5_000;

    private final Database database;
    private final Passwords passwords;
    private final SecondFactors factors;
    private final InstantSource clock;
    private final SecureRandom random;

    public Users(Database database, Accounts accounts, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.passwords = accounts.passwords();
        this.factors = accounts.factors();
        this.clock = clock;
        this.random = random;
    }

    /**
     * A user after a change.
     *
     * @param password a new one, known here and now only; null when there is none
     * @param endedSessions that ended with it
     */
    public record Changed(User user, @Nullable String password, List<UUID> endedSessions) {
        public Changed {
            endedSessions = List.copyOf(endedSessions);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return user.toString();
        }
    }

    /** All of the tenant, by name. */
    public List<User> list() {
        return database.inCallerTenant(connection -> UserRows.all(connection, CallerScope.tenant(), clock.instant()));
    }

    /**
     * Makes an account.
     *
     * @param password whether to give it a random one; without, one signs in by other means only
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-username}, {@code unknown-role}; 403 when the role
     *     may do more than the caller; 409 {@code name-taken}, {@code too-many-users}
     */
    public Changed create(String username, String role, boolean password) {
        var caller = CallerScope.current();
        var name = UserRows.sound(username);
        var secret = password ? passwords.generate() : null;
        var hash = secret == null ? null : passwords.hash(secret);
        var now = now();
        var id = UserRows.newId(now, random);
        return database.inCallerTenant(connection -> {
            UserRows.lock(connection, caller.tenant());
            var given = givable(connection, caller, role);
            if (UserRows.count(connection, caller.tenant()) >= MOST) {
                throw Problem.conflict("too-many-users", "A tenant has at most " + MOST + " users.")
                        .asException();
            }
            var wanted = new UserRows.NewUser(id, name, hash, given);
            if (!UserRows.insert(connection, caller.tenant(), wanted, now)) {
                throw Problem.conflict("name-taken", "There is a user of this name; names differ by more than case.")
                        .asException();
            }
            var user = UserRows.find(connection, caller.tenant(), id, now);
            Change.record(connection, now, "user.create", user.subject(), null, facts(user));
            return new Changed(user, secret, List.of());
        });
    }

    /**
     * Gives another role, or locks out or lets in again; what is null stays. Another role counts from the next request of
     * sessions that are open; who is disabled has none any more.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role}; 403 when user or role may do more than the
     *     caller; 404; 409 {@code last-administrator}, {@code yourself}
     */
    public Changed change(UUID id, @Nullable String role, @Nullable Boolean disabled) {
        var caller = CallerScope.current();
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = changeable(connection, caller, id, now);
            var given = role == null || role.equals(before.role().word())
                    ? before.role()
                    : givable(connection, caller, role);
            boolean locked = disabled == null ? before.disabled() : disabled;
            if (locked && !before.disabled()) {
                requireOther(before, caller, "disable");
            }
            if (locked || !given.permissions().containsAll(before.role().permissions())) {
                requireAnotherAdministrator(connection, caller, before);
            }
            try (var update = connection.prepareStatement(
                    "UPDATE users SET role = ?, disabled = ? WHERE tenant_id = ? AND user_id = ?")) {
                update.setString(1, given.word());
                update.setBoolean(2, locked);
                update.setString(3, caller.tenant().value());
                update.setObject(4, id);
                update.executeUpdate();
            }
            var ended = locked ? UserRows.endSessions(connection, caller.tenant(), id) : List.<UUID>of();
            var after = UserRows.find(connection, caller.tenant(), id, now);
            if (!facts(after).equals(facts(before))) {
                Change.record(connection, now, "user.update", after.subject(), facts(before), facts(after));
            }
            return new Changed(after, null, ended);
        });
    }

    /**
     * Gives a new random password, which is all that the user signs in with from now on: passkeys and authenticator app are
     * forgotten, and all sessions end.
     *
     * @throws io.marsad.kernel.problem.ProblemException 403, 404
     */
    public Changed resetPassword(UUID id) {
        var caller = CallerScope.current();
        var now = now();
        // Before the costly part, and once more in the transaction that does it.
        database.inCallerTenant(connection -> changeable(connection, caller, id, now));
        var secret = passwords.generate();
        var hash = passwords.hash(secret);
        return database.inCallerTenant(connection -> {
            var before = changeable(connection, caller, id, now);
            UserRows.setPassword(connection, caller.tenant(), id, hash);
            factors.forget(connection, caller.tenant(), id);
            var ended = UserRows.endSessions(connection, caller.tenant(), id);
            Change.record(connection, now, "user.reset_password", before.subject(), null, null);
            return new Changed(UserRows.find(connection, caller.tenant(), id, now), secret, ended);
        });
    }

    /** Ends the user's sessions. @throws io.marsad.kernel.problem.ProblemException 403, 404 */
    public Changed endSessions(UUID id) {
        var caller = CallerScope.current();
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = changeable(connection, caller, id, now);
            var ended = UserRows.endSessions(connection, caller.tenant(), id);
            Change.record(
                    connection,
                    now,
                    "user.end_sessions",
                    before.subject(),
                    Map.of("sessions", ended.size()),
                    Map.of("sessions", 0));
            return new Changed(UserRows.find(connection, caller.tenant(), id, now), null, ended);
        });
    }

    /**
     * Deletes the account. Its name stays with what it did, and may be given to another one.
     *
     * @throws io.marsad.kernel.problem.ProblemException 403; 404; 409 {@code last-administrator}, {@code yourself}
     */
    public Changed delete(UUID id) {
        var caller = CallerScope.current();
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = changeable(connection, caller, id, now);
            requireOther(before, caller, "delete");
            requireAnotherAdministrator(connection, caller, before);
            factors.forget(connection, caller.tenant(), id);
            var ended = UserRows.endSessions(connection, caller.tenant(), id);
            try (var update = connection.prepareStatement("UPDATE users SET disabled = true, password_hash = NULL,"
                    + " deleted_at = ? WHERE tenant_id = ? AND user_id = ?")) {
                update.setTimestamp(1, Timestamp.from(now));
                update.setString(2, caller.tenant().value());
                update.setObject(3, id);
                update.executeUpdate();
            }
            Change.record(connection, now, "user.delete", before.subject(), facts(before), null);
            return new Changed(before, null, ended);
        });
    }

    /** The user, for a change: nobody else changes users or roles before this transaction ends. */
    private static User changeable(Connection connection, Caller caller, UUID id, Instant now) throws SQLException {
        UserRows.lock(connection, caller.tenant());
        var user = UserRows.find(connection, caller.tenant(), id, now);
        var beyond = user.role().beyond(caller);
        if (beyond != null) {
            throw Problem.forbidden(user.username() + " may do more than you (" + beyond
                            + "): only who may do that, too, changes this user.")
                    .asException();
        }
        return user;
    }

    private static Role givable(Connection connection, Caller caller, String word) throws SQLException {
        var role = Roles.require(connection, caller.tenant(), word);
        var beyond = role.beyond(caller);
        if (beyond != null) {
            throw Problem.forbidden(
                            "You cannot give the role " + word + ": it may do " + beyond + ", which you may not.")
                    .asException();
        }
        return role;
    }

    private static void requireOther(User user, Caller caller, String act) {
        if (user.subject().equals(caller.subject())) {
            throw Problem.conflict("yourself", "You cannot " + act + " your own account; somebody else has to.")
                    .asException();
        }
    }

    /** An administrator goes only where another one stays who is as mighty and can sign in. */
    private static void requireAnotherAdministrator(Connection connection, Caller caller, User user)
            throws SQLException {
        if (user.disabled() || !isAdministrator(user.role())) {
            return;
        }
        var mighty = Role.BUILT_IN.stream()
                .filter(Users::isAdministrator)
                .filter(role -> role.permissions().containsAll(user.role().permissions()))
                .map(Role::word)
                .toArray();
        try (var select = connection.prepareStatement("SELECT 1 FROM users WHERE tenant_id = ? AND user_id <> ?"
                + " AND NOT disabled AND deleted_at IS NULL AND role = ANY (?) LIMIT 1")) {
            select.setString(1, caller.tenant().value());
            select.setObject(2, user.id());
            select.setArray(3, connection.createArrayOf("text", mighty));
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.conflict(
                                    "last-administrator",
                                    user.username() + " is the last "
                                            + user.role().word() + " who can sign in; make another one first.")
                            .asException();
                }
            }
        }
    }

    private static boolean isAdministrator(Role role) {
        return role.equals(Role.PLATFORM_ADMIN) || role.equals(Role.TENANT_ADMIN);
    }

    private static Map<String, ?> facts(User user) {
        return new TreeMap<>(
                Map.of("username", user.username(), "role", user.role().word(), "disabled", user.disabled()));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
