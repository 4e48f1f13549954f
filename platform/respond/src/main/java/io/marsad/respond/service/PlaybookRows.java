package io.marsad.respond.service;

import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.PlaybookView.Counts;
import io.marsad.respond.service.PlaybookView.Left;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tenant's playbooks in its tables. */
final class PlaybookRows {
    private static final Duration COUNTED = Duration.ofDays(30);
    private static final String SELECT =
            "SELECT p.playbook_id, p.name, p.enabled, p.version, p.draft, p.updated_at, p.deleted, s.started,"
                    + " s.succeeded, s.failed, s.running, (SELECT max(started_at) FROM playbook_runs r"
                    + " WHERE r.tenant_id = p.tenant_id AND r.playbook_id = p.playbook_id) AS last_run,"
                    + " p.left_count, p.left_at, p.left_reason FROM playbooks p"
                    + " LEFT JOIN (SELECT playbook_id, count(*) AS started,"
                    + " count(*) FILTER (WHERE status = 'succeeded') AS succeeded,"
                    + " count(*) FILTER (WHERE status = 'failed') AS failed,"
                    + " count(*) FILTER (WHERE status = 'running') AS running FROM playbook_runs"
                    + " WHERE tenant_id = ? AND started_at >= ? AND (?::uuid IS NULL OR playbook_id = ?::uuid)"
                    + " GROUP BY playbook_id) s ON s.playbook_id = p.playbook_id"
                    + " WHERE p.tenant_id = ? AND (?::uuid IS NULL OR p.playbook_id = ?::uuid)";

    private PlaybookRows() {}

    /**
     * @param version that is run; null: none can be
     * @param draft that is newer; null: there is none
     */
    record Row(
            UUID id,
            String name,
            boolean enabled,
            @Nullable String version,
            @Nullable String draft,
            Instant updatedAt,
            boolean deleted,
            Counts runs,
            @Nullable Instant lastRun,
            @Nullable Left left) {
        /** What was kept last. */
        String newest() {
            return draft == null ? String.valueOf(version) : draft;
        }

        /** What it is listed as: what is run, or else the draft. */
        PlaybookTexts.Version shown() {
            return new PlaybookTexts.Version(id, version == null ? newest() : version);
        }
    }

    static List<Row> list(Turn turn, @Nullable UUID one) throws SQLException {
        try (var select = turn.connection().prepareStatement(SELECT)) {
            select.setString(1, turn.tenant().value());
            select.setTimestamp(2, Timestamp.from(turn.now().minus(COUNTED)));
            select.setObject(3, one);
            select.setObject(4, one);
            select.setString(5, turn.tenant().value());
            select.setObject(6, one);
            select.setObject(7, one);
            var all = new ArrayList<Row>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
            return all;
        }
    }

    private static Row read(ResultSet rows) throws SQLException {
        var last = rows.getTimestamp(12);
        var left = rows.getTimestamp(14);
        return new Row(
                rows.getObject(1, UUID.class),
                rows.getString(2),
                rows.getBoolean(3),
                rows.getString(4),
                rows.getString(5),
                rows.getTimestamp(6).toInstant(),
                rows.getBoolean(7),
                new Counts(rows.getInt(8), rows.getInt(9), rows.getInt(10), rows.getInt(11)),
                last == null ? null : last.toInstant(),
                left == null ? null : new Left(rows.getLong(13), left.toInstant(), String.valueOf(rows.getString(15))));
    }

    /** The tenant's row, so that nobody else changes it meanwhile; null when there is none. */
    static @Nullable Row lock(Turn turn, UUID playbook) throws SQLException {
        try (var lock = turn.connection()
                .prepareStatement("SELECT FROM playbooks WHERE tenant_id = ? AND playbook_id = ? FOR NO KEY UPDATE")) {
            lock.setString(1, turn.tenant().value());
            lock.setObject(2, playbook);
            lock.executeQuery().close();
        }
        var rows = list(turn, playbook);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    static void enable(Turn turn, UUID playbook, boolean enabled) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbooks SET enabled = ?, updated_at = ? WHERE tenant_id = ?"
                        + " AND playbook_id = ?")) {
            update.setBoolean(1, enabled);
            update.setTimestamp(2, Timestamp.from(turn.now()));
            update.setString(3, turn.tenant().value());
            update.setObject(4, playbook);
            update.executeUpdate();
        }
    }

    static void delete(Turn turn, UUID playbook) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE playbooks SET deleted = true, enabled = false, updated_at = ?"
                        + " WHERE tenant_id = ? AND playbook_id = ?")) {
            update.setTimestamp(1, Timestamp.from(turn.now()));
            update.setString(2, turn.tenant().value());
            update.setObject(3, playbook);
            update.executeUpdate();
        }
    }

    static boolean hasOpenRuns(Turn turn, UUID playbook) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT EXISTS (SELECT FROM playbook_runs WHERE tenant_id = ?"
                        + " AND playbook_id = ? AND status = 'running')")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** The newest first, with the text when one is asked for. */
    static List<KeptText> versions(Turn turn, UUID playbook, @Nullable String version) throws SQLException {
        var text = version == null ? "NULL::text" : "source";
        try (var select = turn.connection()
                .prepareStatement("SELECT version, modified, made_by, made_at, runnable, " + text
                        + " FROM playbook_versions WHERE tenant_id = ? AND playbook_id = ?"
                        + (version == null ? "" : " AND version = ?")
                        + " ORDER BY made_at DESC, version LIMIT 500")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            if (version != null) {
                select.setString(3, version);
            }
            var all = new ArrayList<KeptText>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(new KeptText(
                            rows.getString(1),
                            rows.getTimestamp(2).toInstant(),
                            rows.getString(3),
                            rows.getTimestamp(4).toInstant(),
                            rows.getBoolean(5),
                            rows.getString(6)));
                }
            }
            return all;
        }
    }

    record KeptText(
            String version,
            Instant modified,
            String madeBy,
            Instant madeAt,
            boolean runnable,
            @Nullable String source) {}
}
