package io.marsad.respond.durable;

import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.action.Catalogue;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Takes back what was done: by another action, which goes the way of all of them. When that one is done, and verified where
 * something shows whether it is so, the first is rolled back; when it fails, the first says so. In transactions of the
 * tenant. Thread-safe.
 */
public final class Reversals {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Reversals() {}

    /** @param id of the new action; null: there is none @param problem why; null: there is one */
    public record Asked(@Nullable UUID id, @Nullable String problem) {}

    /**
     * Asks for what takes an action back.
     *
     * @param id of the new action: the same asks once
     */
    public static Asked ask(Turn turn, ActionRequests requests, Catalogue catalogue, Wanted wanted)
            throws SQLException {
        var rows = ActionRows.lock(turn, List.of(wanted.action()));
        if (rows.isEmpty()) {
            return new Asked(null, "there is no such action");
        }
        var row = rows.getFirst();
        var reverse = catalogue
                .find(row.action())
                .map(ActionKind::reverse)
                .flatMap(catalogue::find)
                .orElse(null);
        if (reverse == null) {
            return new Asked(null, "nothing takes " + row.action() + " back");
        }
        if (row.status() != ActionStatus.COMPLETED && row.status() != ActionStatus.UNKNOWN) {
            return new Asked(
                    null,
                    "only what was done can be taken back; this is "
                            + row.status().word());
        }
        if (isOnItsWay(turn, wanted.action())) {
            return new Asked(null, "it is being taken back already");
        }
        var parameters = parameters(turn, row, reverse, wanted.comment());
        var asked = new ActionRequests.Asked(
                wanted.id(), null, reverse.name(), parameters, Consent.AUTOMATIC, wanted.by(), null, wanted.action());
        var refused = requests.ask(turn, asked);
        boolean kept = !ActionRows.lock(turn, List.of(wanted.id())).isEmpty(); // what the policy refuses is kept, too
        return new Asked(kept ? wanted.id() : null, refused);
    }

    /** @param id of the new action @param action that is taken back @param by as the audit names it */
    public record Wanted(UUID id, UUID action, String by, String comment) {}

    /** Those of the same names, out of what the first was told and what it gave. */
    private static Map<String, JsonNode> parameters(Turn turn, ActionRows.Row row, ActionKind reverse, String comment)
            throws SQLException {
        Map<String, JsonNode> all = new LinkedHashMap<>(row.parameterMap());
        try (var select = turn.connection()
                .prepareStatement("SELECT outcome FROM actions WHERE tenant_id = ? AND action_id = ?")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, row.id());
            try (var rows = select.executeQuery()) {
                var outcome = rows.next() ? rows.getString(1) : null;
                if (outcome != null) {
                    MAPPER.readTree(outcome).path("outputs").forEachEntry((name, value) -> {
                        if (!value.isNull()) {
                            all.put(name, value);
                        }
                    });
                }
            }
        }
        if (!comment.isBlank()) {
            all.put("reason", JsonNodeFactory.instance.stringNode(comment));
        }
        all.keySet().retainAll(reverse.parameters().keySet());
        return all;
    }

    private static boolean isOnItsWay(Turn turn, UUID action) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT 1 FROM actions WHERE tenant_id = ? AND reverses = ? AND status IN"
                        + " ('requested', 'awaiting_approval', 'dispatched', 'completed', 'unknown')"
                        + " AND (status <> 'completed' OR verification IS NULL OR verification <> 'not_so')")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** It is done: what it takes back, if it takes something back, is rolled back. */
    static void done(Turn turn, UUID action, @Nullable String note) throws SQLException {
        write(turn, action, "status = 'rolled_back', reason", note);
    }

    /** It was not done: what it was to take back says so. */
    static void failed(Turn turn, UUID action, String reason) throws SQLException {
        write(turn, action, "reason", "taking it back failed: " + reason);
    }

    private static void write(Turn turn, UUID action, String columns, @Nullable String reason) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET " + columns + " = ? WHERE tenant_id = ? AND action_id ="
                        + " (SELECT reverses FROM actions WHERE tenant_id = ? AND action_id = ?)"
                        + " AND status IN ('completed', 'unknown')")) {
            update.setString(1, reason);
            update.setString(2, turn.tenant().value());
            update.setString(3, turn.tenant().value());
            update.setObject(4, action);
            update.executeUpdate();
        }
    }
}
