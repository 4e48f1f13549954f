package io.marsad.soc.inbox;

import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables, in the tenant's transaction. */
public final class InboxRows {
    /** The queue of what people want by e-mail; its subjects are entries. */
    public static final String QUEUE = "inbox";

    /** The most that one person's has; the oldest go. */
    static final int MOST = 200;

    /** After it an entry is not shown any more. */
    static final Duration KEPT = Duration.ofDays(90);

    private static final String COLUMNS = "entry_id, at, kind, about, about_id, number, count, title, by_name, read_at";

    /** Nobody is told of what they do themselves. */
    private static final String INSERT = """
            INSERT INTO inbox (tenant_id, user_id, at, kind, about, about_id, number, count, title, by_name)
            SELECT u.tenant_id, u.user_id, ?, ?, ?, ?, ?, ?, ?, ? FROM users u
            WHERE u.tenant_id = ? AND u.username_key = ANY (?) AND u.username <> ? AND NOT u.disabled
                AND u.deleted_at IS NULL
            RETURNING user_id, entry_id, (SELECT s.mail FROM inbox_settings s
                WHERE s.tenant_id = inbox.tenant_id AND s.user_id = inbox.user_id) AS mail""";

    private static final String PRUNE = """
            DELETE FROM inbox WHERE tenant_id = ? AND user_id = ? AND (at < ? OR entry_id <= (
                SELECT entry_id FROM inbox WHERE tenant_id = ? AND user_id = ?
                ORDER BY entry_id DESC OFFSET ? LIMIT 1))""";

    private InboxRows() {}

    /**
     * What people are to be told.
     *
     * @param number of the case, or null
     * @param count how many alerts it is about
     */
    public record Telling(
            InboxEntry.Kind kind,
            InboxEntry.About about,
            EventId subject,
            @Nullable Long number,
            int count,
            String title,
            String by) {}

