package io.marsad.respond.durable;

import io.marsad.respond.action.ActionPolicy.Consent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Actions in the tables of the transaction's tenant. */
final class ActionRows {
    /** What stands for an action of the catalogue when a person is to do something by hand. */
    static final String TASK = "task";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String COLUMNS =
            "action_id, run_id, visit, attempt, step, action, parameters, parameters_hash,"
                    + " target, radius, consent, reasons, status, requested_by, requested_at, expires_at, tries";

    private ActionRows() {}

    /**
     * @param of the run that asked; null: a person did
     * @param parameters canonical JSON
     * @param tries so often it was begun
     */
    record Row(
            UUID id,
            @Nullable Of of,
            String action,
            String parameters,
            String hash,
            String target,
            String radius,
            Consent consent,
            List<String> reasons,
            ActionStatus status,
            String requestedBy,
            Instant requestedAt,
            @Nullable Instant expiresAt,
            int tries) {
        Map<String, JsonNode> parameterMap() {
            Map<String, JsonNode> map = new LinkedHashMap<>();
            MAPPER.readTree(parameters).forEachEntry(map::put);
            return map;
        }
    }

    /** The step of a run that it is for. */
    record Of(UUID run, int visit, int attempt, String step) {}

    /** @return those that there were none with the ids of */
    static List<Row> insert(Turn turn, List<Row> rows) throws SQLException {
        try (var insert = turn.connection()
                .prepareStatement(
                        "INSERT INTO actions (tenant_id, " + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            var inserted = new ArrayList<Row>();
            for (var row : rows) {
                bind(turn, row, insert);
                if (insert.executeUpdate() == 1) { // a batch would not say which were there
                    inserted.add(row);
                }
            }
            return inserted;
        }
    }

    private static void bind(Turn turn, Row row, PreparedStatement insert) throws SQLException {
        insert.setString(1, turn.tenant().value());
        insert.setObject(2, row.id());
        var of = row.of();
        insert.setObject(3, of == null ? null : of.run());
        insert.setObject(4, of == null ? null : of.visit(), java.sql.Types.INTEGER);
        insert.setObject(5, of == null ? null : of.attempt(), java.sql.Types.INTEGER);
        insert.setString(6, of == null ? null : of.step());
        insert.setString(7, row.action());
        insert.setString(8, row.parameters());
        insert.setString(9, row.hash());
        insert.setString(10, row.target());
        insert.setString(11, row.radius());
        insert.setString(12, row.consent().name().toLowerCase(Locale.ROOT));
        insert.setArray(
                13, turn.connection().createArrayOf("text", row.reasons().toArray()));
        insert.setString(14, row.status().word());
        insert.setString(15, row.requestedBy());
        insert.setTimestamp(16, Timestamp.from(row.requestedAt()));
        insert.setTimestamp(17, row.expiresAt() == null ? null : Timestamp.from(row.expiresAt()));
        insert.setInt(18, row.tries());
    }

    static List<Row> lock(Turn turn, Collection<UUID> actions) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT " + COLUMNS
                                + " FROM actions WHERE tenant_id = ? AND action_id = ANY (?) ORDER BY action_id FOR NO KEY UPDATE")) {
            select.setString(1, turn.tenant().value());
            select.setArray(2, turn.connection().createArrayOf("uuid", actions.toArray()));
            try (var rows = select.executeQuery()) {
                var all = new ArrayList<Row>();
                while (rows.next()) {
                    all.add(row(rows));
                }
                return all;
            }
        }
    }

    private static Row row(ResultSet rows) throws SQLException {
        var run = rows.getObject(2, UUID.class);
        var expires = rows.getTimestamp(16);
        return new Row(
                rows.getObject(1, UUID.class),
                run == null ? null : new Of(run, rows.getInt(3), rows.getInt(4), rows.getString(5)),
                rows.getString(6),
                rows.getString(7),
                rows.getString(8),
                rows.getString(9),
                rows.getString(10),
                Consent.valueOf(rows.getString(11).toUpperCase(Locale.ROOT)),
                List.of((String[]) rows.getArray(12).getArray()),
                ActionStatus.of(rows.getString(13)),
                rows.getString(14),
                rows.getTimestamp(15).toInstant(),
                expires == null ? null : expires.toInstant(),
                rows.getInt(17));
    }

    /** What a person says of what they have just asked for. */
    static void says(Turn turn, UUID action, @Nullable String about) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET about = ? WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, about);
            update.setString(2, turn.tenant().value());
            update.setObject(3, action);
            update.executeUpdate();
        }
    }

    static void dispatched(Turn turn, Collection<UUID> actions) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET status = 'dispatched', dispatched_at = ?,"
                        + " tries = tries + 1 WHERE tenant_id = ? AND action_id = ANY (?)")) {
            update.setTimestamp(1, Timestamp.from(turn.now()));
            update.setString(2, turn.tenant().value());
            update.setArray(3, turn.connection().createArrayOf("uuid", actions.toArray()));
            update.executeUpdate();
        }
    }

    /** How an action ended. @param outcome a JSON object, or null */
    record Settled(
            UUID action,
            ActionStatus status,
            @Nullable String reason,
            @Nullable String outcome) {}

    static void settle(Turn turn, List<Settled> all) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET status = ?, reason = ?, outcome = ?::jsonb,"
                        + " ended_at = ? WHERE tenant_id = ? AND action_id = ?")) {
            for (var one : all) {
                update.setString(1, one.status().word());
                update.setString(2, one.reason());
                update.setString(3, one.outcome());
                update.setTimestamp(4, one.status() == ActionStatus.UNKNOWN ? null : Timestamp.from(turn.now()));
                update.setString(5, turn.tenant().value());
                update.setObject(6, one.action());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** What has not been begun is not to be done any more. */
    static void withdraw(Turn turn, UUID action, String reason) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET status = 'withdrawn', reason = ?, ended_at = ?"
                        + " WHERE tenant_id = ? AND action_id = ? AND status IN ('requested', 'awaiting_approval')")) {
            update.setString(1, reason);
            update.setTimestamp(2, Timestamp.from(turn.now()));
            update.setString(3, turn.tenant().value());
            update.setObject(4, action);
            update.executeUpdate();
        }
    }
}
