package io.marsad.fleet.control;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Agents as people and playbooks name them. Thread-safe. */
public final class NamedAgents {
    private static final int MOST = 10;

    private NamedAgents() {}

    /** @param seen when it was heard last */
    public record Named(UUID id, String hostname, Instant seen) {}

    /**
     * Those that are let in and have this id or name, case aside; of two names one may leave its domain out. The one that was
     * heard last first, at most ten. In a transaction of the tenant.
     */
    public static List<Named> find(Connection connection, TenantId tenant, String name) throws SQLException {
        var found = new ArrayList<Named>();
        try (var select = connection.prepareStatement("SELECT endpoint_id, hostname, last_seen_at FROM endpoints"
                + " WHERE tenant_id = ? AND kind = 'agent' AND revoked_at IS NULL AND (endpoint_id::text = lower(?)"
                + " OR lower(hostname) = lower(?) OR (position('.' in ?) = 0 OR position('.' in hostname) = 0)"
                + " AND lower(split_part(hostname, '.', 1)) = lower(split_part(?, '.', 1)))"
                + " ORDER BY last_seen_at DESC LIMIT ?")) {
            select.setString(1, tenant.value());
            for (int i = 2; i < 6; i++) {
                select.setString(i, name);
            }
            select.setInt(6, MOST);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Named(
                            rows.getObject(1, UUID.class),
                            rows.getString(2),
                            rows.getTimestamp(3).toInstant()));
                }
            }
        }
        return found;
    }

    /** Whether there is one. In a transaction of the tenant. */
    public static boolean any(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM endpoints WHERE tenant_id = ?"
                + " AND kind = 'agent' AND revoked_at IS NULL)")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
