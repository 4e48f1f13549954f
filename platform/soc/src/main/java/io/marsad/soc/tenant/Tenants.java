package io.marsad.soc.tenant;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Installation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Administers the installation's tenants. Who may call it is who runs the installation; every change is recorded in the
 * audit log of the installation's own tenant, in the transaction of the change.
 *
 * <p>Thread-safe.
 */
public final class Tenants {
    private static final String SELECT = "SELECT t.tenant_id, t.name, t.state, t.created_at, t.parent_id, "
            + TenantQuota.COLUMNS + " FROM tenants t LEFT JOIN tenant_quotas q ON q.tenant_id = t.tenant_id";

    private final Database database;
    private final Provisioning provisioning;
    private final EventStore events;
    private final Standings standings;
    private final Flow flow;
    private final InstantSource clock;

    /** @param templates that tenants are made from */
    public Tenants(
            Installation installation, TenantTemplates templates, EventStore events, Standings standings, Flow flow) {
        this.database = installation.database();
        this.clock = installation.clock();
        this.provisioning = new Provisioning(installation, standings, templates);
        this.events = events;
        this.standings = standings;
        this.flow = flow;
    }

    /**
     * A new tenant.
     *
     * @param username of its first administrator, or null when none was asked for
     * @param password known here and now only
     */
    public record Created(
            Tenant tenant,
            @Nullable String username,
            @Nullable String password) {
        @Override
        public String toString() {
            return tenant.id().value();
        }
    }

    /**
     * What became of a deletion.
     *
     * @param events taken out of the event store
     * @param bytes by how much the store is smaller
     * @param rows how many went, by table; those that went with others are not counted
     * @param kept tables that keep rows of it: nobody can delete from them
     * @param left what was looked for afterwards and was still there; empty when all is gone
     */
    public record Deleted(long events, long bytes, Map<String, Long> rows, Set<String> kept, Set<String> left) {
        public boolean verified() {
            return left.isEmpty();
        }
    }

    /**
     * Makes a tenant, with all that its template gives it and its first administrator, or makes nothing.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-tenant}, {@code unknown-template}; 409 {@code
     *     tenant-exists}, also for one that was deleted, {@code faulty-template}
     */
    public Created create(NewTenant wanted) {
        var tenant = sound(wanted.id());
        var name = wanted.name();
        var start = provisioning.make(tenant, soundName(name == null || name.isBlank() ? wanted.id() : name), wanted);
        return new Created(find(tenant), start.username(), start.password());
    }

