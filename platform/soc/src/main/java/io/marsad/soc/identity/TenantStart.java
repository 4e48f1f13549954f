package io.marsad.soc.identity;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant begins with: roles of its own, which roles need a second factor, its first administrator. Prepared before
 * the transaction, because hashing a password takes its time, and written in the one that makes the tenant, so that all of
 * it is there or nothing. {@link Installation#prepare} makes it.
 */
public final class TenantStart {
    private final Instant at;
    private final List<NewRole> roles;
    private final Set<String> secondFactor;
    private final @Nullable NewAdmin admin;

    record NewRole(UUID id, RoleDraft draft) {}

    /** Prints without the password. */
    record NewAdmin(UserRows.NewUser user, String password) {
        @Override
        public String toString() {
            return user.name();
        }
    }

    TenantStart(Instant at, List<NewRole> roles, Set<String> secondFactor, @Nullable NewAdmin admin) {
        this.at = at;
        this.roles = List.copyOf(roles);
        this.secondFactor = new TreeSet<>(secondFactor);
        this.admin = admin;
    }

    /** When it is made. */
    public Instant at() {
        return at;
    }

    /** Of the first administrator; null when none is made. */
    public @Nullable String username() {
        return admin == null ? null : admin.user.name();
    }

    /** The first administrator's, known here and now only; null when none is made. */
    public @Nullable String password() {
        return admin == null ? null : admin.password;
    }

    /**
     * Writes it into a transaction that may write rows of the tenant, which has none yet, each with its entry in the tenant's
     * audit log.
     *
     * @param actor who does it, as the audit names it
     */
    public void write(Connection connection, TenantId tenant, String actor) throws SQLException {
        for (var role : roles) {
            if (!Roles.insert(connection, tenant, role.id, role.draft, at)) {
                throw new IllegalStateException("two roles of a new tenant are called " + role.draft.name());
            }
            record(connection, tenant, actor, new Made("role.create", "role:" + role.id, null, role.draft.facts()));
        }
        if (!secondFactor.isEmpty()) {
            SecondFactorRows.setRoles(connection, tenant, secondFactor);
            var before = Map.of("roles", List.of());
            var after = Map.of("roles", List.copyOf(secondFactor));
            record(connection, tenant, actor, new Made("second_factor.update", "tenant:" + tenant, before, after));
        }
        if (admin != null && !Accounts.add(connection, tenant, admin.user, at, actor)) {
            throw new IllegalStateException("a new tenant has a user already");
        }
    }

    private record Made(
            String action, String object, @Nullable Map<String, ?> before, Map<String, ?> after) {}

    private void record(Connection connection, TenantId tenant, String actor, Made made) throws SQLException {
        var detail = Change.detail(made.before, made.after);
        AuditLog.append(connection, tenant, new AuditLog.Entry(at, actor, made.action, made.object, detail));
    }
}
