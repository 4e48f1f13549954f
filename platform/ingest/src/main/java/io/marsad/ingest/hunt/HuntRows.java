package io.marsad.ingest.hunt;

import io.marsad.kernel.event.EventId;
import io.marsad.sigma.Level;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Hunts as rows of the tenant that the connection is bound to. */
final class HuntRows {
    private static final String COLUMNS = "hunt_id, title, rule_text, rule_ids, from_time, to_time, raise, state,"
            + " created_by, created_at, ended_at, scanned_events, hits, note";

    private HuntRows() {}

    static void insert(Connection connection, String tenant, Hunt hunt) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO hunts (tenant_id, " + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0, NULL)")) {
            insert.setString(1, tenant);
            insert.setObject(2, hunt.id().uuid());
            insert.setString(3, hunt.title());
            insert.setString(4, hunt.asked().ruleText());
            insert.setArray(
                    5, connection.createArrayOf("text", hunt.asked().ruleIds().toArray()));
            insert.setTimestamp(6, Timestamp.from(hunt.asked().from()));
            insert.setTimestamp(7, Timestamp.from(hunt.asked().to()));
            insert.setBoolean(8, hunt.asked().raise());
            insert.setString(9, hunt.state().word());
            insert.setString(10, hunt.createdBy());
            insert.setTimestamp(11, Timestamp.from(hunt.createdAt()));
            insert.executeUpdate();
        }
    }

    static void state(Connection connection, EventId id, Hunt.State state) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE hunts SET state = ? WHERE hunt_id = ?")) {
            update.setString(1, state.word());
            update.setObject(2, id.uuid());
            update.executeUpdate();
        }
    }

    /** Hunts that a run before left unfinished; returns how many. */
    static int interrupt(Connection connection, Instant now) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE hunts SET state = 'interrupted', ended_at = ?,"
                + " note = 'The platform stopped while this ran; start it again.'"
                + " WHERE state IN ('waiting', 'running')")) {
            update.setTimestamp(1, Timestamp.from(now));
            return update.executeUpdate();
        }
    }

    /** How a hunt ended. */
    record Ending(
            Hunt.State state,
            Instant at,
            @Nullable HuntOutcome outcome,
            @Nullable String note) {}

    static void end(Connection connection, String tenant, EventId id, Ending ending) throws SQLException {
        var outcome = ending.outcome();
        try (var update = connection.prepareStatement("UPDATE hunts SET state = ?, ended_at = ?, scanned_events = ?,"
                + " hits = ?, note = ? WHERE hunt_id = ?")) {
            update.setString(1, ending.state().word());
            update.setTimestamp(2, Timestamp.from(ending.at()));
            update.setLong(3, outcome == null ? 0 : outcome.scannedEvents());
            update.setLong(4, outcome == null ? 0 : outcome.hits());
            update.setString(5, ending.note());
            update.setObject(6, id.uuid());
            update.executeUpdate();
        }
        if (outcome != null) {
            hits(connection, tenant, id, outcome.rules());
        }
    }

    private static void hits(Connection connection, String tenant, EventId id, List<RuleHits> rules)
            throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO hunt_hits (tenant_id, hunt_id, rule_id, title, level,"
                        + " hits, days, day_hits, newest_ids, newest_times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (RuleHits rule : rules) {
                insert.setString(1, tenant);
                insert.setObject(2, id.uuid());
                insert.setString(3, rule.id());
                insert.setString(4, rule.title());
                insert.setString(5, rule.level().text());
                insert.setLong(6, rule.hits());
                insert.setArray(
                        7,
                        connection.createArrayOf(
                                "date",
                                rule.days().keySet().stream().map(Date::valueOf).toArray()));
                insert.setArray(
                        8,
                        connection.createArrayOf("bigint", rule.days().values().toArray()));
                insert.setArray(
                        9,
                        connection.createArrayOf(
                                "uuid",
                                rule.newest().stream()
                                        .map(hit -> hit.event().uuid())
                                        .toArray()));
                insert.setArray(
                        10,
                        connection.createArrayOf(
                                "timestamptz",
                                rule.newest().stream()
                                        .map(hit -> Timestamp.from(hit.time()))
                                        .toArray()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The newest first, without what each rule found. */
    static List<Hunt> list(Connection connection, int limit) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM hunts ORDER BY created_at DESC, hunt_id DESC LIMIT ?")) {
            select.setInt(1, limit);
            var hunts = new ArrayList<Hunt>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    hunts.add(read(rows, List.of()));
                }
            }
            return hunts;
        }
    }

    static @Nullable Hunt find(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM hunts WHERE hunt_id = ?")) {
            select.setObject(1, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows, hits(connection, id)) : null;
            }
        }
    }

    /** Forgets all but the newest. */
    static void prune(Connection connection, int kept) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM hunts WHERE ended_at IS NOT NULL AND hunt_id IN"
                + " (SELECT hunt_id FROM hunts ORDER BY created_at DESC, hunt_id DESC OFFSET ?)")) {
            delete.setInt(1, kept);
            delete.executeUpdate();
        }
    }

    private static List<RuleHits> hits(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT rule_id, title, level, hits, days, day_hits, newest_ids,"
                + " newest_times FROM hunt_hits WHERE hunt_id = ? ORDER BY hits DESC, title, rule_id")) {
            select.setObject(1, id.uuid());
            var rules = new ArrayList<RuleHits>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var days = new TreeMap<LocalDate, Long>();
                    var dates = (Date[]) rows.getArray(5).getArray();
                    var counts = (Long[]) rows.getArray(6).getArray();
                    for (int i = 0; i < dates.length; i++) {
                        days.put(dates[i].toLocalDate(), counts[i]);
                    }
                    var newest = new ArrayList<RuleHits.Hit>();
                    var ids = (UUID[]) rows.getArray(7).getArray();
                    var times = (Timestamp[]) rows.getArray(8).getArray();
                    for (int i = 0; i < ids.length; i++) {
                        newest.add(new RuleHits.Hit(EventId.parse(ids[i].toString()), times[i].toInstant()));
                    }
                    rules.add(new RuleHits(
                            rows.getString(1),
                            rows.getString(2),
                            level(rows.getString(3)),
                            rows.getLong(4),
                            days,
                            newest));
                }
            }
            return rules;
        }
    }

    private static Level level(String text) {
        return Arrays.stream(Level.values())
                .filter(level -> level.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static Hunt read(ResultSet rows, List<RuleHits> hits) throws SQLException {
        var state = Hunt.State.ofWord(rows.getString(8));
        var ended = rows.getTimestamp(11);
        return new Hunt(
                EventId.parse(rows.getString(1)),
                rows.getString(2),
                new Hunt.Asked(
                        rows.getString(3),
                        texts(rows.getArray(4)),
                        rows.getTimestamp(5).toInstant(),
                        rows.getTimestamp(6).toInstant(),
                        rows.getBoolean(7)),
                state,
                rows.getString(9),
                rows.getTimestamp(10).toInstant(),
                ended == null ? null : ended.toInstant(),
                state == Hunt.State.DONE ? 1 : 0,
                rows.getLong(12),
                rows.getLong(13),
                hits,
                rows.getString(14));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
