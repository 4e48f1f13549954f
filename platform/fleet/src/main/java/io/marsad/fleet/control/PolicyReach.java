package io.marsad.fleet.control;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.PolicyShare;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How far a version of a policy has come, in hosts with our agent that are not revoked.
 *
 * @param of hosts of its group
 * @param chosen those that its share picks
 * @param inForce those on which this very version is in force
 * @param refused those that say that they refused it, or that they could verify none after an older one
 * @param stages how many hosts larger and smaller shares would pick
 */
public record PolicyReach(int of, int chosen, int inForce, int refused, List<Stage> stages) {
    private static final int[] SHARES = {10, 25, 50, PolicyShare.ALL};

    /** An agent that cannot verify an envelope does not know which version it is. */
    private static final String UNVERIFIED = "version 0:";

    private record Host(int place, long version, String refused) {}

    /** So many hosts are picked by a share. */
    public record Stage(int share, int hosts) {}

    /** Of each of these, by id; the hosts are read once. In a transaction of the tenant. */
    static Map<UUID, PolicyReach> of(Connection connection, TenantId tenant, List<AgentPolicy> policies)
            throws SQLException {
        var hosts = hosts(connection, tenant);
        Map<UUID, PolicyReach> all = new HashMap<>();
        for (var policy : policies) {
            all.put(policy.id(), of(policy, hosts.getOrDefault(policy.group(), List.of())));
        }
        return all;
    }

    private static PolicyReach of(AgentPolicy policy, List<Host> group) {
        var refusal = "version " + policy.version() + ":";
        int inForce = 0;
        int refused = 0;
        for (var host : group) {
            boolean unverified = host.refused.startsWith(UNVERIFIED) && host.version < policy.version();
            inForce += host.version == policy.version() ? 1 : 0;
            refused += unverified || host.refused.startsWith(refusal) ? 1 : 0;
        }
        var stages = new ArrayList<Stage>();
        for (int share : SHARES) {
            stages.add(new Stage(share, chosen(group, share)));
        }
        int chosen = chosen(group, policy.share());
        return new PolicyReach(group.size(), chosen, inForce, refused, List.copyOf(stages));
    }

    private static int chosen(List<Host> group, int share) {
        int chosen = 0;
        for (var host : group) {
            chosen += host.place < share ? 1 : 0;
        }
        return chosen;
    }

    private static Map<String, List<Host>> hosts(Connection connection, TenantId tenant) throws SQLException {
        Map<String, List<Host>> hosts = new HashMap<>();
        try (var select = connection.prepareStatement("SELECT endpoint_id, endpoint_group, policy_version,"
                + " policy_refused FROM endpoints WHERE tenant_id = ? AND kind = 'agent' AND revoked_at IS NULL")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var group = rows.getString("endpoint_group");
                    int place = PolicyShare.place(group, rows.getObject("endpoint_id", UUID.class));
                    hosts.computeIfAbsent(group, _ -> new ArrayList<>())
                            .add(new Host(place, rows.getLong("policy_version"), rows.getString("policy_refused")));
                }
            }
        }
        return hosts;
    }
}
