package io.marsad.respond.durable;

import io.marsad.respond.action.ActionPolicy.Consent;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People agree to actions or do not, and say what came of what only they can know. Who asked does not agree; who agrees,
 * agrees to the parameters that they saw. The permission is checked at the door. Thread-safe.
 */
public final class Approvals {
    private Approvals() {}

    /**
     * What somebody says.
     *
     * @param person as the audit names them
     * @param hash of the parameters that they were shown
     */
    public record Word(
            UUID action,
            String person,
            boolean agrees,
            String hash,
            @Nullable String comment) {}

    /** What came of it. */
    public enum Said {
        /** It is done now. */
        AGREED,
        /** One more has to agree. */
        ONE_MORE,
        /** It is not done. */
        REFUSED,
        /** There is none such that waits for somebody. */
        NOT_WAITING,
        /** Nobody can agree to it any more. */
        TOO_LATE,
        /** Its parameters are not those that were shown. */
        OTHER_PARAMETERS,
        /** Who asked for it cannot agree to it. */
        OWN_REQUEST,
        /** They have said so before. */
        TWICE
    }

    public static Said say(Turn turn, Word word) throws SQLException {
        var rows = ActionRows.lock(turn, List.of(word.action()));
        if (rows.isEmpty()
                || rows.getFirst().status() != ActionStatus.AWAITING_APPROVAL
                || rows.getFirst().action().equals(ActionRows.TASK)) {
            return Said.NOT_WAITING;
        }
        var row = rows.getFirst();
        var expires = row.expiresAt();
        if (expires != null && !turn.now().isBefore(expires)) {
            return Said.TOO_LATE;
        }
        if (!row.hash().equals(word.hash())) {
            return Said.OTHER_PARAMETERS;
        }
        if (word.agrees() && word.person().equals(requester(turn, row))) {
            return Said.OWN_REQUEST;
        }
        if (!insert(turn, word)) {
            return Said.TWICE;
        }
        var effects = new Effects(turn);
        var said = said(turn, row, word, effects);
        effects.write();
        return said;
    }

    private static Said said(Turn turn, ActionRows.Row row, Word word, Effects effects) throws SQLException {
        effects.audit(
                word.person(),
                word.agrees() ? "action.approve" : "action.refuse",
                "action:" + word.action(),
                "parameters_hash",
                word.hash(),
                "comment",
                word.comment());
        effects.actionChanged(word.action());
        if (!word.agrees()) {
            var reason = "refused by " + word.person();
            ActionRows.settle(turn, List.of(Outcomes.ended(effects, row, ActionStatus.REFUSED, reason, null)));
            return Said.REFUSED;
        }
        int needed = row.consent() == Consent.TWO_PEOPLE ? 2 : 1;
        if (agreed(turn, word.action()) < needed) {
            return Said.ONE_MORE;
        }
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET status = 'requested' WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, turn.tenant().value());
            update.setObject(2, word.action());
            update.executeUpdate();
        }
        effects.due(ActionRequests.QUEUE, turn.now(), word.action());
        return Said.AGREED;
    }

    /**
     * What came of a task, or of what nobody else can know.
     *
     * @param outputs null: it was not done
     * @return false when nobody waits for it
     */
    public static boolean answer(
            Turn turn, UUID action, String person, @Nullable Map<String, @Nullable String> outputs, String comment)
            throws SQLException {
        var rows = ActionRows.lock(turn, List.of(action));
        boolean waits = !rows.isEmpty()
                && (rows.getFirst().status() == ActionStatus.UNKNOWN
                        || rows.getFirst().status() == ActionStatus.AWAITING_APPROVAL
                                && rows.getFirst().action().equals(ActionRows.TASK));
        if (waits) {
            var status = outputs == null ? ActionStatus.FAILED : ActionStatus.COMPLETED;
            var effects = new Effects(turn);
            var ended = Outcomes.ended(effects, rows.getFirst(), status, person + ": " + comment, outputs);
            ActionRows.settle(turn, List.of(ended));
            effects.write();
        }
        return waits;
    }

    /** Behind a run stands whoever began it. */
    private static String requester(Turn turn, ActionRows.Row row) throws SQLException {
        var of = row.of();
        if (of == null) {
            return row.requestedBy();
        }
        try (var select = turn.connection()
                .prepareStatement("WITH RECURSIVE up AS ("
                        + "SELECT started_by, parent_run FROM playbook_runs WHERE tenant_id = ? AND run_id = ?"
                        + " UNION ALL SELECT r.started_by, r.parent_run FROM playbook_runs r JOIN up"
                        + " ON r.tenant_id = ? AND r.run_id = up.parent_run)"
                        + " SELECT started_by FROM up WHERE parent_run IS NULL")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, of.run());
            select.setString(3, turn.tenant().value());
            try (var found = select.executeQuery()) {
                return found.next() ? found.getString(1) : row.requestedBy();
            }
        }
    }

    private static boolean insert(Turn turn, Word word) throws SQLException {
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO action_approvals (tenant_id, action_id, person, agrees,"
                        + " parameters_hash, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, word.action());
            insert.setString(3, word.person());
            insert.setBoolean(4, word.agrees());
            insert.setString(5, word.hash());
            insert.setString(6, word.comment());
            insert.setTimestamp(7, Timestamp.from(turn.now()));
            return insert.executeUpdate() == 1;
        }
    }

    private static int agreed(Turn turn, UUID action) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT count(*) FROM action_approvals WHERE tenant_id = ? AND action_id = ? AND agrees")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
