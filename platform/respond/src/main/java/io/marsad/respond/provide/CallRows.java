package io.marsad.respond.provide;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who carries actions out, in the tenant's transaction. */
final class CallRows {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CallRows() {}

    /**
     * A call that was begun.
     *
     * @param connection null: the platform itself
     * @param parameters of the operation
     * @param outputs of the operation; null: it is not known to be done
     */
    record Call(
            @Nullable EventId connection,
            String operation,
            ObjectNode parameters,
            @Nullable ObjectNode outputs) {}

    /** Who comes second waits until the transaction of the first has ended, and sees what it did. */
    static void lock(Connection sql, UUID action) throws SQLException {
        try (var lock = sql.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
            lock.setLong(1, action.getMostSignificantBits() ^ action.getLeastSignificantBits());
            lock.executeQuery().close();
        }
    }

    /** In the place of one that was begun before and is not known to be done. */
    static void begin(Connection sql, TenantId tenant, UUID action, Call call, String carriedBy, Instant now)
            throws SQLException {
        try (var insert =
                sql.prepareStatement("INSERT INTO action_calls (tenant_id, action_id, connection_id, operation,"
                        + " parameters, outputs, at) VALUES (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)"
                        + " ON CONFLICT (tenant_id, action_id) DO UPDATE SET connection_id = excluded.connection_id,"
                        + " operation = excluded.operation, parameters = excluded.parameters, at = excluded.at"
                        + " WHERE action_calls.outputs IS NULL")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, action);
            var connection = call.connection();
            insert.setObject(3, connection == null ? null : connection.uuid());
            insert.setString(4, call.operation());
            insert.setString(5, call.parameters().toString());
            var outputs = call.outputs();
            insert.setString(6, outputs == null ? null : outputs.toString());
            insert.setTimestamp(7, Timestamp.from(now));
            insert.executeUpdate();
        }
        try (var update =
                sql.prepareStatement("UPDATE actions SET carried_by = ? WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, carriedBy);
            update.setString(2, tenant.value());
            update.setObject(3, action);
            update.executeUpdate();
        }
    }

    /** @return null when none was begun */
    static @Nullable Call find(Connection sql, TenantId tenant, UUID action) throws SQLException {
        return read(sql, tenant, action, "action_id = ?");
    }

    /** Of the action that this one takes back. @return null when it takes none back, or that was done by nobody */
    static @Nullable Call reversed(Connection sql, TenantId tenant, UUID action) throws SQLException {
        return read(
                sql,
                tenant,
                action,
                "action_id = (SELECT reverses FROM actions a WHERE a.tenant_id = action_calls.tenant_id"
                        + " AND a.action_id = ?)");
    }

    private static @Nullable Call read(Connection sql, TenantId tenant, UUID action, String which) throws SQLException {
        try (var select = sql.prepareStatement("SELECT connection_id, operation, parameters, outputs FROM action_calls"
                + " WHERE tenant_id = ? AND " + which)) {
            select.setString(1, tenant.value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var connection = rows.getObject(1, UUID.class);
                var outputs = rows.getString(4);
                return new Call(
                        connection == null
                                ? null
                                : new EventId(
                                        connection.getMostSignificantBits(), connection.getLeastSignificantBits()),
                        rows.getString(2),
                        (ObjectNode) MAPPER.readTree(rows.getString(3)),
                        outputs == null ? null : (ObjectNode) MAPPER.readTree(outputs));
            }
        }
    }

    static void done(Connection sql, TenantId tenant, UUID action, ObjectNode outputs) throws SQLException {
        try (var update = sql.prepareStatement(
                "UPDATE action_calls SET outputs = ?::jsonb WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, outputs.toString());
            update.setString(2, tenant.value());
            update.setObject(3, action);
            update.executeUpdate();
        }
    }
}