    /**
     * Puts it into the inbox of each of these accounts that there are, whoever did it excepted.
     *
     * @param names in any case; others than accounts that can sign in are left out
     * @return what the live feed says of it
     */
    public static List<News> tell(
            Connection connection, TenantId tenant, Instant now, Collection<String> names, Telling telling)
            throws SQLException {
        if (names.isEmpty()) {
            return List.of();
        }
        var people = new ArrayList<UUID>();
        var mails = new ArrayList<UUID>();
        try (var insert = connection.prepareStatement(INSERT)) {
            insert.setTimestamp(1, Timestamp.from(now));
            insert.setString(2, telling.kind.word());
            insert.setString(3, telling.about.word());
            insert.setObject(4, telling.subject.uuid());
            insert.setObject(5, telling.number, Types.BIGINT);
            insert.setInt(6, telling.count);
            insert.setString(7, telling.title);
            insert.setString(8, telling.by);
            insert.setString(9, tenant.value());
            insert.setArray(
                    10,
                    connection.createArrayOf(
                            "text",
                            names.stream()
                                    .map(name -> name.toLowerCase(Locale.ROOT))
                                    .distinct()
                                    .toArray()));
            insert.setString(11, telling.by);
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    people.add(rows.getObject(1, UUID.class));
                    if (rows.getBoolean(3)) {
                        mails.add(rows.getObject(2, UUID.class));
                    }
                }
            }
        }
        for (UUID person : people) {
            prune(connection, tenant, person, now);
        }
        Outbox.put(connection, tenant, now, List.of(QUEUE), mails);
        return people.stream().map(InboxRows::news).toList();
    }

    static News news(UUID person) {
        return new News("inbox.changed", "{\"user\":\"" + person + "\"}");
    }

    private static void prune(Connection connection, TenantId tenant, UUID person, Instant now) throws SQLException {
        try (var prune = connection.prepareStatement(PRUNE)) {
            prune.setString(1, tenant.value());
            prune.setObject(2, person);
            prune.setTimestamp(3, Timestamp.from(now.minus(KEPT)));
            prune.setString(4, tenant.value());
            prune.setObject(5, person);
            prune.setInt(6, MOST);
            prune.executeUpdate();
        }
    }

    /** The newest first. */
    static List<InboxEntry> list(
            Connection connection, TenantId tenant, UUID person, Instant now, Collection<String> about, int limit)
            throws SQLException {
        var all = new ArrayList<InboxEntry>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM inbox WHERE tenant_id = ?"
                + " AND user_id = ? AND at >= ? AND about = ANY (?) ORDER BY entry_id DESC LIMIT ?")) {
            shown(connection, select, tenant, person, now, about);
            select.setInt(5, limit);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
        }
        return all;
    }

    static int unread(Connection connection, TenantId tenant, UUID person, Instant now, Collection<String> about)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*) FROM inbox WHERE tenant_id = ?"
                + " AND user_id = ? AND at >= ? AND about = ANY (?) AND read_at IS NULL")) {
            shown(connection, select, tenant, person, now, about);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private static void shown(
            Connection connection,
            java.sql.PreparedStatement select,
            TenantId tenant,
            UUID person,
            Instant now,
            Collection<String> about)
            throws SQLException {
        select.setString(1, tenant.value());
        select.setObject(2, person);
        select.setTimestamp(3, Timestamp.from(now.minus(KEPT)));
        select.setArray(4, connection.createArrayOf("text", about.toArray()));
    }

    private static InboxEntry read(ResultSet row) throws SQLException {
        var number = row.getLong("number");
        Long known = row.wasNull() ? null : number;
        var read = row.getTimestamp("read_at");
        return new InboxEntry(
                id(row, "entry_id"),
                row.getTimestamp("at").toInstant(),
                InboxEntry.Kind.ofWord(row.getString("kind")),
                InboxEntry.About.ofWord(row.getString("about")),
                id(row, "about_id"),
                known,
                row.getInt("count"),
                row.getString("title"),
                row.getString("by_name"),
                read == null ? null : read.toInstant());
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** Marks them as read; all when none are named. @return how many */
    static int read(
            Connection connection, TenantId tenant, UUID person, @Nullable Collection<EventId> entries, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE inbox SET read_at = ? WHERE tenant_id = ? AND user_id = ?"
                + " AND read_at IS NULL AND (?::uuid[] IS NULL OR entry_id = ANY (?))")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant.value());
            update.setObject(3, person);
            var ids = entries == null
                    ? null
                    : connection.createArrayOf(
                            "uuid", entries.stream().map(EventId::uuid).toArray());
            update.setArray(4, ids);
            update.setArray(5, ids);
            return update.executeUpdate();
        }
    }

    /**
     * An unread entry, and where its person wants it by e-mail.
     *
     * @param username whose it is
     */
    public record Mail(InboxEntry entry, String username, String address) {}

    /** Those of the entries that are to be sent now: unread, wanted, of an account that can sign in. */
    public static List<Mail> mails(Connection connection, TenantId tenant, Collection<UUID> entries)
            throws SQLException {
        var all = new ArrayList<Mail>();
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + ", username, address FROM inbox"
                + " JOIN inbox_settings USING (tenant_id, user_id) JOIN users USING (tenant_id, user_id)"
                + " WHERE tenant_id = ? AND entry_id = ANY (?) AND read_at IS NULL AND mail AND NOT disabled"
                + " AND deleted_at IS NULL ORDER BY entry_id")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", entries.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(new Mail(read(rows), rows.getString("username"), rows.getString("address")));
                }
            }
        }
        return all;
    }

    static Inbox.Setting setting(Connection connection, TenantId tenant, UUID person) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT mail, approvals, address FROM inbox_settings WHERE tenant_id = ? AND user_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, person);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Inbox.Setting(rows.getBoolean(1), rows.getBoolean(2), rows.getString(3))
                        : new Inbox.Setting(false, false, "");
            }
        }
    }

    static void set(Connection connection, TenantId tenant, UUID person, Inbox.Setting setting) throws SQLException {
        try (var put = connection.prepareStatement("INSERT INTO inbox_settings (tenant_id, user_id, mail, approvals,"
                + " address) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, user_id) DO UPDATE SET"
                + " mail = excluded.mail, approvals = excluded.approvals, address = excluded.address")) {
            put.setString(1, tenant.value());
            put.setObject(2, person);
            put.setBoolean(3, setting.mail());
            put.setBoolean(4, setting.approvals());
            put.setString(5, setting.address());
            put.executeUpdate();
        }
    }
}
