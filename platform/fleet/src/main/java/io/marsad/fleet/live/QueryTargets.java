package io.marsad.fleet.live;

import java.util.List;
import java.util.UUID;

/**
 * Who is asked: a host that fits any of these.
 *
 * @param all every host that is not revoked
 * @param text in the host's name or identifier, case aside; empty: no host by this
 */
public record QueryTargets(boolean all, List<UUID> endpoints, List<String> groups, String text) {
    public QueryTargets {
        endpoints = List.copyOf(endpoints);
        groups = List.copyOf(groups);
    }

    boolean isEmpty() {
        return !all && endpoints.isEmpty() && groups.isEmpty() && text.isBlank();
    }
}
