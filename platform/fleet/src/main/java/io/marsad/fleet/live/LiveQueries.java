package io.marsad.fleet.live;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What people of the caller's tenant ask hosts. Thread-safe. */
public final class LiveQueries {
    private static final int MOST_HOSTS = 20_000;
    private static final int MOST_OPEN = 20;
    private static final int MOST_KEPT = 200;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int LONGEST = 10_000;
    private static final String COLUMNS = "query_id, sql, discovery, created_by, created_at, expires_at, cancelled_at,"
            + " hosts, answered, failed, row_count";

    private final Database database;
    private final HostQueries hosts;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random safe for use by several threads */
    public LiveQueries(Database database, HostQueries hosts, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.hosts = hosts;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Asks.
     *
     * @param discovery only hosts where this finds a row run it; empty: all
     * @param lasts from now on; hosts that come later are not asked
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-live-query}, {@code no-hosts}, {@code too-many-hosts};
     *     409 {@code too-many-live-queries}
     */
    public LiveQuery create(String sql, String discovery, QueryTargets targets, Duration lasts) {
        var caller = CallerScope.current();
        requireSound(sql, "The query");
        if (!discovery.isBlank()) {
            requireSound(discovery, "The discovery query");
        }
        if (targets.isEmpty()) {
            throw refused("no-hosts", "Say which hosts: ids, groups, a text, or all.");
        }
        var now = Instant.ofEpochMilli(clock.millis());
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
        var until = now.plus(lasts);
        var made = database.inCallerTenant(connection -> {
            makeRoom(connection, caller, now);
            insert(connection, caller, id, List.of(sql.strip(), discovery.strip()), now, until);
            int asked = ask(connection, caller, id, targets);
            if (asked == 0) {
                throw refused("no-hosts", "No host that is let in fits these targets.");
            }
            if (asked > MOST_HOSTS) {
                throw refused(
                        "too-many-hosts", "A query goes to at most 20,000 hosts; these targets fit " + asked + ".");
            }
            var query = setHosts(connection, caller, id, asked);
            audit(connection, caller, now, "live-query.create", query);
            return query;
        });
        hosts.opened(caller.tenant(), until);
        return made;
    }

