package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Rows of the table as alerts. */
final class AlertRows {
    static final String COLUMNS = "alert_id, title, rule_id, severity, status, verdict, assignee, time, first_time,"
            + " created_at, updated_at, entities, attack, event_count + folded_events AS events, firings, log_source,"
            + " synthetic, version, tags, snoozed_until, escalated";

    private AlertRows() {}

    static Alert read(ResultSet row) throws SQLException {
        var verdict = row.getString("verdict");
        var snoozed = row.getTimestamp("snoozed_until");
        return new Alert(
                id(row.getObject("alert_id", UUID.class)),
                row.getString("title"),
                row.getString("rule_id"),
                Severity.ofRank(row.getInt("severity")),
                AlertStatus.ofWord(row.getString("status")),
                verdict == null ? null : Verdict.ofWord(verdict),
                row.getString("assignee"),
                row.getTimestamp("time").toInstant(),
                row.getTimestamp("first_time").toInstant(),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                AlertJson.entities(row.getString("entities")),
                strings(row.getArray("attack")),
                row.getLong("events"),
                row.getLong("firings"),
                row.getString("log_source"),
                row.getBoolean("synthetic"),
                row.getInt("version"),
                strings(row.getArray("tags")),
                snoozed == null ? null : snoozed.toInstant(),
                row.getBoolean("escalated"));
    }

    static EventId id(UUID uuid) {
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    static List<String> strings(Array array) throws SQLException {
        return array.getArray() instanceof String[] texts ? List.of(texts) : List.of();
    }
}
