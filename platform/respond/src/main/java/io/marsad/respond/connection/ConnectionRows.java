package io.marsad.respond.connection;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.connection.TenantConnection.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Connections in the tenant's transaction. */
final class ConnectionRows {
    private static final int LONGEST_PROBLEM = 1_000;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String COLUMNS =
            "connection_id, connector, name, config, enabled, state, problem, tested_at, updated_at, failing_since";

    private ConnectionRows() {}

    /** By name. @param secrets names of what the vault has, by connection */
    static List<TenantConnection> list(Connection connection, TenantId tenant, Map<UUID, Set<String>> secrets)
            throws SQLException {
        var all = new ArrayList<TenantConnection>();
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM connections WHERE tenant_id = ? ORDER BY lower(name), connection_id")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows, secrets));
                }
            }
        }
        return all;
    }

    private static TenantConnection read(ResultSet row, Map<UUID, Set<String>> secrets) throws SQLException {
        var id = row.getObject(1, UUID.class);
        var tested = row.getTimestamp(8);
        var failing = row.getTimestamp(10);
        return new TenantConnection(
                new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                new TenantConnection.Content(
                        row.getString(2),
                        row.getString(3),
                        (ObjectNode) MAPPER.readTree(row.getString(4)),
                        row.getBoolean(5)),
                secrets.getOrDefault(id, Set.of()),
                State.of(row.getString(6)),
                row.getString(7),
                failing == null ? null : failing.toInstant(),
                tested == null ? null : tested.toInstant(),
                row.getTimestamp(9).toInstant());
    }

    /** @param same whether what it is asked with stays: else what was known of whether it works is not, any more */
    static void put(
            Connection connection,
            TenantId tenant,
            EventId id,
            TenantConnection.Content content,
            boolean same,
            Instant now)
            throws SQLException {
        var unknown = same ? "" : " state = 'untested', problem = NULL, failing_since = NULL, tested_at = NULL,";
        try (var put = connection.prepareStatement("INSERT INTO connections (tenant_id, connection_id, connector, name,"
                + " config, enabled, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?::jsonb, ?, 'untested', ?, ?)"
                + " ON CONFLICT (tenant_id, connection_id) DO UPDATE SET name = excluded.name, config = excluded.config,"
                + " enabled = excluded.enabled," + unknown + " updated_at = excluded.updated_at")) {
            put.setString(1, tenant.value());
            put.setObject(2, id.uuid());
            put.setString(3, content.connector());
            put.setString(4, content.name());
            put.setString(5, content.config().toString());
            put.setBoolean(6, content.enabled());
            put.setTimestamp(7, Timestamp.from(now));
            put.setTimestamp(8, Timestamp.from(now));
            put.executeUpdate();
        }
    }

    static void delete(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM connections WHERE tenant_id = ? AND connection_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, id.uuid());
            delete.executeUpdate();
        }
    }

    /** @param changed as it was when it was tested: what was changed meanwhile has not been tested */
    static void tested(
            Connection connection, TenantId tenant, TenantConnection changed, @Nullable String problem, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE connections SET state = ?, problem = ?,"
                + " failing_since = CASE WHEN ?::text IS NULL THEN NULL ELSE coalesce(failing_since, ?) END, tested_at = ?"
                + " WHERE tenant_id = ? AND connection_id = ? AND updated_at = ?")) {
            update.setString(1, (problem == null ? State.OK : State.FAILING).word());
            update.setString(2, problem == null ? null : shown(problem));
            update.setString(3, problem == null ? null : "fails");
            update.setTimestamp(4, Timestamp.from(now));
            update.setTimestamp(5, Timestamp.from(now));
            update.setString(6, tenant.value());
            update.setObject(7, changed.id().uuid());
            update.setTimestamp(8, Timestamp.from(changed.updatedAt()));
            update.executeUpdate();
        }
    }

    private static String shown(String problem) {
        var text = problem.replace('\u0000', '\uFFFD'); // PostgreSQL keeps none
        return text.substring(0, Math.min(LONGEST_PROBLEM, text.length()));
    }
}
