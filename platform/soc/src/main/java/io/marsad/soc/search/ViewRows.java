package io.marsad.soc.search;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.Owners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Saved views as rows of the tenant that the connection is bound to. */
final class ViewRows {
    /** More shared ones are not listed. */
    private static final int MOST_LISTED = 1_000;

    private static final String SELECT =
            "SELECT v.view_id, v.owner, " + Owners.NAME + ", v.name, v.description, v.query,"
                    + " v.rule_id, v.last, v.from_time, v.to_time, v.columns, v.display, v.shared, v.created_at, v.updated_at,"
                    + " v.version FROM saved_views v WHERE (v.owner = ? OR v.shared)";

    private ViewRows() {}

    static List<SavedView> list(Connection connection, String owner) throws SQLException {
        try (var select = connection.prepareStatement(
                SELECT + " ORDER BY v.owner <> ?, v.name_key, v.view_id LIMIT " + MOST_LISTED)) {
            select.setString(1, owner);
            select.setString(2, owner);
            var views = new ArrayList<SavedView>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    views.add(read(rows));
                }
            }
            return views;
        }
    }

    static @Nullable SavedView find(Connection connection, EventId id, String owner) throws SQLException {
        try (var select = connection.prepareStatement(SELECT + " AND v.view_id = ?")) {
            select.setString(1, owner);
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static int count(Connection connection, String owner) throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*) FROM saved_views WHERE owner = ?")) {
            select.setString(1, owner);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    static void insert(Connection connection, String tenant, SavedView view) throws SQLException {
        requireFreeName(connection, view.owner(), view.content().name(), view.id());
        try (var insert = connection.prepareStatement("INSERT INTO saved_views (name, name_key, description, query,"
                + " rule_id, last, from_time, to_time, columns, display, shared, updated_at, tenant_id, view_id, owner,"
                + " created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")) {
            int at = content(insert, view.content(), view.updatedAt());
            insert.setString(at++, tenant);
            insert.setObject(at++, view.id().uuid());
            insert.setString(at++, view.owner());
            insert.setTimestamp(at, Timestamp.from(view.createdAt()));
            insert.executeUpdate();
        }
    }

    /** False when it has another version now. */
    static boolean update(Connection connection, SavedView view, SavedView.Content content, Instant now, int version)
            throws SQLException {
        requireFreeName(connection, view.owner(), content.name(), view.id());
        try (var update = connection.prepareStatement("UPDATE saved_views SET name = ?, name_key = ?, description = ?,"
                + " query = ?, rule_id = ?, last = ?, from_time = ?, to_time = ?, columns = ?, display = ?, shared = ?,"
                + " updated_at = ?, version = version + 1 WHERE view_id = ? AND version = ?")) {
            int at = content(update, content, now);
            update.setObject(at++, view.id().uuid());
            update.setInt(at, version);
            return update.executeUpdate() == 1;
        }
    }

    static void delete(Connection connection, EventId id) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM saved_views WHERE view_id = ?")) {
            delete.setObject(1, id.uuid());
            delete.executeUpdate();
        }
    }

    /** The table's own constraint holds against two at once; this says it well. */
    private static void requireFreeName(Connection connection, String owner, String name, EventId besides)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT 1 FROM saved_views WHERE owner = ? AND name_key = ? AND view_id <> ?")) {
            select.setString(1, owner);
            select.setString(2, name.toLowerCase(Locale.ROOT));
            select.setObject(3, besides.uuid());
            try (var rows = select.executeQuery()) {
                if (rows.next()) {
                    throw Problem.conflict("name-taken", "There is a view of this name; choose another.")
                            .asException();
                }
            }
        }
    }

    private static int content(PreparedStatement into, SavedView.Content content, Instant now) throws SQLException {
        int at = 1;
        into.setString(at++, content.name());
        into.setString(at++, content.name().toLowerCase(Locale.ROOT));
        into.setString(at++, content.description());
        into.setString(at++, content.query());
        into.setString(at++, content.ruleId());
        into.setString(at++, content.range().last());
        into.setTimestamp(at++, timestamp(content.range().from()));
        into.setTimestamp(at++, timestamp(content.range().to()));
        into.setArray(
                at++,
                into.getConnection().createArrayOf("text", content.columns().toArray()));
        into.setString(at++, content.display().word());
        into.setBoolean(at++, content.shared());
        into.setTimestamp(at++, Timestamp.from(now));
        return at;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static SavedView read(ResultSet row) throws SQLException {
        var range = new SavedView.Range(row.getString(8), instant(row.getTimestamp(9)), instant(row.getTimestamp(10)));
        var content = new SavedView.Content(
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                range,
                List.of((String[]) row.getArray(11).getArray()),
                SavedView.Display.ofWord(row.getString(12)),
                row.getBoolean(13));
        return new SavedView(
                EventId.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                content,
                row.getTimestamp(14).toInstant(),
                row.getTimestamp(15).toInstant(),
                row.getInt(16));
    }
}
