package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The roles of the caller's tenant: those that every installation has, and those that the tenant made. What a role may do
 * is looked up with each request, so a change counts at once.
 *
 * <p>Thread-safe.
 */
public final class Roles {
    private static final int MOST = 100;
    private static final Map<String, String> ABOUT = Map.of(
            Role.PLATFORM_ADMIN.word(), "Runs the installation: everything.",
            Role.TENANT_ADMIN.word(), "Runs a tenant: everything but the installation's own things.",
            Role.SOC_ANALYST.word(), "Works on alerts, searches and hunts.",
            Role.AUDITOR.word(), "Sees everything, the audit log too, and changes nothing.");

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public Roles(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A role and who has it.
     *
     * @param id null for one that every installation has
     * @param users how many have it
     */
    public record Listed(@Nullable UUID id, Role role, String description, int users) {}

    /** Those that every installation has, then the tenant's own by name. */
    public List<Listed> list() {
        return database.inCallerTenant(connection -> {
            var users = users(connection);
            var all = new ArrayList<Listed>();
            for (Role role : Role.BUILT_IN) {
                all.add(new Listed(
                        null, role, ABOUT.getOrDefault(role.word(), ""), users.getOrDefault(role.word(), 0)));
            }
            all.addAll(own(connection, null, users));
            return all;
        });
    }

    /**
     * Makes a role.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-role}; 403 when it may do more than the caller; 409
     *     {@code name-taken}, {@code too-many-roles}
     */
    public Listed create(String name, String description, Set<String> permissions) {
        var caller = CallerScope.current();
        requireNone(RoleDraft.faultOfName(name));
        requireSound(description, permissions, caller);
        var draft = new RoleDraft(name, description, permissions);
        var now = Instant.ofEpochMilli(clock.millis());
        var id = UserRows.newId(now, random);
        return database.inCallerTenant(connection -> {
            UserRows.lock(connection, caller.tenant());
            if (names(connection, caller.tenant()).size() - Role.BUILT_IN.size() >= MOST) {
                throw Problem.conflict("too-many-roles", "A tenant has at most " + MOST + " roles of its own.")
                        .asException();
            }
            if (Role.builtIn(name) != null || !insert(connection, caller.tenant(), id, draft, now)) {
                throw Problem.conflict("name-taken", "There is a role of this name.")
                        .asException();
            }
            var made = find(connection, id);
            Change.record(connection, now, "role.create", "role:" + id, null, facts(made));
            return made;
        });
    }

    /**
     * Changes what the role may do, for everybody who has it, at once.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-role}; 403 when it may, or is to, do more than the
     *     caller; 404
     */
    public Listed update(UUID id, String description, Set<String> permissions) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> {
            var before = changeable(connection, id, caller);
            requireSound(description, permissions, caller);
            try (var update = connection.prepareStatement("UPDATE roles SET description = ?, permissions = ?,"
                    + " updated_at = ? WHERE tenant_id = ? AND role_id = ?")) {
                update.setString(1, description);
                update.setArray(2, sorted(connection, permissions));
                update.setTimestamp(3, Timestamp.from(now));
                update.setString(4, caller.tenant().value());
                update.setObject(5, id);
                update.executeUpdate();
            }
            var after = find(connection, id);
            if (!facts(after).equals(facts(before))) {
                Change.record(connection, now, "role.update", "role:" + id, facts(before), facts(after));
            }
            return after;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 403; 404; 409 {@code role-in-use} */
    public void delete(UUID id) {
        var caller = CallerScope.current();
        var now = clock.instant();
        database.inCallerTenant(connection -> {
            var before = changeable(connection, id, caller);
            if (before.users() > 0) {
                throw Problem.conflict(
                                "role-in-use",
                                (before.users() == 1 ? "One user has" : before.users() + " users have") + " the role "
                                        + before.role().word() + "; give another one first.")
                        .asException();
            }
            try (var delete = connection.prepareStatement("DELETE FROM roles WHERE tenant_id = ? AND role_id = ?")) {
                delete.setString(1, caller.tenant().value());
                delete.setObject(2, id);
                delete.executeUpdate();
            }
            SecondFactorRows.deleteRole(
                    connection, caller.tenant(), before.role().word());
            Change.record(connection, now, "role.delete", "role:" + id, facts(before), null);
            return true;
        });
    }

    /** The role of this name. @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role} */
    static Role require(Connection connection, TenantId tenant, String word) throws SQLException {
        var role = find(connection, tenant, word);
        if (role == null) {
            var names = names(connection, tenant).toArray(String[]::new);
            throw Problem.badRequest(
                            "unknown-role",
                            "There is no role '" + (word.length() > 64 ? word.substring(0, 64) : word) + "'"
                                    + Suggestion.among(word, names) + ".")
                    .asException();
        }
        return role;
    }

    /** The role of this name, or null. */
    static @Nullable Role find(Connection connection, TenantId tenant, String word) throws SQLException {
        var builtIn = Role.builtIn(word);
        if (builtIn != null) {
            return builtIn;
        }
        try (var select =
                connection.prepareStatement("SELECT permissions FROM roles WHERE tenant_id = ? AND name = ?")) {
            select.setString(1, tenant.value());
            select.setString(2, word);
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Role(word, permissions(rows.getArray(1))) : null;
            }
        }
    }

    /** None for null. */
    static Set<String> permissions(@Nullable Array array) throws SQLException {
        return array != null && array.getArray() instanceof String[] texts ? Set.of(texts) : Set.of();
    }

    private static Listed changeable(Connection connection, UUID id, Caller caller) throws SQLException {
        UserRows.lock(connection, caller.tenant());
        var role = find(connection, id);
        var beyond = role.role().beyond(caller);
        if (beyond != null) {
            throw Problem.forbidden("This role may do " + beyond + ", which you may not: you cannot change it.")
                    .asException();
        }
        return role;
    }

    private static void requireSound(String description, Set<String> permissions, Caller caller) {
        requireNone(RoleDraft.faultOfDescription(description));
        requireNone(Permission.fault(permissions));
        var beyond = Permission.beyond(permissions, caller);
        if (beyond != null) {
            throw Problem.forbidden("You cannot give " + beyond + ", which you do not have.")
                    .asException();
        }
    }

    private static void requireNone(@Nullable String fault) {
        if (fault != null) {
            throw Problem.badRequest("invalid-role", fault).asException();
        }
    }

    private static List<String> names(Connection connection, TenantId tenant) throws SQLException {
        var names = new ArrayList<>(Role.BUILT_IN.stream().map(Role::word).toList());
        try (var select = connection.prepareStatement("SELECT name FROM roles WHERE tenant_id = ? ORDER BY name")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    /** False when the tenant has a role of this name. */
    static boolean insert(Connection connection, TenantId tenant, UUID id, RoleDraft draft, Instant now)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO roles (tenant_id, role_id, name, description,"
                + " permissions, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, id);
            insert.setString(3, draft.name());
            insert.setString(4, draft.description());
            insert.setArray(5, sorted(connection, draft.permissions()));
            insert.setTimestamp(6, Timestamp.from(now));
            insert.setTimestamp(7, Timestamp.from(now));
            return insert.executeUpdate() == 1;
        }
    }

    private static Array sorted(Connection connection, Set<String> permissions) throws SQLException {
        return connection.createArrayOf("text", new TreeSet<>(permissions).toArray());
    }

    private static Listed find(Connection connection, UUID id) throws SQLException {
        var found = own(connection, id, users(connection));
        if (found.isEmpty()) {
            throw Problem.notFound("There is no role with this id.").asException();
        }
        return found.getFirst();
    }

    /** The tenant's own, or the one of them. */
    private static List<Listed> own(Connection connection, @Nullable UUID id, Map<String, Integer> users)
            throws SQLException {
        var found = new ArrayList<Listed>();
        try (var select = connection.prepareStatement("SELECT role_id, name, description, permissions FROM roles"
                + " WHERE tenant_id = ? AND (?::uuid IS NULL OR role_id = ?::uuid) ORDER BY name")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id);
            select.setObject(3, id);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var name = rows.getString("name");
                    found.add(new Listed(
                            rows.getObject("role_id", UUID.class),
                            new Role(name, permissions(rows.getArray("permissions"))),
                            rows.getString("description"),
                            users.getOrDefault(name, 0)));
                }
            }
        }
        return found;
    }

    /** How many users have each role. */
    private static Map<String, Integer> users(Connection connection) throws SQLException {
        var users = new TreeMap<String, Integer>();
        try (var select = connection.prepareStatement(
                "SELECT role, count(*) FROM users WHERE tenant_id = ? AND deleted_at IS NULL GROUP BY role")) {
            select.setString(1, CallerScope.tenant().value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    users.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return users;
    }

    private static Map<String, ?> facts(Listed role) {
        return new RoleDraft(role.role().word(), role.description(), role.role().permissions()).facts();
    }
}
