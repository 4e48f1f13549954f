package io.marsad.sigma;

import io.marsad.kernel.tenant.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lists for rules: what holds for all tenants, and what a tenant has of its own. A tenant's list takes the place of the
 * installation's list of the same name, for its own events and nobody else's; an empty one means that the tenant has no
 * such list, so that rules that need it do not look at its events.
 *
 * @param installation for every tenant that has no such list of its own
 * @param own by tenant; those that have none are not in it
 */
public record TenantLists(Placeholders installation, Map<TenantId, Placeholders> own) {
    public TenantLists {
        own = Map.copyOf(own);
    }

    /** The same for all tenants. */
    public static TenantLists of(Placeholders installation) {
        return new TenantLists(installation, Map.of());
    }

    /** All that a tenant's rules are read with. */
    public Placeholders of(TenantId tenant) {
        var lists = own.get(tenant);
        return lists == null ? installation : installation.with(lists);
    }

    /** What rules are first read with: a list that only some tenants have keeps no rule from being read. */
    Placeholders common() {
        return own.isEmpty() ? installation : installation.assuming(names());
    }

    private Set<String> names() {
        var names = new TreeSet<String>();
        own.values().forEach(lists -> names.addAll(lists.lists().keySet()));
        return names;
    }
}