    private static void requireSound(String sql, String what) {
        var text = sql.strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty() || sql.length() > LONGEST || text.indexOf('\0') >= 0) {
            throw refused("invalid-live-query", what + " has 1 to 10,000 characters.");
        }
        if (!text.matches("(?s)(select|with)\\b.*")) {
            throw refused("invalid-live-query", what + " begins with SELECT or WITH: osquery's tables are read only.");
        }
    }

    private static ProblemException refused(String type, String detail) {
        return Problem.badRequest(type, detail).asException();
    }

    /** Forgets what is old, and refuses when too much is open. */
    private static void makeRoom(Connection connection, Caller caller, Instant now) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM live_queries WHERE tenant_id = ? AND expires_at < ?"
                + " AND (created_at < ? OR query_id NOT IN (SELECT query_id FROM live_queries WHERE tenant_id = ?"
                + " ORDER BY query_id DESC LIMIT ?))")) {
            delete.setString(1, caller.tenant().value());
            delete.setTimestamp(2, Timestamp.from(now));
            delete.setTimestamp(3, Timestamp.from(now.minus(KEPT)));
            delete.setString(4, caller.tenant().value());
            delete.setInt(5, MOST_KEPT - 1);
            delete.executeUpdate();
        }
        try (var count = connection.prepareStatement("SELECT count(*) FROM live_queries WHERE tenant_id = ?"
                + " AND expires_at > ? AND cancelled_at IS NULL AND answered < hosts")) {
            count.setString(1, caller.tenant().value());
            count.setTimestamp(2, Timestamp.from(now));
            try (var rows = count.executeQuery()) {
                if (rows.next() && rows.getInt(1) >= MOST_OPEN) {
                    throw Problem.conflict(
                                    "too-many-live-queries",
                                    "At most " + MOST_OPEN + " live queries run at once: cancel one, or wait.")
                            .asException();
                }
            }
        }
    }

    private static void insert(
            Connection connection, Caller caller, UUID id, List<String> texts, Instant now, Instant until)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO live_queries (tenant_id, query_id, sql, discovery,"
                + " created_by, created_at, expires_at, hosts) VALUES (?, ?, ?, ?, ?, ?, ?, 0)")) {
            insert.setString(1, caller.tenant().value());
            insert.setObject(2, id);
            insert.setString(3, texts.getFirst());
            insert.setString(4, texts.getLast());
            insert.setString(5, caller.subject());
            insert.setTimestamp(6, Timestamp.from(now));
            insert.setTimestamp(7, Timestamp.from(until));
            insert.executeUpdate();
        }
    }

    private static int ask(Connection connection, Caller caller, UUID id, QueryTargets targets) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO live_query_hosts (tenant_id, query_id, endpoint_id,"
                + " hostname, state) SELECT tenant_id, ?, endpoint_id, hostname, 'waiting' FROM endpoints"
                + " WHERE tenant_id = ? AND kind = 'osquery' AND revoked_at IS NULL AND (? OR endpoint_id = ANY (?)"
                + " OR endpoint_group = ANY (?) OR (? <> '' AND (position(lower(?) in lower(hostname)) > 0"
                + " OR position(lower(?) in lower(host_identifier)) > 0)))")) {
            var text = targets.text().strip();
            insert.setObject(1, id);
            insert.setString(2, caller.tenant().value());
            insert.setBoolean(3, targets.all());
            insert.setArray(
                    4, connection.createArrayOf("uuid", targets.endpoints().toArray()));
            insert.setArray(5, connection.createArrayOf("text", targets.groups().toArray()));
            insert.setString(6, text);
            insert.setString(7, text);
            insert.setString(8, text);
            return insert.executeUpdate();
        }
    }

    private static LiveQuery setHosts(Connection connection, Caller caller, UUID id, int asked) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE live_queries SET hosts = ? WHERE tenant_id = ? AND query_id = ? RETURNING " + COLUMNS)) {
            update.setInt(1, asked);
            update.setString(2, caller.tenant().value());
            update.setObject(3, id);
            try (var rows = update.executeQuery()) {
                rows.next();
                return read(rows);
            }
        }
    }

    /** Those that are kept, newest first: seven days, and 200 at most. */
    public List<LiveQuery> list() {
        return database.inCallerTenant(connection -> {
            var all = new ArrayList<LiveQuery>();
            try (var select = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM live_queries WHERE tenant_id = ? ORDER BY query_id DESC LIMIT " + MOST_KEPT)) {
                select.setString(1, CallerScope.tenant().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(read(rows));
                    }
                }
            }
            return all;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public LiveQuery find(UUID id) {
        return database.inCallerTenant(connection ->
                one(connection, "SELECT " + COLUMNS + " FROM live_queries WHERE tenant_id = ? AND query_id = ?", id));
    }

    /** No host is asked any more, and no answer is taken; those that are here stay. @throws io.marsad.kernel.problem.ProblemException 404 */
    public LiveQuery cancel(UUID id) {
        return database.inCallerTenant(connection -> {
            var before = one(
                    connection,
                    "SELECT " + COLUMNS + " FROM live_queries WHERE tenant_id = ? AND query_id = ? FOR UPDATE",
                    id);
            var now = Instant.ofEpochMilli(clock.millis());
            if (!before.state(now).equals("running")) {
                return before;
            }
            var query = one(
                    connection,
                    "UPDATE live_queries SET cancelled_at = now() WHERE tenant_id = ? AND query_id = ? RETURNING "
                            + COLUMNS,
                    id);
            audit(connection, CallerScope.current(), now, "live-query.cancel", query);
            return query;
        });
    }

    /** Answers behind the given number, in their order, with their rows. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<LiveAnswer> answers(UUID id, int after, int limit) {
        return hosts(id, "seq > ? ORDER BY seq LIMIT ?", after, limit);
    }

    /** Hosts that have not answered, by name. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<LiveAnswer> silent(UUID id, int limit) {
        return hosts(id, "? = 0 AND seq IS NULL ORDER BY hostname, endpoint_id LIMIT ?", 0, limit);
    }

    private List<LiveAnswer> hosts(UUID id, String which, int after, int limit) {
        return database.inCallerTenant(connection -> {
            one(connection, "SELECT " + COLUMNS + " FROM live_queries WHERE tenant_id = ? AND query_id = ?", id);
            var found = new ArrayList<LiveAnswer>();
            try (var select = connection.prepareStatement(
                    "SELECT * FROM live_query_hosts WHERE tenant_id = ? AND query_id = ? AND " + which)) {
                select.setString(1, CallerScope.tenant().value());
                select.setObject(2, id);
                select.setInt(3, after);
                select.setInt(4, limit);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(answer(rows));
                    }
                }
            }
            return found;
        });
    }

    private static LiveQuery one(Connection connection, String statement, UUID id) throws SQLException {
        try (var one = connection.prepareStatement(statement)) {
            one.setString(1, CallerScope.tenant().value());
            one.setObject(2, id);
            try (var rows = one.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no live query with this id.")
                            .asException();
                }
                return read(rows);
            }
        }
    }

    private static void audit(Connection connection, Caller caller, Instant now, String act, LiveQuery query)
            throws SQLException {
        var detail = AuditLog.detail(connection, "sql", query.sql(), "hosts", Integer.toString(query.hosts()));
        var entry = new AuditLog.Entry(now, caller.subject(), act, "live-query:" + query.id(), detail);
        AuditLog.append(connection, caller.tenant(), entry);
    }

    private static LiveQuery read(ResultSet row) throws SQLException {
        return new LiveQuery(
                row.getObject("query_id", UUID.class),
                row.getString("sql"),
                row.getString("discovery"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                instant(row, "cancelled_at"),
                row.getInt("hosts"),
                row.getInt("answered"),
                row.getInt("failed"),
                row.getLong("row_count"));
    }

    private static LiveAnswer answer(ResultSet row) throws SQLException {
        return new LiveAnswer(
                row.getInt("seq"),
                row.getObject("endpoint_id", UUID.class),
                row.getString("hostname"),
                row.getString("state"),
                row.getInt("status"),
                row.getString("message"),
                row.getInt("row_count"),
                row.getBoolean("truncated"),
                row.getString("rows"),
                row.getObject("wall_ms", Long.class),
                instant(row, "answered_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
