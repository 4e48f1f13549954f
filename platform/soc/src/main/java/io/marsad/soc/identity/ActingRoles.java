package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** What somebody may be in a tenant that they do not belong to. */
public final class ActingRoles {
    /** Roles that every tenant has. */
    public static final List<String> ALL =
            List.of(Role.TENANT_ADMIN.word(), Role.SOC_ANALYST.word(), Role.AUDITOR.word());

    /** What is made by these would outlive the delegation. */
    private static final Set<String> NEVER = Set.of(Permission.TOKENS_WRITE, Permission.USERS_WRITE);

    private ActingRoles() {}

    /** What all of them together may. */
    static Set<String> permissions(Collection<String> roles) {
        var all = new TreeSet<String>();
        for (String word : roles) {
            var role = ALL.contains(word) ? Role.builtIn(word) : null;
            all.addAll(role == null ? Set.of() : role.permissions());
        }
        all.removeAll(NEVER);
        return all;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when the tenant has no such user */
    public static UUID user(Database database, TenantId tenant, String username) {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT user_id FROM users WHERE tenant_id = ? AND username_key = ? AND deleted_at IS NULL")) {
                select.setString(1, tenant.value());
                select.setString(2, UserRows.key(username));
                try (var rows = select.executeQuery()) {
                    if (!rows.next()) {
                        throw Problem.notFound("The provider has no user of this name.")
                                .asException();
                    }
                    return rows.getObject(1, UUID.class);
                }
            }
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role} */
    public static void requireRole(Database database, TenantId tenant, String role) {
        database.inTenant(tenant, connection -> Roles.require(connection, tenant, role));
    }
}
