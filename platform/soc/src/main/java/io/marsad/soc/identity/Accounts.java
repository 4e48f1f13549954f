package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People's local accounts, and their sessions: 8 hours without a request or 7 days end one.
 *
 * <p>Thread-safe.
 */
public final class Accounts {
    static final Duration IDLE = Duration.ofHours(8);
    static final Duration LONGEST = Duration.ofDays(7);
    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final int SHORTEST_PASSWORD = 12;

    private static final String FIND_SESSION = """
            SELECT s.secret_hash, s.created_at, s.last_seen_at, u.user_id, u.username, u.role, r.permissions AS role_permissions,
                t.name
            FROM sessions s JOIN users u USING (tenant_id, user_id) JOIN tenants t USING (tenant_id)
                LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role
            WHERE s.tenant_id = ? AND s.session_id = ? AND NOT u.disabled""";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Passwords passwords;
    private final Attempts attempts;

    public Accounts(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        this.passwords = new Passwords(random);
        this.attempts = new Attempts(database);
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

    private record Account(
            UUID id, String username, Role role, @Nullable String hash, String tenantName) {}

    /**
     * Makes an account, or gives null when the name is taken.
     *
     * @param by who does it, as the audit names it
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-username}, {@code weak-password}
     */
    public @Nullable UUID create(TenantId tenant, String username, String password, Role role, String by) {
        var name = UserRows.sound(username);
        if (password.length() < SHORTEST_PASSWORD || password.length() > Passwords.MAX_LENGTH) {
            throw Problem.badRequest(
                            "weak-password",
                            "A password has " + SHORTEST_PASSWORD + " to " + Passwords.MAX_LENGTH + " characters.")
                    .asException();
        }
        var hash = passwords.hash(password);
        var now = clock.instant();
        var id = UserRows.newId(now, random);
        return database.inTenant(tenant, connection -> {
            if (!UserRows.insert(connection, tenant, new UserRows.NewUser(id, name, hash, role), now)) {
                return null;
            }
            var facts = new TreeMap<>(Map.of("username", name, "role", role.word(), "disabled", false));
            var entry = new AuditLog.Entry(now, by, "user.create", "user:" + id, Change.detail(null, facts));
            AuditLog.append(connection, tenant, entry);
            return id;
        });
    }

    /**
     * Gives the account another password and ends its sessions. False when there is no such account.
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

    /** Hashes passwords, few at a time. */
    Passwords passwords() {
        return passwords;
    }

    /**
     * Signs in with a password.
     *
     * @param address where from, for the audit
     */
    public SignIn signIn(TenantId tenant, String username, String password, String address) {
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
        attempts.succeeded(tenant, username);
        var secret = Secret.create(tenant, UserRows.newId(now, random), random);
        database.inTenant(tenant, c -> begin(c, secret, account, now, address));
        return new SignIn.Success(session(secret, account, expiry(now, now)), secret.text());
    }

    /** The session of this cookie; null when there is none, it has ended, or its user may no longer sign in. */
    public @Nullable Session session(String cookie) {
        var secret = Secret.parse(cookie);
        if (secret == null) {
            return null;
        }
        var now = clock.instant();
        return database.inTenant(secret.tenant(), connection -> {
            try (var select = connection.prepareStatement(FIND_SESSION)) {
                select.setString(1, secret.tenant().value());
                select.setObject(2, secret.id());
                try (var rows = select.executeQuery()) {
                    if (!rows.next() || !secret.hashesTo(rows.getBytes("secret_hash"))) {
                        return null;
                    }
                    var created = rows.getTimestamp("created_at").toInstant();
                    var seen = rows.getTimestamp("last_seen_at").toInstant();
                    if (!now.isBefore(expiry(created, seen))) {
                        delete(connection, secret.tenant(), secret.id());
                        return null;
                    }
                    if (seen.plus(SEEN_EVERY).isBefore(now)) {
                        seen(connection, secret, now);
                        UserRows.seen(connection, secret.tenant(), rows.getObject("user_id", UUID.class), now);
                    }
                    var account = new Account(
                            rows.getObject("user_id", UUID.class),
                            rows.getString("username"),
                            UserRows.role(rows),
                            null,
                            rows.getString("name"));
                    return session(secret, account, expiry(created, now));
                }
            }
        });
    }

    /** Ends the session. */
    public void signOut(Session session) {
        var now = clock.instant();
        database.inTenant(session.tenant(), connection -> {
            delete(connection, session.tenant(), session.id());
            return audit(connection, session.tenant(), now, session.userId(), "session.end", "session:" + session.id());
        });
    }

    private static @Nullable Account find(Connection connection, TenantId tenant, String username) throws SQLException {
        try (var select = connection.prepareStatement("SELECT u.user_id, u.username, u.password_hash, t.name,"
                + " u.role, r.permissions AS role_permissions FROM users u JOIN tenants t USING (tenant_id)"
                + " LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role"
                + " WHERE u.tenant_id = ? AND u.username_key = ? AND NOT u.disabled")) {
            select.setString(1, tenant.value());
            select.setString(2, UserRows.key(username));
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Account(
                                rows.getObject(1, UUID.class),
                                rows.getString(2),
                                UserRows.role(rows),
                                rows.getString(3),
                                rows.getString(4))
                        : null;
            }
        }
    }

    private static long begin(Connection connection, Secret secret, Account account, Instant now, String address)
            throws SQLException {
        try (var prune = connection.prepareStatement(
                "DELETE FROM sessions WHERE tenant_id = ? AND (last_seen_at < ? OR created_at < ?)")) {
            prune.setString(1, secret.tenant().value());
            prune.setTimestamp(2, Timestamp.from(now.minus(IDLE)));
            prune.setTimestamp(3, Timestamp.from(now.minus(LONGEST)));
            prune.executeUpdate();
        }
        try (var insert = connection.prepareStatement("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, secret.tenant().value());
            insert.setObject(2, secret.id());
            insert.setObject(3, account.id());
            insert.setBytes(4, secret.hash());
            insert.setTimestamp(5, Timestamp.from(now));
            insert.setTimestamp(6, Timestamp.from(now));
            insert.setString(7, address.length() > 64 ? address.substring(0, 64) : address);
            insert.executeUpdate();
        }
        UserRows.seen(connection, secret.tenant(), account.id(), now);
        return audit(connection, secret.tenant(), now, account.id(), "session.begin", "session:" + secret.id());
    }

    private static void seen(Connection connection, Secret secret, Instant now) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE sessions SET last_seen_at = ? WHERE tenant_id = ? AND session_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, secret.tenant().value());
            update.setObject(3, secret.id());
            update.executeUpdate();
        }
    }

    private static void delete(Connection connection, TenantId tenant, UUID session) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM sessions WHERE tenant_id = ? AND session_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, session);
            delete.executeUpdate();
        }
    }

    private static Session session(Secret secret, Account account, Instant expiresAt) {
        return new Session(
                secret.id(),
                account.id(),
                account.username(),
                account.role(),
                secret.tenant(),
                account.tenantName(),
                account.role().permissions(),
                secret.derived("csrf"),
                expiresAt);
    }

    private static Instant expiry(Instant created, Instant seen) {
        var idle = seen.plus(IDLE);
        var longest = created.plus(LONGEST);
        return idle.isBefore(longest) ? idle : longest;
    }

    private static long audit(
            Connection connection, TenantId tenant, Instant at, UUID user, String action, String object)
            throws SQLException {
        return AuditLog.append(connection, tenant, new AuditLog.Entry(at, "user:" + user, action, object, "{}"));
    }
}
