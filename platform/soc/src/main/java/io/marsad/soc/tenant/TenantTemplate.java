package io.marsad.soc.tenant;

import io.marsad.soc.identity.RoleDraft;
import java.util.List;
import java.util.Set;

/**
 * What a tenant begins with. It is a beginning only: a tenant that was made from it does not follow when it changes.
 *
 * @param description for who chooses
 * @param roles of the tenant's own, beside those that every installation has
 * @param secondFactor which of all its roles need a second factor
 */
public record TenantTemplate(
        String name, String description, TenantQuota quota, List<RoleDraft> roles, Set<String> secondFactor) {
    static final TenantTemplate NONE = new TenantTemplate("", "", TenantQuota.NONE, List.of(), Set.of());

    public TenantTemplate {
        roles = List.copyOf(roles);
        secondFactor = Set.copyOf(secondFactor);
    }
}
