package io.marsad.respond.durable;

import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.sign.Mandates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Actions in the tables of the transaction's tenant. */
final class ActionRows {
    /** What stands for an action of the catalogue when a person is to do something by hand. */
    static final String TASK = "task";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String COLUMNS =
            "action_id, run_id, visit, attempt, step, action, parameters, parameters_hash,"
                    + " target, radius, consent, reasons, status, requested_by, requested_at, expires_at, tries,"
                    + " about, reverses";
    private static final String INSERT = "INSERT INTO actions (tenant_id, " + COLUMNS
            + ", dispatched_at, envelope, envelope_key, envelope_hash, reason, outcome, ended_at) SELECT ?, action_id, run_id,"
            + " visit, attempt, step, action, parameters::jsonb, parameters_hash, target, radius, consent, reasons, status,"
            + " requested_by, requested_at, expires_at, tries, about, reverses, dispatched_at, envelope, envelope_key,"
            + " envelope_hash, reason, outcome::jsonb, ended_at FROM json_to_recordset(?::json) AS r"
            + " (action_id uuid, run_id uuid, visit integer, attempt integer, step text, action text, parameters text,"
            + " parameters_hash text, target text, radius text, consent text, reasons text[], status text,"
            + " requested_by text, requested_at timestamptz, expires_at timestamptz, tries integer, about text,"
            + " reverses uuid, dispatched_at timestamptz, envelope text, envelope_key text, envelope_hash text,"
            + " reason text, outcome text, ended_at timestamptz) ON CONFLICT DO NOTHING RETURNING action_id";

    private ActionRows() {}

    /**
     * @param of the run that asked; null: a person did
     * @param parameters canonical JSON
     * @param tries so often it was begun
     * @param about what a person asked for it about, as {@code alert:UUID} or {@code case:UUID}; null: nothing, or a run asks
     * @param reverses the action that it takes back; null: none
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
            int tries,
            @Nullable String about,
            @Nullable UUID reverses) {
        Map<String, JsonNode> parameterMap() {
            Map<String, JsonNode> map = new LinkedHashMap<>();
            MAPPER.readTree(parameters).forEachEntry(map::put);
            return map;
        }
    }

    /** The step of a run that it is for. */
    record Of(UUID run, int visit, int attempt, String step) {}

    /**
     * One statement for all: a batch would not say which were there already.
     *
     * @param ended what was done at once, by the ids of the actions
     * @return those that there were none with the ids of
     */
    static List<Row> insert(Turn turn, List<Row> rows, Map<UUID, Ended> ended) throws SQLException {
        var all = JsonNodeFactory.instance.arrayNode();
        for (var row : rows) {
            var node = json(row);
            var end = ended.get(row.id());
            if (end != null) {
                put(node, end, turn.now().toString());
            }
            all.add(node);
        }
        try (var insert = turn.connection().prepareStatement(INSERT)) {
            insert.setString(1, turn.tenant().value());
            insert.setString(2, all.toString());
            var ids = new HashSet<UUID>();
            try (var inserted = insert.executeQuery()) {
                while (inserted.next()) {
                    ids.add(inserted.getObject(1, UUID.class));
                }
            }
            return rows.stream().filter(row -> ids.contains(row.id())).toList();
        }
    }

    private static ObjectNode json(Row row) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("action_id", row.id().toString());
        var of = row.of();
        if (of != null) {
            node.put("run_id", of.run().toString());
            node.put("visit", of.visit());
            node.put("attempt", of.attempt());
            node.put("step", of.step());
        }
        node.put("action", row.action());
        node.put("parameters", row.parameters());
        node.put("parameters_hash", row.hash());
        node.put("target", row.target());
        node.put("radius", row.radius());
        node.put("consent", row.consent().name().toLowerCase(Locale.ROOT));
        var reasons = node.putArray("reasons");
        row.reasons().forEach(reasons::add);
        node.put("status", row.status().word());
        node.put("requested_by", row.requestedBy());
        node.put("requested_at", row.requestedAt().toString());
        node.put("expires_at", row.expiresAt() == null ? null : row.expiresAt().toString());
        node.put("tries", row.tries());
        node.put("about", row.about());
        node.put("reverses", row.reverses() == null ? null : row.reverses().toString());
        return node;
    }

    /** What was begun and has ended in the transaction that asked for it. */
    record Ended(Mandates.@Nullable Signed signed, Settled settled) {}

    private static void put(ObjectNode node, Ended end, String now) {
        var signed = end.signed();
        if (signed != null) {
            node.put("envelope", signed.envelope());
            node.put("envelope_key", signed.key());
            node.put("envelope_hash", signed.hash());
        }
        node.put("status", end.settled().status().word());
        node.put("tries", 1);
        node.put("dispatched_at", now);
        node.put("reason", end.settled().reason());
        node.put("outcome", end.settled().outcome());
        node.put("ended_at", now);
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
                rows.getInt(17),
                rows.getString(18),
                rows.getObject(19, UUID.class));
    }

    /** What is begun now. @param signed null: nobody signs, or it was signed when it was begun first */
    record Dispatch(UUID action, Mandates.@Nullable Signed signed) {}

    static void dispatched(Turn turn, List<Dispatch> all) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET status = 'dispatched', dispatched_at = ?, tries = tries + 1,"
                        + " envelope = coalesce(?, envelope), envelope_key = coalesce(?, envelope_key),"
                        + " envelope_hash = coalesce(?, envelope_hash) WHERE tenant_id = ? AND action_id = ?")) {
            for (var one : all) {
                var signed = one.signed();
                update.setTimestamp(1, Timestamp.from(turn.now()));
                update.setString(2, signed == null ? null : signed.envelope());
                update.setString(3, signed == null ? null : signed.key());
                update.setString(4, signed == null ? null : signed.hash());
                update.setString(5, turn.tenant().value());
                update.setObject(6, one.action());
                update.addBatch();
            }
            update.executeBatch();
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
