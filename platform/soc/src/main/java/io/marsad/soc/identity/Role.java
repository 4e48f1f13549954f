package io.marsad.soc.identity;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The roles that every installation has. */
public enum Role {
    /** Runs the installation: everything. */
    PLATFORM_ADMIN(Permission.ALL),
    /** Runs a tenant: everything but the installation's own things. */
    TENANT_ADMIN(without(Permission.ALL, Permission.METRICS_READ, Permission.RULES_RELOAD)),
    /** Works on alerts. */
    SOC_ANALYST(Set.of(
            Permission.EVENTS_READ,
            Permission.ALERTS_READ,
            Permission.ALERTS_WRITE,
            Permission.SEARCHES_WRITE,
            Permission.HUNTS_WRITE,
            Permission.SOURCES_READ)),
    /** Sees and changes nothing. */
    AUDITOR(Set.of(
            Permission.EVENTS_READ,
            Permission.ALERTS_READ,
            Permission.SOURCES_READ,
            Permission.TOKENS_READ,
            Permission.AUDIT_READ));

    private final Set<String> permissions;

    Role(Set<String> permissions) {
        this.permissions = Set.copyOf(permissions);
    }

    public Set<String> permissions() {
        return permissions;
    }

    /** As the API writes it: {@code soc_analyst}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static Role ofWord(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException("not a role: " + word);
    }

    private static Set<String> without(Set<String> all, String... some) {
        var rest = new TreeSet<>(all);
        rest.removeAll(Set.of(some));
        return rest;
    }
}
