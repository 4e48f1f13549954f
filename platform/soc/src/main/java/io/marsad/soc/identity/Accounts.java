package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People's local accounts.
 *
 * <p>Thread-safe.
 */
public final class Accounts {
    private static final int SHORTEST_PASSWORD = 12;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Passwords passwords;
    private final Attempts attempts;
    private final Sessions sessions;
    private final SecondFactors factors;

    public Accounts(Database database, SecondFactors factors, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        this.passwords = new Passwords(random);
        this.attempts = new Attempts(database);
        this.sessions = new Sessions(database, clock, random);
        this.factors = factors;
    }

    /** The sessions of those who signed in. */
    public Sessions sessions() {
        return sessions;
    }

    /**
     * What the subjects are called who are users or tokens of the caller's tenant; others (the platform itself, who was
     * deleted, another tenant's) keep their subject.
     *
     * @param subjects as {@link io.marsad.kernel.tenant.Caller#subject} has them
     */
    public Map<String, String> names(Collection<String> subjects) {
        return database.inCallerTenant(connection -> {
            try (var select =
                    connection.prepareStatement("SELECT v.owner, " + Owners.NAME + " FROM unnest(?) AS v(owner)")) {
                select.setArray(
                        1,
                        connection.createArrayOf(
                                "text", subjects.stream().distinct().toArray()));
                var names = new HashMap<String, String>();
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        names.put(rows.getString(1), rows.getString(2));
                    }
                }
                return names;
            }
        });
    }

    private record Account(UUID id, @Nullable String hash) {}

    /**
     * Makes an account, or gives null when the name is taken.
     *
     * @param by who does it, as the audit names it
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-username}, {@code weak-password}
     */
    public @Nullable UUID create(TenantId tenant, String username, String password, Role role, String by) {
        var name = UserRows.sound(username);
        requireStrong(password);
        var hash = passwords.hash(password);
        var now = clock.instant();
        var user = new UserRows.NewUser(newId(now), name, hash, role);
        return database.<@Nullable UUID>inTenant(
                tenant, connection -> add(connection, tenant, user, now, by) ? user.id() : null);
    }

    /** Makes the account in a transaction of the tenant; false when the name is taken. */
    static boolean add(Connection connection, TenantId tenant, UserRows.NewUser user, Instant now, String by)
            throws SQLException {
        if (!UserRows.insert(connection, tenant, user, now)) {
            return false;
        }
        var facts = new TreeMap<>(
                Map.of("username", user.name(), "role", user.role().word(), "disabled", false));
        var entry = new AuditLog.Entry(now, by, "user.create", "user:" + user.id(), Change.detail(null, facts));
        AuditLog.append(connection, tenant, entry);
        return true;
    }

    /** For something that is made at this time. */
    UUID newId(Instant now) {
        return UserRows.newId(now, random);
    }

    /**
     * Gives the account another password, which is all it signs in with from now on, and ends its sessions. False when there
     * is no such account.
     *
     * @param by who does it, as the audit names it
     */
    public boolean resetPassword(TenantId tenant, String username, String password, String by) {
        var hash = passwords.hash(password);
        var now = clock.instant();
        return database.<Boolean>inTenant(tenant, connection -> {
            var account = find(connection, tenant, username);
            if (account == null) {
                return false;
            }
            UserRows.setPassword(connection, tenant, account.id(), hash);
            factors.forget(connection, tenant, account.id());
            UserRows.endSessions(connection, tenant, account.id());
            var entry = new AuditLog.Entry(now, by, "user.reset_password", "user:" + account.id(), "{}");
            AuditLog.append(connection, tenant, entry);
            return true;
        });
    }

    /** Whether the tenant has, or had, an account of this name. */
    public boolean existed(TenantId tenant, String username) {
        return database.<Boolean>inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT 1 FROM users WHERE tenant_id = ? AND username_key = ? LIMIT 1")) {
                select.setString(1, tenant.value());
                select.setString(2, UserRows.key(username));
                try (var rows = select.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    /** What people sign in with beside a password. */
    public SecondFactors factors() {
        return factors;
    }

    /** Hashes passwords, few at a time. */
    Passwords passwords() {
        return passwords;
    }

    /**
     * What somebody types to sign in.
     *
     * @param code of their authenticator app, or a recovery code; null: none, which is asked for where one is needed
     */
    public record Typed(
            String username, String password, @Nullable String code) {
        @Override
        public String toString() {
            return "Typed";
        }
    }

    /** Signs in with a password, and a code where the account has an authenticator app. */
    public SignIn signIn(TenantId tenant, Typed typed, Sessions.Device device) {
        var username = typed.username;
        var password = typed.password;
        if (username.length() > 128 || username.indexOf(0) >= 0 || password.length() > Passwords.MAX_LENGTH) {
            return new SignIn.Refused();
        }
        var now = clock.instant();
        var wait = attempts.begin(tenant, username, now);
        if (wait.isPositive()) {
            return new SignIn.TooMany(wait);
        }
        var account = database.inTenant(tenant, connection -> find(connection, tenant, username));
        boolean good = passwords.matches(password, account == null ? null : account.hash());
        if (!good || account == null) {
            if (account != null) {
                database.inTenant(tenant, c -> {
                    return audit(c, tenant, now, account.id(), "session.refuse", "user:" + account.id());
                });
            }
            return new SignIn.Refused();
        }
        var result = database.<SignIn>inTenant(
                tenant, connection -> switch (factors.check(connection, tenant, account.id(), typed.code, now)) {
                    case NONE -> begun(connection, tenant, account.id(), Sessions.Method.PASSWORD, device);
                    case GOOD -> begun(connection, tenant, account.id(), Sessions.Method.TOTP, device);
                    case MISSING -> new SignIn.NeedsCode(false);
                    case WRONG -> new SignIn.NeedsCode(true);
                });
        if (result instanceof SignIn.Success) {
            attempts.succeeded(tenant, username);
        }
        return result;
    }

    private SignIn begun(
            Connection connection, TenantId tenant, UUID user, Sessions.Method method, Sessions.Device device)
            throws SQLException {
        var success = sessions.begin(connection, tenant, user, method, device);
        return success == null ? new SignIn.Refused() : success;
    }

    /**
     * Gives the person another password, who has to know the old one, and ends their other sessions.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code weak-password}
     */
    public PasswordChange changePassword(Session of, String old, String wanted) {
        requireStrong(wanted);
        var now = clock.instant();
        var wait = attempts.begin(of.tenant(), of.username(), now);
        if (wait.isPositive()) {
            return new PasswordChange.TooMany(wait);
        }
        var account = database.inTenant(of.tenant(), connection -> find(connection, of.tenant(), of.username()));
        boolean good =
                old.length() <= Passwords.MAX_LENGTH && passwords.matches(old, account == null ? null : account.hash());
        if (!good || account == null) {
            database.inTenant(of.tenant(), c -> {
                return audit(c, of.tenant(), now, of.userId(), "user.refuse_password", "user:" + of.userId());
            });
            return new PasswordChange.Wrong();
        }
        attempts.succeeded(of.tenant(), of.username());
        var hash = passwords.hash(wanted);
        return new PasswordChange.Done(database.inTenant(of.tenant(), connection -> {
            UserRows.setPassword(connection, of.tenant(), of.userId(), hash);
            audit(connection, of.tenant(), now, of.userId(), "user.change_password", "user:" + of.userId());
            return Sessions.endOthers(connection, of, now);
        }));
    }

    private static void requireStrong(String password) {
        if (password.length() < SHORTEST_PASSWORD || password.length() > Passwords.MAX_LENGTH) {
            throw Problem.badRequest(
                            "weak-password",
                            "A password has " + SHORTEST_PASSWORD + " to " + Passwords.MAX_LENGTH + " characters.")
                    .asException();
        }
    }

    private static @Nullable Account find(Connection connection, TenantId tenant, String username) throws SQLException {
        try (var select = connection.prepareStatement("SELECT user_id, password_hash FROM users"
                + " WHERE tenant_id = ? AND username_key = ? AND NOT disabled")) {
            select.setString(1, tenant.value());
            select.setString(2, UserRows.key(username));
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Account(rows.getObject(1, UUID.class), rows.getString(2)) : null;
            }
        }
    }

    private static long audit(
            Connection connection, TenantId tenant, Instant at, UUID user, String action, String object)
            throws SQLException {
        return AuditLog.append(connection, tenant, new AuditLog.Entry(at, "user:" + user, action, object, "{}"));
    }
}
