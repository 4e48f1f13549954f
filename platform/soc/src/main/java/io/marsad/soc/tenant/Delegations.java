package io.marsad.soc.tenant;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.ActingRoles;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tenants with a provider: who that is, and who of it may act in them. Who runs the installation says both; a tenant's own
 * administrators see who may act in it and take it back. What is changed is recorded in the tenant, in the provider, and
 * where it was done.
 *
 * <p>Thread-safe.
 */
public final class Delegations {
    private static final int MOST = 200;
    private static final String SELECT = "SELECT delegation_id, provider_id, provider_user, provider_role, role,"
            + " created_by, created_at FROM delegations";

    private final Database database;
    private final Standings standings;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Delegations(Database database, Standings standings, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.standings = standings;
        this.clock = clock;
        this.random = random;
    }

    /** A tenant's place among the others. */
    private record Place(String state, @Nullable String parent, boolean hasChildren) {}

    private Place place(TenantId id) {
        return database.inInstallation(connection -> place(connection, id));
    }

    private static Place place(Connection connection, TenantId id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT t.state, t.parent_id,"
                + " EXISTS (SELECT FROM tenants c WHERE c.parent_id = t.tenant_id AND c.state <> 'deleted')"
                + " FROM tenants t WHERE t.tenant_id = ? AND t.state <> 'deleted' FOR UPDATE")) {
            select.setString(1, id.value());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no tenant with this id.").asException();
                }
                return new Place(rows.getString(1), rows.getString(2), rows.getBoolean(3));
            }
        }
    }

    /** The tenant's provider, or null. */
    public @Nullable TenantId parent(TenantId id) {
        var parent = place(id).parent();
        return parent == null ? null : new TenantId(parent);
    }

    /**
     * Gives the tenant a provider, or none. What was delegated to another one before ends at once.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code not-a-provider} when the tenant or the provider is a
     *     child or parent already: there is one level
     */
    public void setParent(TenantId id, @Nullable TenantId provider) {
        var caller = CallerScope.current();
        var own = standings.own();
        var before = database.<@Nullable String>inInstallation(own, connection -> {
            var place = place(connection, id);
            if (provider != null) {
                requireProvider(connection, id, place, provider);
            }
            var wanted = provider == null ? null : provider.value();
            if (!Objects.equals(place.parent(), wanted)) {
                try (var update = connection.prepareStatement("UPDATE tenants SET parent_id = ? WHERE tenant_id = ?")) {
                    update.setString(1, wanted);
                    update.setString(2, id.value());
                    update.executeUpdate();
                }
                var entry = entry(
                        connection, caller.subject(), "tenant.provider", id, "before", place.parent(), "after", wanted);
                AuditLog.append(connection, own, entry);
                AuditLog.appendBeside(connection, own, id, entry);
            }
            return place.parent();
        });
        if (before != null && (provider == null || !before.equals(provider.value()))) {
            var old = new TenantId(before);
            for (var delegation : of(id)) {
                if (delegation.provider().equals(old)) {
                    revoke(id, delegation.id());
                }
            }
        }
    }

    private void requireProvider(Connection connection, TenantId id, Place place, TenantId provider)
            throws SQLException {
        if (provider.equals(id) || place.hasChildren() || id.equals(standings.own())) {
            throw notAProvider("A provider, and the installation's own tenant, have none themselves.");
        }
        if (place(connection, provider).parent() != null) {
            throw notAProvider("The provider has one itself: there is one level.");
        }
    }

    private static RuntimeException notAProvider(String detail) {
        return Problem.conflict("not-a-provider", detail).asException();
    }

    /** Who may act in the tenant, oldest first; for those who run the installation. */
    public List<Delegation> of(TenantId id) {
        place(id);
        return named(database.inTenant(id, connection -> list(connection, id)));
    }

    /** Who may act in the caller's tenant, oldest first. */
    public List<Delegation> ofCaller() {
        return database.inCallerTenant(connection -> list(connection, CallerScope.tenant()));
    }

    private static List<Delegation> list(Connection connection, TenantId id) throws SQLException {
        try (var select = connection.prepareStatement(
                SELECT + " WHERE tenant_id = ? AND provider_id <> ? ORDER BY created_at, delegation_id")) {
            select.setString(1, id.value());
            select.setString(2, id.value());
            return read(select.executeQuery());
        }
    }

    private static List<Delegation> read(ResultSet result) throws SQLException {
        try (var rows = result) {
            var found = new ArrayList<Delegation>();
            while (rows.next()) {
                found.add(new Delegation(
                        rows.getObject("delegation_id", UUID.class),
                        new TenantId(rows.getString("provider_id")),
                        rows.getObject("provider_user", UUID.class),
                        null,
                        rows.getString("provider_role"),
                        rows.getString("role"),
                        rows.getString("created_by"),
                        rows.getTimestamp("created_at").toInstant()));
            }
            return found;
        }
    }

    private List<Delegation> named(List<Delegation> some) {
        return some.stream()
                .map(d -> new Delegation(
                        d.id(),
                        d.provider(),
                        d.user(),
                        username(d.provider(), d.user()),
                        d.providerRole(),
                        d.role(),
                        d.createdBy(),
                        d.createdAt()))
                .toList();
    }

    private @Nullable String username(TenantId tenant, @Nullable UUID user) {
        return user == null
                ? null
                : database.<@Nullable String>inTenant(tenant, connection -> {
                    try (var select = connection.prepareStatement(
                            "SELECT username FROM users WHERE tenant_id = ? AND user_id = ?")) {
                        select.setString(1, tenant.value());
                        select.setObject(2, user);
                        try (var rows = select.executeQuery()) {
                            return rows.next() ? rows.getString(1) : null;
                        }
                    }
                });
    }

    /**
     * Lets somebody of the tenant's provider act in it, from their next request on.
     *
     * @param username of the provider's people; or null, and everybody with {@code providerRole} there
     * @param role {@code tenant_admin}, {@code soc_analyst} or {@code auditor}
     * @throws io.marsad.kernel.problem.ProblemException 400; 404; 409 {@code no-provider} or {@code delegated}
     */
    public Delegation create(TenantId id, @Nullable String username, @Nullable String providerRole, String role) {
        if ((username == null) == (providerRole == null)) {
            throw Problem.badRequest("invalid-delegation", "Name a user of the provider, or a role there.")
                    .asException();
        }
        if (!ActingRoles.ALL.contains(role)) {
            throw Problem.badRequest("invalid-delegation", "What is delegated is one of " + ActingRoles.ALL + ".")
                    .asException();
        }
        var parent = parent(id);
        if (parent == null) {
            throw Problem.conflict("no-provider", "This tenant has no provider: give it one first.")
                    .asException();
        }
        var user = username == null ? null : ActingRoles.user(database, parent, username);
        if (providerRole != null) {
            ActingRoles.requireRole(database, parent, providerRole);
        }
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        var made = new Delegation(
                EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                        .uuid(),
                parent,
                user,
                username,
                providerRole,
                role,
                caller.subject(),
                now);
        database.inTenant(id, connection -> {
            insert(connection, id, made);
            return recorded(connection, id, made, "delegation.create", caller.subject());
        });
        return made;
    }

    private static void insert(Connection connection, TenantId id, Delegation made) throws SQLException {
        if (list(connection, id).size() >= MOST) {
            throw Problem.conflict("too-many-delegations", "A tenant has at most " + MOST + " delegations.")
                    .asException();
        }
        try (var insert = connection.prepareStatement("INSERT INTO delegations (tenant_id, delegation_id, provider_id,"
                + " provider_user, provider_role, role, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, id.value());
            insert.setObject(2, made.id());
            insert.setString(3, made.provider().value());
            insert.setObject(4, made.user());
            insert.setString(5, made.providerRole());
            insert.setString(6, made.role());
            insert.setString(7, made.createdBy());
            insert.setTimestamp(8, Timestamp.from(made.createdAt()));
            if (insert.executeUpdate() == 0) {
                throw Problem.conflict("delegated", "They may act in this tenant already: revoke that first.")
                        .asException();
            }
        }
    }

    /** Takes back what the caller's tenant delegated, or was delegated for it. Counts from the next request on. */
    public void revoke(UUID delegation) {
        revoke(CallerScope.tenant(), delegation);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public void revoke(TenantId id, UUID delegation) {
        var caller = CallerScope.current();
        database.inTenant(id, connection -> {
            try (var delete = connection.prepareStatement(
                    "DELETE FROM delegations WHERE tenant_id = ? AND delegation_id = ? RETURNING *")) {
                delete.setString(1, id.value());
                delete.setObject(2, delegation);
                var gone = read(delete.executeQuery());
                if (gone.isEmpty()) {
                    throw Problem.notFound("There is no delegation with this id.")
                            .asException();
                }
                return recorded(connection, id, gone.getFirst(), "delegation.revoke", caller.subject());
            }
        });
    }

    /** In the tenant and at its provider. */
    private long recorded(Connection connection, TenantId id, Delegation what, String action, String actor)
            throws SQLException {
        var entry = entry(
                connection,
                actor,
                action,
                id,
                "delegation",
                what.id().toString(),
                "provider",
                what.provider().value(),
                "to",
                what.user() == null ? "role:" + what.providerRole() : "user:" + what.user(),
                "role",
                what.role());
        AuditLog.appendBeside(connection, id, what.provider(), entry);
        return AuditLog.append(connection, id, entry);
    }

    private AuditLog.Entry entry(
            Connection connection, String actor, String action, TenantId id, @Nullable String... texts)
            throws SQLException {
        return new AuditLog.Entry(clock.instant(), actor, action, "tenant:" + id, AuditLog.detail(connection, texts));
    }
}
