package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People's sessions: 8 hours without a request or 7 days end one.
 *
 * <p>Thread-safe.
 */
public final class Sessions {
    static final Duration IDLE = Duration.ofHours(8);
    static final Duration LONGEST = Duration.ofDays(7);

    /** So long after signing in a session may add ways to sign in. */
    static final Duration FRESH = Duration.ofMinutes(15);

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    private static final String FIND = "SELECT s.secret_hash, s.created_at, s.last_seen_at, s.method, u.user_id,"
            + " u.username, u.role, r.permissions AS role_permissions, t.name, f.role IS NOT NULL AS second_factor, "
            + Views.COLUMNS + ", " + Acting.COLUMNS
            + " FROM sessions s JOIN users u USING (tenant_id, user_id) JOIN tenants t USING (tenant_id)"
            + " LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role"
            + " LEFT JOIN second_factor_roles f ON f.tenant_id = u.tenant_id AND f.role = u.role" + Views.JOIN
            + " WHERE s.tenant_id = ? AND s.session_id = ? AND NOT u.disabled";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public Sessions(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** Who acts in another tenant. */
    public Acting acting() {
        return new Acting(database, clock);
    }

    /** Who looks as somebody else. */
    public Views views() {
        return new Views(database, clock);
    }

    /** How somebody showed who they are. */
    public enum Method {
        PASSWORD,
        /** A password, and a code of an authenticator app or a recovery code. */
        TOTP,
        /** Whose holder the device has verified. */
        PASSKEY,
        /** The tenant's OpenID provider said so. */
        OIDC;

        /** As the API writes it: {@code passkey}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Method of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Where somebody signs in from.
     *
     * @param address of the machine, as text
     * @param agent what its browser calls itself
     */
    public record Device(String address, String agent) {
        public Device {
            address = address.length() > 64 ? address.substring(0, 64) : address;
            agent = agent.length() > 300 ? agent.substring(0, 300) : agent;
        }
    }

    /** One of somebody's sessions, as they see it. */
    public record Open(
            UUID id, Device device, Method method, Instant createdAt, Instant lastSeenAt, Instant expiresAt) {}

    /** @param needsSecondFactor whether the role does */
    private record Person(UUID id, String username, Role role, String tenantName, boolean needsSecondFactor) {
        static Person of(ResultSet row) throws SQLException {
            return new Person(
                    row.getObject("user_id", UUID.class),
                    row.getString("username"),
                    UserRows.role(row),
                    row.getString("name"),
                    row.getBoolean("second_factor"));
        }

        /** Whether one thing more has to be shown before anything may be done. */
        boolean isDue(Method method) {
            return needsSecondFactor && method == Method.PASSWORD;
        }

        Set<String> permissions(Method method) {
            return isDue(method) ? Set.of() : role.permissions();
        }
    }

    /** The session of this cookie; null when there is none, it has ended, or its user may no longer sign in. */
    public @Nullable Session find(String cookie) {
        var secret = Secret.parse(cookie);
        if (secret == null) {
            return null;
        }
        var now = clock.instant();
        return database.inTenant(secret.tenant(), connection -> {
            try (var select = connection.prepareStatement(FIND)) {
                select.setString(1, secret.tenant().value());
                select.setObject(2, secret.id());
                try (var rows = select.executeQuery()) {
                    return rows.next() && secret.hashesTo(rows.getBytes("secret_hash"))
                            ? live(connection, secret, rows, now)
                            : null;
                }
            }
        });
    }

    /** Whose session it is, and what they may do now. */
    public record Holder(String username, Caller caller) {}

    /** The holder of this session, which somebody knows by its id alone; null as {@link #find}. It is not used by it. */
    public @Nullable Holder holder(TenantId tenant, UUID id) {
        var now = clock.instant();
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(FIND)) {
                select.setString(1, tenant.value());
                select.setObject(2, id);
                try (var rows = select.executeQuery()) {
                    return rows.next() && now.isBefore(expiry(rows)) ? holder(tenant, rows) : null;
                }
            }
        });
    }

    private static Holder holder(TenantId tenant, ResultSet row) throws SQLException {
        var person = Person.of(row);
        var permissions = person.permissions(Method.of(row.getString("method")));
        return new Holder(person.username(), new Caller(tenant, "user:" + person.id(), permissions));
    }

    private static Instant expiry(ResultSet row) throws SQLException {
        return expiry(
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("last_seen_at").toInstant());
    }

    private static @Nullable Session live(Connection connection, Secret secret, ResultSet row, Instant now)
            throws SQLException {
        var created = row.getTimestamp("created_at").toInstant();
        var seen = row.getTimestamp("last_seen_at").toInstant();
        if (!now.isBefore(expiry(created, seen))) {
            delete(connection, secret.tenant(), secret.id());
            return null;
        }
        if (seen.plus(SEEN_EVERY).isBefore(now)) {
            seen(connection, secret, now);
            UserRows.seen(connection, secret.tenant(), row.getObject("user_id", UUID.class), now);
        }
        var session = session(secret, Person.of(row), Method.of(row.getString("method")), created, now);
        var other = Views.read(row);
        if (other != null) {
            session = session.as(other.view(), other.permissions());
        }
        return Acting.of(session, row);
    }

    /**
     * Begins a session, in the transaction that found out who it is. Null when the tenant has no such user who may sign in.
     */
    public SignIn.@Nullable Success begin(
            Connection connection, TenantId tenant, UUID user, Method method, Device device) throws SQLException {
        var person = person(connection, tenant, user);
        if (person == null) {
            return null;
        }
        var now = clock.instant();
        var id = UserRows.newId(now, random);
        var secret = Secret.create(tenant, id, random);
        prune(connection, tenant, now);
        try (var insert = connection.prepareStatement("INSERT INTO sessions (tenant_id, session_id, user_id,"
                + " secret_hash, created_at, last_seen_at, address, agent, method)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, id);
            insert.setObject(3, user);
            insert.setBytes(4, secret.hash());
            insert.setTimestamp(5, Timestamp.from(now));
            insert.setTimestamp(6, Timestamp.from(now));
            insert.setString(7, device.address());
            insert.setString(8, device.agent());
            insert.setString(9, method.word());
            insert.executeUpdate();
        }
        UserRows.seen(connection, tenant, user, now);
        audit(connection, tenant, user, "session.begin", "session:" + id, "{\"method\":\"" + method.word() + "\"}");
        return new SignIn.Success(session(secret, person, method, now, now), secret.text());
    }

    /** The person's sessions, newest first. */
    public List<Open> list(Session of) {
        var now = clock.instant();
        return database.inTenant(of.tenant(), connection -> {
            prune(connection, of.tenant(), now);
            try (var select = connection.prepareStatement("SELECT * FROM sessions WHERE tenant_id = ? AND user_id = ?"
                    + " ORDER BY created_at DESC, session_id DESC")) {
                select.setString(1, of.tenant().value());
                select.setObject(2, of.userId());
                var found = new ArrayList<Open>();
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(open(rows));
                    }
                }
                return found;
            }
        });
    }

    private static Open open(ResultSet row) throws SQLException {
        var created = row.getTimestamp("created_at").toInstant();
        var seen = row.getTimestamp("last_seen_at").toInstant();
        return new Open(
                row.getObject("session_id", UUID.class),
                new Device(row.getString("address"), row.getString("agent")),
                Method.of(row.getString("method")),
                created,
                seen,
                expiry(created, seen));
    }

    /** Ends the person's session with this id, which may be this very one. False when the person has none such. */
    public boolean end(Session of, UUID id) {
        return database.<Boolean>inTenant(of.tenant(), connection -> {
            try (var delete = connection.prepareStatement(
                    "DELETE FROM sessions WHERE tenant_id = ? AND user_id = ? AND session_id = ?")) {
                delete.setString(1, of.tenant().value());
                delete.setObject(2, of.userId());
                delete.setObject(3, id);
                if (delete.executeUpdate() == 0) {
                    return false;
                }
            }
            audit(connection, of.tenant(), of.userId(), "session.end", "session:" + id, "{}");
            return true;
        });
    }

    /** Ends the person's sessions but this one. Returns their ids. */
    public List<UUID> endOthers(Session of) {
        return database.inTenant(of.tenant(), connection -> endOthers(connection, of, clock.instant()));
    }

    /** The same, in a transaction that does more. */
    static List<UUID> endOthers(Connection connection, Session of, Instant now) throws SQLException {
        var ended = new ArrayList<UUID>();
        try (var delete = connection.prepareStatement("DELETE FROM sessions WHERE tenant_id = ? AND user_id = ?"
                + " AND session_id <> ? RETURNING session_id")) {
            delete.setString(1, of.tenant().value());
            delete.setObject(2, of.userId());
            delete.setObject(3, of.id());
            try (var rows = delete.executeQuery()) {
                while (rows.next()) {
                    ended.add(rows.getObject(1, UUID.class));
                }
            }
        }
        var actor = "user:" + of.userId();
        for (UUID one : ended) {
            AuditLog.append(
                    connection, of.tenant(), new AuditLog.Entry(now, actor, "session.end", "session:" + one, "{}"));
        }
        return ended;
    }

    /** The person has shown more than a password in this session: that is how it began, from now on. */
    public static void proved(Connection connection, Session of, Method method) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE sessions SET method = ?" + " WHERE tenant_id = ? AND session_id = ? AND method = 'password'")) {
            update.setString(1, method.word());
            update.setString(2, of.tenant().value());
            update.setObject(3, of.id());
            update.executeUpdate();
        }
    }

    private static @Nullable Person person(Connection connection, TenantId tenant, UUID user) throws SQLException {
        try (var select = connection.prepareStatement("SELECT u.user_id, u.username, t.name, u.role,"
                + " r.permissions AS role_permissions, f.role IS NOT NULL AS second_factor"
                + " FROM users u JOIN tenants t USING (tenant_id)"
                + " LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.name = u.role"
                + " LEFT JOIN second_factor_roles f ON f.tenant_id = u.tenant_id AND f.role = u.role"
                + " WHERE u.tenant_id = ? AND u.user_id = ? AND NOT u.disabled")) {
            select.setString(1, tenant.value());
            select.setObject(2, user);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Person.of(rows) : null;
            }
        }
    }

    private static void prune(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var prune = connection.prepareStatement(
                "DELETE FROM sessions WHERE tenant_id = ? AND (last_seen_at <= ? OR created_at <= ?)")) {
            prune.setString(1, tenant.value());
            prune.setTimestamp(2, Timestamp.from(now.minus(IDLE)));
            prune.setTimestamp(3, Timestamp.from(now.minus(LONGEST)));
            prune.executeUpdate();
        }
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

    private static Session session(Secret secret, Person person, Method method, Instant created, Instant seen) {
        return new Session(
                secret.id(),
                person.id(),
                person.username(),
                person.role(),
                secret.tenant(),
                person.tenantName(),
                person.permissions(method),
                person.isDue(method),
                secret.derived("csrf"),
                created,
                expiry(created, seen),
                null,
                null);
    }

    private static Instant expiry(Instant created, Instant seen) {
        var idle = seen.plus(IDLE);
        var longest = created.plus(LONGEST);
        return idle.isBefore(longest) ? idle : longest;
    }

    private void audit(Connection connection, TenantId tenant, UUID user, String action, String object, String detail)
            throws SQLException {
        var entry = new AuditLog.Entry(clock.instant(), "user:" + user, action, object, detail);
        AuditLog.append(connection, tenant, entry);
    }
}
