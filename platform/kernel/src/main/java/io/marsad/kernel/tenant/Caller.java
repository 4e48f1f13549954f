package io.marsad.kernel.tenant;

import java.util.Set;

/**
 * Who acts, for which tenant, and what they may do.
 *
 * @param tenant whose data the call is about
 * @param subject the acting user, token or worker, as the audit names it: {@code user:UUID}, {@code token:UUID},
 *     {@code system:NAME}
 * @param permissions {@code resource:action} names
 */
public record Caller(TenantId tenant, String subject, Set<String> permissions) {
    public Caller {
        permissions = Set.copyOf(permissions);
    }

    /** A part of the platform acting for a tenant, with every permission. */
    public static Caller system(TenantId tenant, String worker) {
        return new Caller(tenant, "system:" + worker, Set.of("*"));
    }

    public boolean may(String permission) {
        return permissions.contains(permission) || permissions.contains("*");
    }
}
