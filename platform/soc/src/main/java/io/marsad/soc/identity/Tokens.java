package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Machines' credentials, {@code mst_TENANT.ID.SECRET}. What authenticates is remembered for two seconds, so that a busy
 * sender does not cost a query a request; revoking here forgets at once.
 *
 * <p>Thread-safe.
 */
public final class Tokens {
    private static final String PREFIX = "mst_";
    private static final Duration REMEMBERED = Duration.ofSeconds(2);
    private static final Duration USED_EVERY = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 4_096;
    private static final int MAX_TOKENS = 1_000;
    private static final String COLUMNS = "token_id, name, permissions, created_at, expires_at, last_used_at";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Remembered> remembered = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };
    private long revocations;

    public Tokens(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    private record Remembered(Grant grant, Instant until) {}

    /** A token that was found good, and what it may do. */
    public record Grant(ApiToken token, Caller caller) {}

    /**
     * A new token.
     *
     * @param secret the whole text to send; known here and now only
     */
    public record Created(ApiToken token, String secret) {
        @Override
        public String toString() {
            return token.toString();
        }
    }

    /** The tenant's tokens that are not revoked, newest first. */
    public List<ApiToken> list() {
        return database.inCallerTenant(connection -> {
            var tokens = new ArrayList<ApiToken>();
            try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM api_tokens"
                    + " WHERE tenant_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, token_id DESC")) {
                select.setString(1, CallerScope.tenant().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        tokens.add(token(rows));
                    }
                }
            }
            return tokens;
        });
    }

    /**
     * Makes a token of the caller's tenant.
     *
     * @param name also the name of the source that its events come from
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-token}; 403 when the caller gives what it has not;
     *     409 {@code too-many-tokens}
     */
    public Created create(String name, Set<String> permissions, @Nullable Instant expiresAt) {
        var now = Instant.ofEpochMilli(clock.millis());
        var caller = CallerScope.current();
        requireSound(name, permissions, expiresAt, now);
        requireHeld(permissions, caller);
        var secret = Secret.create(caller.tenant(), UserRows.newId(now, random), random);
        var sorted = List.copyOf(new TreeSet<>(permissions));
        var token = new ApiToken(secret.id(), name.strip(), sorted, now, expiresAt, null);
        database.inCallerTenant(connection -> insert(connection, token, secret, caller));
        return new Created(token, PREFIX + secret.text());
    }

    /**
     * Gives a token another secret; name, permissions and end stay.
     *
     * @param grace how long the secret before is still taken; the one before that is not
     * @throws io.marsad.kernel.problem.ProblemException 403 when the token may do more than the caller; 404
     */
    public Created rotate(UUID id, Duration grace) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        var secret = Secret.create(caller.tenant(), id, random);
        var until = grace.isPositive() ? Timestamp.from(now.plus(grace)) : null;
        var created = database.inCallerTenant(connection -> {
            var token = known(connection, caller, id);
            requireHeld(token.permissions(), caller);
            try (var update = connection.prepareStatement("UPDATE api_tokens SET previous_hash ="
                    + " CASE WHEN ?::timestamptz IS NULL THEN NULL ELSE secret_hash END, previous_until = ?,"
                    + " secret_hash = ? WHERE tenant_id = ? AND token_id = ?")) {
                update.setTimestamp(1, until);
                update.setTimestamp(2, until);
                update.setBytes(3, secret.hash());
                update.setString(4, caller.tenant().value());
                update.setObject(5, id);
                update.executeUpdate();
            }
            audit(connection, caller, now, "token.rotate", token);
            return new Created(token, PREFIX + secret.text());
        });
        forget();
        return created;
    }

    private static ApiToken known(Connection connection, Caller caller, UUID id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM api_tokens WHERE tenant_id = ? AND token_id = ? AND revoked_at IS NULL FOR UPDATE")) {
            select.setString(1, caller.tenant().value());
            select.setObject(2, id);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no token with this id.").asException();
                }
                return token(rows);
            }
        }
    }

    /** What authenticated before does so again only after a look. */
    private void forget() {
        synchronized (remembered) {
            revocations++;
            remembered.clear();
        }
    }

    /** Revokes at once. @throws io.marsad.kernel.problem.ProblemException 404 */
    public void revoke(UUID id) {
        var caller = CallerScope.current();
        var now = clock.instant();
        database.inCallerTenant(connection -> {
            var token = known(connection, caller, id);
            try (var update = connection.prepareStatement(
                    "UPDATE api_tokens SET revoked_at = ? WHERE tenant_id = ? AND token_id = ?")) {
                update.setTimestamp(1, Timestamp.from(now));
                update.setString(2, caller.tenant().value());
                update.setObject(3, id);
                update.executeUpdate();
            }
            return audit(connection, caller, now, "token.revoke", token);
        });
        forget();
    }

    /** What the token allows; null when there is none such, it was revoked or has expired. */
    public @Nullable Grant authenticate(String text) {
        var secret = text.startsWith(PREFIX) ? Secret.parse(text.substring(PREFIX.length())) : null;
        if (secret == null) {
            return null;
        }
        var now = clock.instant();
        long before;
        synchronized (remembered) {
            var known = remembered.get(text);
            if (known != null && now.isBefore(known.until())) {
                return known.grant();
            }
            before = revocations;
        }
        var found = database.inTenant(secret.tenant(), connection -> find(connection, secret, now));
        synchronized (remembered) {
            if (found == null) {
                remembered.remove(text);
            } else if (before == revocations) { // else it may be the very one that was revoked meanwhile
                remembered.put(text, found);
            }
        }
        return found == null ? null : found.grant();
    }

    /** What the token with this id allows; null as {@link #authenticate}. Looked up each time. */
    public @Nullable Grant valid(TenantId tenant, UUID id) {
        var now = clock.instant();
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM api_tokens"
                    + " WHERE tenant_id = ? AND token_id = ? AND revoked_at IS NULL")) {
                select.setString(1, tenant.value());
                select.setObject(2, id);
                try (var rows = select.executeQuery()) {
                    var token = rows.next() ? token(rows) : null;
                    var end = token == null ? null : token.expiresAt();
                    return token == null || (end != null && !now.isBefore(end))
                            ? null
                            : new Grant(token, caller(tenant, token));
                }
            }
        });
    }

    private static Caller caller(TenantId tenant, ApiToken token) {
        return new Caller(tenant, "token:" + token.id(), Set.copyOf(token.permissions()));
    }

    private static void requireHeld(Collection<String> permissions, Caller caller) {
        var beyond = Permission.beyond(permissions, caller);
        if (beyond != null) {
            throw Problem.forbidden("You cannot give " + beyond + ", which you do not have.")
                    .asException();
        }
    }

    private static void requireSound(String name, Set<String> permissions, @Nullable Instant expiresAt, Instant now) {
        String fault = null;
        if (name.isBlank() || name.strip().length() > 100 || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            fault = "A token's name has 1 to 100 printable characters.";
        } else if (permissions.isEmpty()) {
            fault = "A token has one or more of the permissions " + String.join(", ", new TreeSet<>(Permission.ALL))
                    + ".";
        } else if (Permission.fault(permissions) != null) {
            fault = Permission.fault(permissions);
        } else if (expiresAt != null && !expiresAt.isAfter(now)) {
            fault = "A token expires in the future.";
        }
        if (fault != null) {
            throw Problem.badRequest("invalid-token", fault).asException();
        }
    }

    private static long insert(Connection connection, ApiToken token, Secret secret, Caller caller)
            throws SQLException {
        try (var count = connection.prepareStatement(
                "SELECT count(*) FROM api_tokens WHERE tenant_id = ? AND revoked_at IS NULL")) {
            count.setString(1, caller.tenant().value());
            try (var rows = count.executeQuery()) {
                if (rows.next() && rows.getLong(1) >= MAX_TOKENS) {
                    throw Problem.conflict("too-many-tokens", "A tenant has at most " + MAX_TOKENS + " tokens.")
                            .asException();
                }
            }
        }
        try (var insert = connection.prepareStatement("INSERT INTO api_tokens (tenant_id, token_id, name, permissions,"
                + " secret_hash, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, caller.tenant().value());
            insert.setObject(2, token.id());
            insert.setString(3, token.name());
            insert.setArray(
                    4, connection.createArrayOf("text", token.permissions().toArray()));
            insert.setBytes(5, secret.hash());
            insert.setString(6, caller.subject());
            insert.setTimestamp(7, Timestamp.from(token.createdAt()));
            var expires = token.expiresAt();
            insert.setTimestamp(8, expires == null ? null : Timestamp.from(expires));
            insert.executeUpdate();
        }
        return audit(connection, caller, token.createdAt(), "token.create", token);
    }

    /** What the token allows, and until when that is known. */
    private static @Nullable Remembered find(Connection connection, Secret secret, Instant now) throws SQLException {
        try (var select = connection.prepareStatement("SELECT secret_hash, previous_hash, previous_until, " + COLUMNS
                + " FROM api_tokens WHERE tenant_id = ? AND token_id = ? AND revoked_at IS NULL")) {
            select.setString(1, secret.tenant().value());
            select.setObject(2, secret.id());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var token = token(rows);
                var end = earlier(now.plus(REMEMBERED), token.expiresAt());
                if (!secret.hashesTo(rows.getBytes("secret_hash"))) {
                    var previous = rows.getBytes("previous_hash");
                    if (previous == null || !secret.hashesTo(previous)) {
                        return null;
                    }
                    end = earlier(end, instant(rows.getTimestamp("previous_until")));
                }
                if (!now.isBefore(end)) {
                    return null;
                }
                var used = token.lastUsedAt();
                if (used == null || used.plus(USED_EVERY).isBefore(now)) {
                    used(connection, secret, now);
                }
                return new Remembered(new Grant(token, caller(secret.tenant(), token)), end);
            }
        }
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static void used(Connection connection, Secret secret, Instant now) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE api_tokens SET last_used_at = ? WHERE tenant_id = ? AND token_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, secret.tenant().value());
            update.setObject(3, secret.id());
            update.executeUpdate();
        }
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        var permissions = row.getArray("permissions").getArray() instanceof String[] texts ? texts : new String[0];
        return new ApiToken(
                row.getObject("token_id", UUID.class),
                row.getString("name"),
                List.of(permissions),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("last_used_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static long audit(Connection connection, Caller caller, Instant at, String action, ApiToken token)
            throws SQLException {
        var facts = new TreeMap<String, Object>(Map.of("name", token.name(), "permissions", token.permissions()));
        var expires = token.expiresAt();
        if (expires != null) {
            facts.put("expires_at", expires.toString());
        }
        var detail = action.equals("token.create") ? Change.detail(null, facts) : Change.detail(facts, null);
        return AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(at, caller.subject(), action, "token:" + token.id(), detail));
    }
}
