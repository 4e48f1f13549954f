package io.marsad.respond.durable;

import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs that something starts by itself: each once, no more an hour than wanted, and what is left is counted. Thread-safe. */
public final class Starts {
    /** Over which the runs of a trigger are counted. */
    public static final Duration HOUR = Duration.ofHours(1);

    /** So many runs may have made, one after the other, what started the next. */
    static final int LONGEST_CHAIN = 3;

    private static final int MOST_REASON = 500;

    private final PlaybookShelf shelf;

    public Starts(PlaybookShelf shelf) {
        this.shelf = shelf;
    }

    /** One that is switched on, as it is run now. */
    public record Enabled(UUID id, Playbook playbook) {}

    /**
     * What is to be started.
     *
     * @param by what starts it, once: {@code alert:UUID}, a point of time
     * @param about {@code alert:UUID} or {@code case:UUID}; null: nothing
     * @param cause the run that made what it is about; null: none
     */
    public record Wanted(
            UUID playbook,
            String by,
            @Nullable String about,
            Map<String, @Nullable String> given,
            @Nullable UUID cause) {}

    /** What came of it. */
    public enum Outcome {
        BEGUN,
        /** It was begun before. */
        THERE,
        /** Too many in the last hour: it is counted. */
        LEFT,
        /** It is not switched on (any more). */
        OFF
    }

    /**
     * What runs had to do with it that something is there.
     *
     * @param run the newest of them
     * @param playbooks of all of them
     * @param length so many made, one after the other, what started the next
     */
    public record Chain(UUID run, Set<UUID> playbooks, int length) {
        public Chain {
            playbooks = Set.copyOf(playbooks);
        }
    }

    /** Which run is meant: the same for the same. */
    public static UUID run(UUID playbook, String by) {
        return Keys.started(playbook, by);
    }

