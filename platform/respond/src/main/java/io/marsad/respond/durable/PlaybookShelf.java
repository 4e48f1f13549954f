package io.marsad.respond.durable;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.run.Interpreter;
import io.marsad.wire.SignedAction;
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
    record Loaded(Version version, Playbook playbook, Interpreter interpreter) {}

    /**
     * Keeps a version, which is run from now on. The same document once more changes nothing.
     *
     * @throws ContentException when it is no document, or cannot be run
     */
    public Version put(Turn turn, String source, String by) throws SQLException, ContentException {
        var reading = reader.read("playbook", source);
        var playbook = reading.playbook();
        if (playbook == null) {
            throw new ContentException(reading.errors().stream()
                    .map(io.marsad.respond.cacao.Finding::problem)
                    .toList());
        }
        var version = new Version(
                turn.tenant(),
                UUID.fromString(playbook.id().substring("playbook--".length())),
                SignedAction.hash(reading.text().canonical()));
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbooks (tenant_id, playbook_id, name, enabled,"
                        + " version, created_at, updated_at) VALUES (?, ?, ?, true, ?, ?, ?)"
                        + " ON CONFLICT (tenant_id, playbook_id) DO UPDATE SET name = excluded.name, version = excluded.version,"
                        + " updated_at = excluded.updated_at")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, version.playbook());
            insert.setString(3, playbook.name());
            insert.setString(4, version.hash());
            insert.setTimestamp(5, Timestamp.from(turn.now()));
            insert.setTimestamp(6, Timestamp.from(turn.now()));
            insert.executeUpdate();
        }
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_versions (tenant_id, playbook_id, version,"
                        + " modified, source, runnable, made_by, made_at) VALUES (?, ?, ?, ?, ?, true, ?, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, version.playbook());
            insert.setString(3, version.hash());
            insert.setTimestamp(4, Timestamp.from(playbook.modified()));
            insert.setString(5, source);
            insert.setString(6, by);
            insert.setTimestamp(7, Timestamp.from(turn.now()));
            insert.executeUpdate();
        }
        return version;
    }

    /** The version that is run now; null when there is none, or it is switched off. */
    @Nullable
    Loaded current(Turn turn, UUID playbook) throws SQLException {
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
    @Nullable
    Loaded modified(Turn turn, UUID playbook, Instant modified) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT version FROM playbook_versions WHERE tenant_id = ?"
                        + " AND playbook_id = ? AND modified = ? ORDER BY made_at DESC LIMIT 1")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            select.setTimestamp(3, Timestamp.from(modified));
            try (var rows = select.executeQuery()) {
                return rows.next() ? load(turn, new Version(turn.tenant(), playbook, rows.getString(1))) : null;
            }
        }
    }

    /** @throws IllegalStateException when it is not there, or can no longer be run */
    Loaded load(Turn turn, Version version) throws SQLException {
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
