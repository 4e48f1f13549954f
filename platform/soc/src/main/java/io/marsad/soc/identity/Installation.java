package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tenants of this installation and their first accounts. Thread-safe. */
public final class Installation {
    private static final String ACTOR = "system:installation";
    private static final String FIRST_ADMIN = "admin";

    private final Database database;
    private final Accounts accounts;
    private final InstantSource clock;

    public Installation(Database database, Accounts accounts, InstantSource clock) {
        this.database = database;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Where its tenants are. */
    public Database database() {
        return database;
    }

    /** The one that it is dated by. */
    public InstantSource clock() {
        return clock;
    }

    /** A tenant and what people call it. */
    public record Tenant(TenantId id, String name) {}

    /** Makes the tenant where there is none. True when it is new. */
    public boolean ensureTenant(TenantId tenant, String name) {
        return database.<Boolean>inInstallation(connection -> {
            try (var insert =
                    connection.prepareStatement("INSERT INTO tenants VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, tenant.value());
                insert.setString(2, name);
                insert.setTimestamp(3, Timestamp.from(clock.instant()));
                return insert.executeUpdate() == 1;
            }
        });
    }

    /** All tenants, by id. */
    public List<Tenant> tenants() {
        return database.inInstallation(connection -> {
            var tenants = new ArrayList<Tenant>();
            try (var select = connection.prepareStatement("SELECT tenant_id, name FROM tenants ORDER BY tenant_id");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new Tenant(new TenantId(rows.getString(1)), rows.getString(2)));
                }
            }
            return tenants;
        });
    }

    /** What may be waiting to be done for a tenant. */
    public enum Work {
        /** Entries of the audit log that no checkpoint covers. */
        UNSEALED,
        /** Hunts that wait or ran when the platform stopped. */
        HUNTS,
        /** Schedules that are on. */
        SCHEDULES,
        /** Dead letters. */
        LETTERS
    }

    /** The tenants for which there is such work, by id; one question however many tenants there are. */
    public List<TenantId> tenantsWith(Work work) {
        return database.inInstallation(connection -> {
            var tenants = new ArrayList<TenantId>();
            try (var select = connection.prepareStatement("SELECT tenant FROM tenants_with_work() WHERE "
                            + work.name().toLowerCase(Locale.ROOT));
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new TenantId(rows.getString(1)));
                }
            }
            return tenants;
        });
    }

    /**
     * Prepares what a new tenant begins with.
     *
     * @param secondFactor which of its roles need a second factor
     * @param admin whether it gets its first administrator, who has a random password
     */
    public TenantStart prepare(List<RoleDraft> roles, Set<String> secondFactor, boolean admin) {
        var now = Instant.ofEpochMilli(clock.millis());
        var made = roles.stream()
                .map(draft -> new TenantStart.NewRole(accounts.newId(now), draft))
                .toList();
        return new TenantStart(now, made, secondFactor, admin ? firstAdmin(now) : null);
    }

    private TenantStart.NewAdmin firstAdmin(Instant now) {
        var password = accounts.passwords().generate();
        var hash = accounts.passwords().hash(password);
        var user = new UserRows.NewUser(accounts.newId(now), FIRST_ADMIN, hash, Role.TENANT_ADMIN);
        return new TenantStart.NewAdmin(user, password);
    }

    /**
     * Makes an account with a random password where the tenant never had one of this name. Returns the password, which is shown
     * once and kept as a hash only; null when it did.
     */
    public @Nullable String ensureAccount(TenantId tenant, String username, Role role) {
        if (accounts.existed(tenant, username)) {
            return null;
        }
        var password = accounts.passwords().generate();
        return accounts.create(tenant, username, password, role, ACTOR) == null ? null : password;
    }

    /**
     * Gives an account a new random password and ends its sessions. Returns the password, which is shown once; null when
     * there is no such account.
     */
    public @Nullable String resetPassword(TenantId tenant, String username) {
        var password = accounts.passwords().generate();
        return accounts.resetPassword(tenant, username, password, ACTOR) ? password : null;
    }
}
