package io.marsad.soc.search;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What each person asked lately: the newest {@value #KEPT} different questions, for that person only. Thread-safe.
 */
public final class SearchHistory {
    /** So many questions of a person are remembered. */
    public static final int KEPT = 200;

    private static final String COLUMNS =
            "query, rule_id, from_time, to_time, at, runs, took_ms, found, scanned_events, scanned_bytes, outcome";
    private static final String REMEMBER = "INSERT INTO search_history (tenant_id, owner, entry_id, " + COLUMNS + ")"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (tenant_id, owner, entry_id) DO UPDATE SET from_time = excluded.from_time,"
            + " to_time = excluded.to_time, at = excluded.at, runs = search_history.runs + 1,"
            + " took_ms = excluded.took_ms, found = excluded.found, scanned_events = excluded.scanned_events,"
            + " scanned_bytes = excluded.scanned_bytes, outcome = excluded.outcome";

    private final Database database;
    private final InstantSource clock;

    public SearchHistory(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How a question ended. */
    public enum Outcome {
        DONE,
        /** The time limit came first. */
        PARTIAL,
        /** Who asked did not wait for the end. */
        CANCELLED,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was asked.
     *
     * @param query as it was written
     * @param ruleId the rule that it was asked of, or null
     * @param from the range that was searched
     */
    public record Asked(String query, @Nullable String ruleId, Instant from, Instant to) {}

    /**
     * What came of it.
     *
     * @param rows of the answer
     */
    public record Cost(double tookMillis, long rows, long scannedEvents, long scannedBytes, Outcome outcome) {}

    /**
     * One question.
     *
     * @param at when it was asked last
     * @param runs how often it was asked
     * @param cost of the last time
     */
    public record Entry(EventId id, Asked asked, Instant at, long runs, Cost cost) {}

    /** Remembers a question of the caller. Asked before, it moves to the front. */
    public void remember(Asked asked, Cost cost) {
        var caller = CallerScope.current();
        var rule = asked.ruleId() == null ? "" : asked.ruleId();
        var id = EventId.derived("search", caller.tenant().value(), caller.subject(), rule, asked.query());
        var now = clock.instant();
        database.inCallerTenant(connection -> {
            try (var insert = connection.prepareStatement(REMEMBER)) {
                insert.setString(1, caller.tenant().value());
                insert.setString(2, caller.subject());
                insert.setObject(3, id.uuid());
                insert.setString(4, asked.query());
                insert.setString(5, asked.ruleId());
                insert.setTimestamp(6, Timestamp.from(asked.from()));
                insert.setTimestamp(7, Timestamp.from(asked.to()));
                insert.setTimestamp(8, Timestamp.from(now));
                insert.setDouble(9, cost.tookMillis());
                insert.setLong(10, cost.rows());
                insert.setLong(11, cost.scannedEvents());
                insert.setLong(12, cost.scannedBytes());
                insert.setString(13, cost.outcome().word());
                insert.executeUpdate();
            }
            forgetOldest(connection, caller.subject());
            return true;
        });
    }

    private static void forgetOldest(Connection connection, String owner) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM search_history WHERE owner = ? AND entry_id IN"
                + " (SELECT entry_id FROM search_history WHERE owner = ? ORDER BY at DESC, entry_id OFFSET ?)")) {
            delete.setString(1, owner);
            delete.setString(2, owner);
            delete.setInt(3, KEPT);
            delete.executeUpdate();
        }
    }

    /** The caller's questions, the newest first. */
    public List<Entry> list(int limit) {
        var owner = CallerScope.current().subject();
        return database.inCallerTenant(connection -> {
            try (var select = connection.prepareStatement("SELECT entry_id, " + COLUMNS
                    + " FROM search_history WHERE owner = ? ORDER BY at DESC, entry_id LIMIT ?")) {
                select.setString(1, owner);
                select.setInt(2, limit);
                var entries = new ArrayList<Entry>();
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        var asked = new Asked(
                                rows.getString(2),
                                rows.getString(3),
                                rows.getTimestamp(4).toInstant(),
                                rows.getTimestamp(5).toInstant());
                        var cost = new Cost(
                                rows.getDouble(8),
                                rows.getLong(9),
                                rows.getLong(10),
                                rows.getLong(11),
                                Outcome.valueOf(rows.getString(12).toUpperCase(Locale.ROOT)));
                        entries.add(new Entry(
                                EventId.parse(rows.getString(1)),
                                asked,
                                rows.getTimestamp(6).toInstant(),
                                rows.getLong(7),
                                cost));
                    }
                }
                return entries;
            }
        });
    }

    /** Forgets all of the caller's questions. */
    public void clear() {
        var owner = CallerScope.current().subject();
        database.inCallerTenant(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM search_history WHERE owner = ?")) {
                delete.setString(1, owner);
                return delete.executeUpdate();
            }
        });
    }
}
