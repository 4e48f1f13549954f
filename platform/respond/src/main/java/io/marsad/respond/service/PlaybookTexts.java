package io.marsad.respond.service;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookSource;
import io.marsad.respond.durable.Turn;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Versions of playbooks, read; the last ones used are kept in memory. Thread-safe. */
final class PlaybookTexts {
    private static final int MOST = 300;
    private static final int MOST_CHARS = 100_000; // longer ones are read each time

    private final PlaybookReader reader;
    private final Map<Of, PlaybookSource> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Of, PlaybookSource> eldest) {
            return size() > MOST;
        }
    };

    PlaybookTexts(PlaybookReader reader) {
        this.reader = reader;
    }

    /** A version of the tenant. */
    record Version(UUID playbook, String hash) {}

    private record Of(TenantId tenant, Version version) {}

    /** Those that are there and can still be read. One query for all that are not in memory. */
    Map<Version, PlaybookSource> load(Turn turn, Collection<Version> wanted) throws SQLException {
        Map<Version, PlaybookSource> all = new HashMap<>();
        var missing = new LinkedHashSet<Version>();
        synchronized (known) {
            for (var version : wanted) {
                var one = known.get(new Of(turn.tenant(), version));
                if (one == null) {
                    missing.add(version);
                } else {
                    all.put(version, one);
                }
            }
        }
        if (!missing.isEmpty()) {
            read(turn, missing, all);
        }
        return all;
    }

    @Nullable
    PlaybookSource load(Turn turn, Version wanted) throws SQLException {
        return load(turn, java.util.Set.of(wanted)).get(wanted);
    }

    private void read(Turn turn, Collection<Version> missing, Map<Version, PlaybookSource> all) throws SQLException {
        var connection = turn.connection();
        try (var select = connection.prepareStatement("SELECT v.playbook_id, v.version, v.source"
                + " FROM unnest(?::uuid[], ?::text[]) AS w (playbook_id, version) JOIN playbook_versions v"
                + " ON v.tenant_id = ? AND v.playbook_id = w.playbook_id AND v.version = w.version")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid", missing.stream().map(Version::playbook).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", missing.stream().map(Version::hash).toArray()));
            select.setString(3, turn.tenant().value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var version = new Version(rows.getObject(1, UUID.class), rows.getString(2));
                    var one = read(rows.getString(3));
                    if (one != null) {
                        all.put(version, one);
                        keep(new Of(turn.tenant(), version), one);
                    }
                }
            }
        }
    }

    private @Nullable PlaybookSource read(String source) {
        try {
            return PlaybookSource.of(reader, source);
        } catch (ContentException e) {
            return null; // what was taken by an older reader: it is shown by its name alone
        }
    }

    private void keep(Of of, PlaybookSource one) {
        if (one.source().length() <= MOST_CHARS) {
            synchronized (known) {
                known.put(of, one);
            }
        }
    }
}
