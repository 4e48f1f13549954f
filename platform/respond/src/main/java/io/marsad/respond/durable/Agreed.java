package io.marsad.respond.durable;

import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.sign.Mandates;
import io.marsad.wire.CanonicalJson;
import io.marsad.wire.SignedAction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whether what is about to be done is what was asked for and agreed to; signs it when it is. */
final class Agreed {
    private Agreed() {}

    /** What came of it: what is signed, or why it is not to be done. */
    record Word(Mandates.@Nullable Signed signed, @Nullable String fault) {
        private static Word not(String fault) {
            return new Word(null, fault);
        }
    }

    static Word sign(Turn turn, ActionRows.Row row, Mandates.Pen pen) throws SQLException {
        var node = JsonNodeFactory.instance.objectNode();
        row.parameterMap().forEach(node::set);
        var canonical = CanonicalJson.write(node);
        if (!SignedAction.hash(canonical).equals(row.hash())) {
            return Word.not("its parameters are not those that it was asked for with: somebody changed them");
        }
        var agreed = agreed(turn, row);
        int needed = switch (row.consent()) {
            case AUTOMATIC -> 0;
            case ONE_PERSON -> 1;
            case TWO_PEOPLE -> 2;
            case NEVER -> Integer.MAX_VALUE;
        };
        if (agreed.size() < needed) {
            return Word.not("not enough people agreed to what it is now");
        }
        return new Word(pen.sign(mandate(row, canonical, agreed)), null);
    }

    /** Of what nobody has to agree to. */
    static Mandates.Mandate mandate(ActionRows.Row row, String canonical) {
        return mandate(row, canonical, List.of());
    }

    private static Mandates.Mandate mandate(ActionRows.Row row, String canonical, List<String> agreed) {
        return new Mandates.Mandate(row.id(), row.action(), canonical, row.requestedBy(), agreed);
    }

    private static List<String> agreed(Turn turn, ActionRows.Row row) throws SQLException {
        if (row.consent() == Consent.AUTOMATIC) {
            return List.of();
        }
        var people = new ArrayList<String>();
        try (var select = turn.connection()
                .prepareStatement("SELECT person FROM action_approvals WHERE tenant_id = ? AND action_id = ?"
                        + " AND agrees AND parameters_hash = ? ORDER BY at, person")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, row.id());
            select.setString(3, row.hash());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    people.add(rows.getString(1));
                }
            }
        }
        return people;
    }

    /** As it was signed; null: it was not. */
    static @Nullable String envelope(Turn turn, UUID action) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT envelope FROM actions WHERE tenant_id = ? AND action_id = ?")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