    /**
     * Tenants by id, deleted ones left out.
     *
     * @param after only ids behind it
     */
    public List<Tenant> list(String after, int limit) {
        return measured(database.inInstallation(connection -> {
            try (var select = connection.prepareStatement(
                    SELECT + " WHERE t.state <> 'deleted' AND t.tenant_id > ? ORDER BY t.tenant_id LIMIT ?")) {
                select.setString(1, after);
                select.setInt(2, limit);
                return read(select.executeQuery());
            }
        }));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when there is none, or it was deleted */
    public Tenant find(TenantId id) {
        var found = measured(database.inInstallation(connection -> {
            try (var select = connection.prepareStatement(SELECT + " WHERE t.state <> 'deleted' AND t.tenant_id = ?")) {
                select.setString(1, id.value());
                return read(select.executeQuery());
            }
        }));
        if (found.isEmpty()) {
            throw unknown();
        }
        return found.getFirst();
    }

    /** The caller's own tenant: what it may use and uses. */
    public Tenant ofCaller() {
        return find(CallerScope.tenant());
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-tenant}, 404 */
    public Tenant rename(TenantId id, String name) {
        var called = soundName(name);
        act("tenant.rename", id, connection -> {
            var before = stateOf(connection, id).name();
            update(connection, "UPDATE tenants SET name = ? WHERE tenant_id = ?", called, id.value());
            return new String[] {"before", before, "after", called};
        });
        return find(id);
    }

    /** Limits it from now on; no limit of a kind where the quota has none. */
    public Tenant limit(TenantId id, TenantQuota quota) {
        act("tenant.limit", id, connection -> {
            var before = stateOf(connection, id).quota();
            if (quota.isNone()) {
                update(connection, "DELETE FROM tenant_quotas WHERE tenant_id = ?", id.value());
            } else {
                quota.write(connection, id.value());
            }
            return new String[] {"before", before.toString(), "after", quota.toString()};
        });
        return find(id);
    }

    /** Lets nobody of it in and takes nothing more for it; its data stays. Nothing happens when it is suspended already. */
    public Tenant suspend(TenantId id) {
        requireForeign(id);
        return change(id, "tenant.suspend", TenantState.ACTIVE, TenantState.SUSPENDED);
    }

    /** Takes a suspension back. */
    public Tenant resume(TenantId id) {
        return change(id, "tenant.resume", TenantState.SUSPENDED, TenantState.ACTIVE);
    }

    private Tenant change(TenantId id, String action, TenantState from, TenantState to) {
        var before = find(id).state();
        if (before == from) {
            act(action, id, connection -> {
                stateOf(connection, id);
                update(connection, "UPDATE tenants SET state = ? WHERE tenant_id = ?", to.word(), id.value());
                return new String[] {"before", from.word(), "after", to.word()};
            });
        }
        return find(id);
    }

    /**
     * Deletes everything of a suspended tenant but its audit log, and looks whether anything is left. May be called again
     * after a failure. Its raw records in the event log's files go when those are old enough, and become no event any more.
     *
     * @param confirm its id once more
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code not-confirmed}; 404; 409 {@code not-suspended},
     *     {@code has-children}, or {@code records-under-way} when the worker is not done with its last records
     */
    public Deleted delete(TenantId id, String confirm) throws IOException {
        requireForeign(id);
        if (!confirm.equals(id.value())) {
            throw Problem.badRequest("not-confirmed", "To delete a tenant, repeat its id.")
                    .asException();
        }
        if (find(id).state() != TenantState.SUSPENDED) {
            throw Problem.conflict("not-suspended", "Suspend the tenant first: that can be taken back.")
                    .asException();
        }
        requireChildless(id);
        if (flow.pending(id) > 0) {
            throw Problem.conflict("records-under-way", "Its last records are being processed; try again in a moment.")
                    .asException();
        }
        boolean forgotten = flow.forget(id); // first: what is judged later would raise alerts again
        var removal = events.delete(id);
        var erasure = new TenantErasure(database, id);
        var rows = erasure.erase();
        var left = erasure.left();
        if (removal.left() > 0 || events.usage(id).events() > 0) {
            left.add("events");
        }
        if (!forgotten) {
            left.add("correlations");
        }
        var deleted = new Deleted(removal.events(), removal.bytes(), rows, erasure.kept(), left);
        if (deleted.verified()) {
            act("tenant.delete", id, connection -> {
                stateOf(connection, id);
                update(
                        connection,
                        "UPDATE tenants SET state = 'deleted', name = tenant_id WHERE tenant_id = ?",
                        id.value());
                return new String[] {"events", Long.toString(deleted.events), "rows", rows.toString()};
            });
        }
        return deleted;
    }

    /** A change of the list of tenants; returns texts for the audit, keys and values in turns. */
    @FunctionalInterface
    private interface Act {
        String[] run(Connection connection) throws SQLException;
    }

    private void act(String action, TenantId tenant, Act act) {
        var caller = CallerScope.current();
        var own = standings.own();
        database.inInstallation(own, connection -> {
            var texts = act.run(connection);
            var entry = new AuditLog.Entry(
                    clock.instant(), caller.subject(), action, "tenant:" + tenant, AuditLog.detail(connection, texts));
            Standings.changed(connection);
            return AuditLog.append(connection, own, entry);
        });
        standings.refresh();
    }

    private record Before(String name, TenantQuota quota) {}

    /** Locks the row, so that changes come one after the other. */
    private static Before stateOf(Connection connection, TenantId id) throws SQLException {
        try (var select = connection.prepareStatement(
                SELECT + " WHERE t.state <> 'deleted' AND t.tenant_id = ? FOR UPDATE OF t")) {
            select.setString(1, id.value());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw unknown();
                }
                return new Before(rows.getString("name"), TenantQuota.read(rows));
            }
        }
    }

    private static void update(Connection connection, String sql, String... values) throws SQLException {
        try (var update = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                update.setString(i + 1, values[i]);
            }
            update.executeUpdate();
        }
    }

    private List<Tenant> read(ResultSet result) throws SQLException {
        try (var rows = result) {
            var tenants = new ArrayList<Tenant>();
            while (rows.next()) {
                var id = new TenantId(rows.getString("tenant_id"));
                tenants.add(new Tenant(
                        id,
                        rows.getString("name"),
                        TenantState.ofWord(rows.getString("state")),
                        rows.getTimestamp("created_at").toInstant(),
                        id.equals(standings.own()),
                        rows.getString("parent_id"),
                        TenantQuota.read(rows),
                        new Tenant.Use(0, 0, 0, 0, 0)));
            }
            return tenants;
        }
    }

    private List<Tenant> measured(List<Tenant> tenants) {
        return tenants.stream()
                .map(t -> new Tenant(
                        t.id(), t.name(), t.state(), t.createdAt(), t.own(), t.parent(), t.quota(), use(t.id())))
                .toList();
    }

    private Tenant.Use use(TenantId id) {
        long users = database.<Long>inTenant(id, connection -> {
            try (var count = connection.prepareStatement("SELECT count(*) FROM users WHERE tenant_id = ?")) {
                count.setString(1, id.value());
                try (var rows = count.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
        var usage = events.usage(id);
        return new Tenant.Use(users, usage.events(), usage.bytes(), flow.eventsPerSecond(id), flow.refused(id));
    }

    private void requireForeign(TenantId id) {
        if (id.equals(standings.own())) {
            throw Problem.conflict("own-tenant", "The installation's own tenant runs it: it stays.")
                    .asException();
        }
    }

    private void requireChildless(TenantId id) {
        boolean children = database.<Boolean>inInstallation(connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT EXISTS (SELECT FROM tenants WHERE parent_id = ? AND state <> 'deleted')")) {
                select.setString(1, id.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return rows.getBoolean(1);
                }
            }
        });
        if (children) {
            throw Problem.conflict(
                            "has-children", "It is the provider of other tenants: give them another one, or none.")
                    .asException();
        }
    }

    private static TenantId sound(String id) {
        try {
            return new TenantId(id);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                            "invalid-tenant",
                            "A tenant's id has 3 to 63 characters of a-z, 0-9 and '-', a letter or digit first and last.")
                    .asException();
        }
    }

    private static String soundName(String name) {
        var called = name.strip();
        if (called.isEmpty() || called.length() > 200 || called.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw Problem.badRequest("invalid-tenant", "A tenant's name has 1 to 200 printable characters.")
                    .asException();
        }
        return called;
    }

    private static RuntimeException unknown() {
        return Problem.notFound("There is no tenant with this id.").asException();
    }
}