    /** All that are switched on; one that cannot be read any more is left, which is counted. */
    public List<Enabled> enabled(Turn turn) throws SQLException {
        var versions = new ArrayList<PlaybookShelf.Version>();
        try (var select = turn.connection()
                .prepareStatement("SELECT playbook_id, version FROM playbooks WHERE tenant_id = ? AND enabled"
                        + " AND version IS NOT NULL ORDER BY playbook_id")) {
            select.setString(1, turn.tenant().value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    versions.add(
                            new PlaybookShelf.Version(turn.tenant(), rows.getObject(1, UUID.class), rows.getString(2)));
                }
            }
        }
        var enabled = new ArrayList<Enabled>();
        for (var version : versions) {
            try {
                enabled.add(new Enabled(
                        version.playbook(), shelf.load(turn, version).playbook()));
            } catch (IllegalStateException e) {
                leave(turn, version.playbook(), String.valueOf(e.getMessage()));
            }
        }
        return enabled;
    }

    /** Begins a run unless it is there, or too many were begun; the playbook is {@link #lock locked}. */
    public Outcome start(Turn turn, Trigger trigger, Wanted wanted) throws SQLException {
        return start(turn, trigger, wanted, "trigger:" + trigger.kind().word());
    }

    /** @param as a token or a trigger, as the audit names it */
    public Outcome start(Turn turn, Trigger trigger, Wanted wanted, String as) throws SQLException {
        var id = run(wanted.playbook(), wanted.by());
        if (begun(turn, id) != null) {
            return Outcome.THERE;
        }
        var on = trigger.kind().word();
        if (free(turn, wanted.playbook(), trigger).isAfter(turn.now())) {
            leave(turn, wanted.playbook(), "more than " + trigger.mostAnHour() + " in an hour (" + on + ")");
            return Outcome.LEFT;
        }
        var run = new Runs.Wanted(id, wanted.playbook(), as, wanted.about(), wanted.given());
        if (!new Runs(shelf).begin(turn, run)) {
            return Outcome.OFF;
        }
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbook_runs SET started_on = ?, cause_run = ?"
                        + " WHERE tenant_id = ? AND run_id = ?")) {
            update.setString(1, on);
            update.setObject(2, wanted.cause());
            update.setString(3, turn.tenant().value());
            update.setObject(4, id);
            update.executeUpdate();
        }
        return Outcome.BEGUN;
    }

    /** Counts one that was not started, and why. */
    public void leave(Turn turn, UUID playbook, String reason) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbooks SET left_count = left_count + 1, left_at = ?, left_reason = ?"
                        + " WHERE tenant_id = ? AND playbook_id = ?")) {
            update.setTimestamp(1, Timestamp.from(turn.now()));
            update.setString(2, reason.substring(0, Math.min(MOST_REASON, reason.length())));
            update.setString(3, turn.tenant().value());
            update.setObject(4, playbook);
            update.executeUpdate();
        }
    }

    /**
     * So that two that start the same playbook count one after the other. All at once and before anything is started: who
     * starts runs writes the audit log, which one transaction does at a time.
     */
    public static void lock(Turn turn, Collection<UUID> playbooks) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT 1 FROM playbooks WHERE tenant_id = ? AND playbook_id = ANY (?)"
                        + " ORDER BY playbook_id FOR NO KEY UPDATE")) {
            select.setString(1, turn.tenant().value());
            select.setArray(2, turn.connection().createArrayOf("uuid", playbooks.toArray()));
            select.executeQuery().close();
        }
    }

    /** When a run began; null: there is none. */
    public static @Nullable Instant begun(Turn turn, UUID run) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT started_at FROM playbook_runs WHERE tenant_id = ? AND run_id = ?")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, run);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getTimestamp(1).toInstant() : null;
            }
        }
    }

    /** From when on it may be started once more: now or earlier unless as many as wanted were begun in the last hour. */
    public static Instant free(Turn turn, UUID playbook, Trigger trigger) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT started_at FROM playbook_runs WHERE tenant_id = ? AND playbook_id = ?"
                        + " AND started_on = ? AND started_at > ? ORDER BY started_at DESC OFFSET ? LIMIT 1")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            select.setString(3, trigger.kind().word());
            select.setTimestamp(4, Timestamp.from(turn.now().minus(HOUR)));
            select.setInt(5, trigger.mostAnHour() - 1);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getTimestamp(1).toInstant().plus(HOUR) : turn.now();
            }
        }
    }

    /**
     * The runs because of which a case is there: one that opened it, whoever called that one, and what started those.
     *
     * @param title of the case: who opened it may not have been told yet that it is done
     * @param alerts of the case
     * @return null when no run opened it
     */
    public static @Nullable Chain chain(Turn turn, UUID kase, String title, Instant created, Collection<UUID> alerts)
            throws SQLException {
        var playbooks = new HashSet<UUID>();
        UUID newest = null;
        int length = 0;
        try (var select = turn.connection().prepareStatement("""
                WITH RECURSIVE chain (run_id, playbook_id, parent_run, cause_run, made, n) AS (
                    SELECT r.run_id, r.playbook_id, r.parent_run, r.cause_run, 1, 1 FROM actions a
                    JOIN playbook_runs r ON r.tenant_id = a.tenant_id AND r.run_id = a.run_id
                    WHERE a.tenant_id = ? AND a.action = 'create_case' AND a.status IN ('dispatched', 'completed')
                        AND a.requested_at BETWEEN ? AND ?
                        AND (a.outcome -> 'outputs' ->> 'case' = ? OR a.parameters ->> 'alert' = ANY (?)
                            OR a.status = 'dispatched' AND a.parameters ->> 'title' = ?)
                    UNION ALL
                    SELECT r.run_id, r.playbook_id, r.parent_run, r.cause_run,
                        chain.made + CASE WHEN r.run_id = chain.cause_run THEN 1 ELSE 0 END, chain.n + 1
                    FROM chain JOIN playbook_runs r ON r.tenant_id = ?
                        AND r.run_id IN (chain.parent_run, chain.cause_run) WHERE chain.n < 40)
                SELECT run_id, playbook_id, made FROM chain ORDER BY n""")) {
            select.setString(1, turn.tenant().value());
            select.setTimestamp(2, Timestamp.from(created.minus(Duration.ofDays(1))));
            select.setTimestamp(3, Timestamp.from(created));
            select.setString(4, kase.toString());
            select.setArray(
                    5,
                    turn.connection()
                            .createArrayOf(
                                    "text", alerts.stream().map(UUID::toString).toArray()));
            select.setString(6, title);
            select.setString(7, turn.tenant().value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    newest = newest == null ? rows.getObject(1, UUID.class) : newest;
                    playbooks.add(rows.getObject(2, UUID.class));
                    length = Math.max(length, rows.getInt(3));
                }
            }
        }
        return newest == null ? null : new Chain(newest, playbooks, length);
    }

    /** Why the playbook is not started by what the runs made; null: it is. */
    public static @Nullable String loop(UUID playbook, @Nullable Chain chain) {
        if (chain == null) {
            return null;
        }
        if (chain.playbooks().contains(playbook)) {
            return "a run of it opened the case";
        }
        return chain.length() >= LONGEST_CHAIN ? "runs started one another " + chain.length() + " times" : null;
    }
}
