package io.marsad.soc.identity;

import io.marsad.kernel.tenant.Caller;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A role as it is now: its name and what it may do. Four are the same in every installation; others are made by tenants
 * ({@link Roles}).
 *
 * @param word as the API writes it: {@code soc_analyst}
 */
public record Role(String word, Set<String> permissions) {
    /** Runs the installation: everything. */
    public static final Role PLATFORM_ADMIN = new Role("platform_admin", Permission.ALL);

    /** Runs a tenant: everything but the installation's own things. */
    public static final Role TENANT_ADMIN =
            new Role("tenant_admin", without(Permission.ALL, Permission.OF_INSTALLATION));

    /** Works on alerts. */
    public static final Role SOC_ANALYST = new Role(
            "soc_analyst",
            Set.of(
                    Permission.EVENTS_READ,
                    Permission.ALERTS_READ,
                    Permission.ALERTS_WRITE,
                    Permission.CASES_READ,
                    Permission.CASES_WRITE,
                    Permission.ENDPOINTS_READ,
                    Permission.ENDPOINTS_QUERY,
                    Permission.SUPPRESSIONS_WRITE,
                    Permission.RISK_READ,
                    Permission.DECISIONS_READ,
                    Permission.DECISIONS_OVERRIDE,
                    Permission.CONTEXT_WRITE,
                    Permission.INTEL_READ,
                    Permission.INTEL_WRITE,
                    Permission.NOTIFICATIONS_READ,
                    Permission.MODELS_READ,
                    Permission.PLAYBOOKS_READ,
                    Permission.PLAYBOOKS_RUN,
                    Permission.ACTIONS_READ,
                    Permission.ACTIONS_CONTAIN,
                    Permission.ACTIONS_INVESTIGATE,
                    Permission.ACTIONS_INTEL,
                    Permission.ACTIONS_CASES,
                    Permission.ACTIONS_NOTIFY,
                    Permission.CONNECTORS_READ,
                    Permission.SEARCHES_WRITE,
                    Permission.HUNTS_WRITE,
                    Permission.SOURCES_READ));

    /** Sees and changes nothing. */
    public static final Role AUDITOR = new Role(
            "auditor",
            Set.of(
                    Permission.EVENTS_READ,
                    Permission.ALERTS_READ,
                    Permission.ENDPOINTS_READ,
                    Permission.RISK_READ,
                    Permission.DECISIONS_READ,
                    Permission.CASES_READ,
                    Permission.INTEL_READ,
                    Permission.NOTIFICATIONS_READ,
                    Permission.MODELS_READ,
                    Permission.PLAYBOOKS_READ,
                    Permission.ACTIONS_READ,
                    Permission.CONNECTORS_READ,
                    Permission.SOURCES_READ,
                    Permission.TOKENS_READ,
                    Permission.USERS_READ,
                    Permission.PROVIDERS_READ,
                    Permission.AUDIT_READ));

    /** The roles that every installation has, the mightiest first. */
    public static final List<Role> BUILT_IN = List.of(PLATFORM_ADMIN, TENANT_ADMIN, SOC_ANALYST, AUDITOR);

    public Role {
        permissions = Set.copyOf(permissions);
    }

    /** Null for any word that is not of {@link #BUILT_IN}. */
    public static @Nullable Role builtIn(String word) {
        for (Role role : BUILT_IN) {
            if (role.word.equals(word)) {
                return role;
            }
        }
        return null;
    }

    /** Something that the role may and the caller may not, the first by name; null when the caller may all of it. */
    @Nullable
    String beyond(Caller caller) {
        return Permission.beyond(permissions, caller);
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
