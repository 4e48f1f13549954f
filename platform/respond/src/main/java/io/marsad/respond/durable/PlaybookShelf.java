package io.marsad.respond.durable;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.run.Interpreter;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The playbooks of tenants, every version as it was given. Thread-safe. */
public final class PlaybookShelf {
    private static final int MOST_READ = 500;

    private final PlaybookReader reader;
    private final Map<Version, Loaded> read = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, Loaded> eldest) {
            return size() > MOST_READ;
        }
    };

    public PlaybookShelf(PlaybookReader reader) {
        this.reader = reader;
    }

    /** @param hash of the canonical document */
    public record Version(TenantId tenant, UUID playbook, String hash) {}

    /** One that can be run. */
    public record Loaded(Version version, Playbook playbook, Interpreter interpreter) {}

    /**
     * Keeps a version, which is run from now on. The same document once more changes nothing.
     *
     * @throws ContentException when it is no document, or cannot be run
     */
    public Version put(Turn turn, String source, String by) throws SQLException, ContentException {
        var playbook = PlaybookSource.of(reader, source);
        if (!playbook.isRunnable()) {
            throw new ContentException(playbook.reading().errors().stream()
                    .map(io.marsad.respond.cacao.Finding::problem)
                    .toList());
        }
        return keep(turn, playbook, by, true);
    }

    /**
     * Keeps a version: one that can be run is run from now on, any other is a draft beside the one that is run.
     *
     * @param enabled whether it is switched on when there was none; otherwise that stays as it is
     */
    public Version keep(Turn turn, PlaybookSource playbook, String by, boolean enabled) throws SQLException {
        var version = new Version(turn.tenant(), playbook.id(), playbook.hash());
        boolean runnable = playbook.isRunnable();
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbooks AS p (tenant_id, playbook_id, name, enabled,"
                        + " version, draft, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tenant_id, playbook_id) DO UPDATE SET name = excluded.name,"
                        + " version = CASE WHEN p.deleted THEN excluded.version"
                        + " ELSE coalesce(excluded.version, p.version) END, draft = excluded.draft,"
                        + " enabled = CASE WHEN p.deleted THEN excluded.enabled ELSE p.enabled END,"
                        + " deleted = false, updated_at = excluded.updated_at")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, version.playbook());
            insert.setString(3, playbook.name());
            insert.setBoolean(4, enabled);
            insert.setString(5, runnable ? version.hash() : null);
            insert.setString(6, runnable ? null : version.hash());
            insert.setTimestamp(7, Timestamp.from(turn.now()));
            insert.setTimestamp(8, Timestamp.from(turn.now()));
            insert.executeUpdate();
        }
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_versions (tenant_id, playbook_id, version,"
                        + " modified, source, runnable, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, version.playbook());
            insert.setString(3, version.hash());
            var modified = playbook.modified();
            insert.setTimestamp(4, Timestamp.from(modified == null ? turn.now() : modified));
            insert.setString(5, playbook.source());
            insert.setBoolean(6, runnable);
            insert.setString(7, by);
            insert.setTimestamp(8, Timestamp.from(turn.now()));
            insert.executeUpdate();
        }
        return version;
    }

    /** The version that is run now; null when there is none, or it is switched off. */
    public @Nullable Loaded current(Turn turn, UUID playbook) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT version FROM playbooks WHERE tenant_id = ? AND playbook_id = ? AND enabled")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            try (var rows = select.executeQuery()) {
                return rows.next() ? load(turn, new Version(turn.tenant(), playbook, rows.getString(1))) : null;
            }
        }
    }

    /** The version whose document says that it was modified then; null when there is none. */
    public @Nullable Loaded modified(Turn turn, UUID playbook, Instant modified) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT version FROM playbook_versions WHERE tenant_id = ?"
                        + " AND playbook_id = ? AND modified = ? AND runnable ORDER BY made_at DESC LIMIT 1")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            select.setTimestamp(3, Timestamp.from(modified));
            try (var rows = select.executeQuery()) {
                return rows.next() ? load(turn, new Version(turn.tenant(), playbook, rows.getString(1))) : null;
            }
        }
    }

    /** @throws IllegalStateException when it is not there, or can no longer be run */
    public Loaded load(Turn turn, Version version) throws SQLException {
        synchronized (read) {
            var known = read.get(version);
            if (known != null) {
                return known;
            }
        }
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT source FROM playbook_versions WHERE tenant_id = ? AND playbook_id = ? AND version = ?")) {
            select.setString(1, version.tenant().value());
            select.setObject(2, version.playbook());
            select.setString(3, version.hash());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("version " + version.hash() + " of a playbook is gone");
                }
                return keep(version, rows.getString(1));
            }
        }
    }

    private Loaded keep(Version version, String source) {
        try {
            var reading = reader.read("playbook", source);
            var playbook = reading.playbook();
            if (playbook == null) { // an action of the catalogue was taken away since
                throw new IllegalStateException("the playbook cannot be run any more: " + reading.errors());
            }
            var loaded = new Loaded(version, playbook, new Interpreter(playbook));
            synchronized (read) {
                read.put(version, loaded);
            }
            return loaded;
        } catch (ContentException e) {
            throw new IllegalStateException("a stored playbook cannot be read", e);
        }
    }
}
