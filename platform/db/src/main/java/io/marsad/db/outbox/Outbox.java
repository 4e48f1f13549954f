package io.marsad.db.outbox;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The queues of what is to be done about changes. Exactly once, whatever is killed: an item is put in the transaction of
 * the change and taken out in the transaction of what was done about it. Done by {@link OutboxRunner}.
 *
 * <p>Thread-safe.
 */
public final class Outbox {
    static final String CHANNEL = "marsad_outbox";
    static final int MOST_REASON = 2_000;

    /**
     * Materialized: a plan that asks the inner question again for each row would take more than the limit. An array: a join
     * may be planned as a walk over all items of the tenant.
     */
    private static final String CLAIM = """
            WITH taken AS MATERIALIZED (
                SELECT item_id FROM outbox WHERE tenant_id = ? AND queue = ? AND NOT dead AND next_at <= ?
                ORDER BY next_at, item_id LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE outbox SET claim = ?, next_at = ?
            WHERE tenant_id = ? AND item_id = ANY (ARRAY(SELECT item_id FROM taken))
            RETURNING item_id, subject, failures""";

    private static final String DUE = """
            WITH RECURSIVE due (tenant_id) AS (
                (SELECT tenant_id FROM outbox WHERE queue = ? AND NOT dead AND next_at <= ?
                    ORDER BY tenant_id LIMIT 1)
                UNION ALL
                SELECT (SELECT o.tenant_id FROM outbox o WHERE queue = ? AND NOT dead AND next_at <= ?
                    AND o.tenant_id > due.tenant_id ORDER BY o.tenant_id LIMIT 1)
                FROM due WHERE due.tenant_id IS NOT NULL)
            SELECT tenant_id FROM due WHERE tenant_id IS NOT NULL""";

    private final Database database;

    public Outbox(Database database) {
        this.database = database;
    }

    /** An item as it was put. @param at when it was to be due */
    public record Due(UUID subject, Instant at) {}

    /** What waits for a person: it has failed too often. */
    public record Dead(long id, UUID subject, Instant putAt, Instant failedAt, int failures, String reason) {}

    /**
     * Puts each subject into each queue, inside the tenant's transaction in which it changed.
     *
     * @param now when it is due
     */
    public static void put(
            Connection connection, TenantId tenant, Instant now, List<String> queues, Collection<UUID> subjects)
            throws SQLException {
        if (queues.isEmpty() || subjects.isEmpty()) {
            return;
        }
        try (var insert = connection.prepareStatement("INSERT INTO outbox (tenant_id, queue, subject, put_at, next_at)"
                + " SELECT ?, queue, subject, ?, ? FROM unnest(?) WITH ORDINALITY AS s (subject, nth)"
                + " CROSS JOIN unnest(?) AS q (queue) ORDER BY nth; SELECT pg_notify('" + CHANNEL + "', ?)")) {
            insert.setString(1, tenant.value());
            insert.setTimestamp(2, Timestamp.from(now));
            insert.setTimestamp(3, Timestamp.from(now));
            insert.setArray(4, connection.createArrayOf("uuid", subjects.toArray()));
            insert.setArray(5, connection.createArrayOf("text", queues.toArray()));
            insert.setString(6, told(queues, tenant));
            insert.execute();
        }
    }

    /**
     * Takes out what is not to be done any more, inside the tenant's transaction in which that became so; what somebody is
     * at now stays.
     */
    public static void withdraw(Connection connection, TenantId tenant, String queue, List<Due> due)
            throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM outbox WHERE queue = ? AND tenant_id = ?"
                + " AND next_at = ? AND subject = ? AND NOT dead AND claim IS NULL")) {
            for (var one : due) {
                delete.setString(1, queue);
                delete.setString(2, tenant.value());
                delete.setTimestamp(3, Timestamp.from(one.at()));
                delete.setObject(4, one.subject());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    /** What is said on the channel: the queues, then the tenant. */
    private static String told(List<String> queues, TenantId tenant) {
        return String.join(",", queues) + " " + tenant.value();
    }

    /**
     * Those that wait for a person, newest failure first.
     *
     * @param limit at most so many
     */
    public static List<Dead> dead(Connection connection, TenantId tenant, String queue, int limit) throws SQLException {
        var dead = new ArrayList<Dead>();
        try (var select = connection.prepareStatement("SELECT item_id, subject, put_at, failed_at, failures, reason"
                + " FROM outbox JOIN outbox_failures USING (tenant_id, item_id)"
                + " WHERE tenant_id = ? AND queue = ? AND dead ORDER BY failed_at DESC, item_id LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setString(2, queue);
            select.setInt(3, limit);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    dead.add(new Dead(
                            rows.getLong(1),
                            rows.getObject(2, UUID.class),
                            rows.getTimestamp(3).toInstant(),
                            rows.getTimestamp(4).toInstant(),
                            rows.getInt(5),
                            rows.getString(6)));
                }
            }
        }
        return dead;
    }

    /**
     * Has it tried anew.
     *
     * @param items ids of {@link Dead}; null: all of the queue
     * @return how many
     */
    public static int replay(
            Connection connection, TenantId tenant, String queue, @Nullable List<Long> items, Instant now)
            throws SQLException {
        int replayed;
        try (var update = connection.prepareStatement(
                "UPDATE outbox SET dead = false, failures = 0, next_at = ?,"
                        + " claim = NULL WHERE tenant_id = ? AND queue = ? AND dead AND (?::bigint[] IS NULL OR item_id = ANY (?))")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant.value());
            update.setString(3, queue);
            var ids = items == null ? null : connection.createArrayOf("bigint", items.toArray());
            update.setArray(4, ids);
            update.setArray(5, ids);
            replayed = update.executeUpdate();
        }
        try (var notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            notify.setString(1, told(List.of(queue), tenant));
            notify.executeQuery().close();
        }
        return replayed;
    }

    /** Whose work is due; one question however many tenants there are. */
    List<TenantId> due(String queue, Instant now) {
        return database.inInstallation(connection -> {
            var tenants = new ArrayList<TenantId>();
            try (var select = connection.prepareStatement(DUE)) {
                select.setString(1, queue);
                select.setTimestamp(2, Timestamp.from(now));
                select.setString(3, queue);
                select.setTimestamp(4, Timestamp.from(now));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        tenants.add(new TenantId(rows.getString(1)));
                    }
                }
            }
            return tenants;
        });
    }

    /** Takes what is due, until then nobody else's; no items when nothing is. */
    Claim claim(TenantId tenant, String queue, Instant now, Instant until, int most) {
        var token = UUID.randomUUID();
        return database.inTenant(tenant, connection -> {
            var items = new ArrayList<Claim.Item>();
            try (var update = connection.prepareStatement(CLAIM)) {
                update.setString(1, tenant.value());
                update.setString(2, queue);
                update.setTimestamp(3, Timestamp.from(now));
                update.setInt(4, most);
                update.setObject(5, token);
                update.setTimestamp(6, Timestamp.from(until));
                update.setString(7, tenant.value());
                try (var rows = update.executeQuery()) {
                    while (rows.next()) {
                        items.add(new Claim.Item(rows.getLong(1), rows.getObject(2, UUID.class), rows.getInt(3)));
                    }
                }
            }
            items.sort(java.util.Comparator.comparingLong(Claim.Item::id));
            return new Claim(tenant, queue, token, items);
        });
    }

    /** Keeps what is left of it until then. */
    void renew(Claim claim, Instant until) {
        database.inTenant(claim.tenant(), connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE outbox SET next_at = ? WHERE tenant_id = ? AND item_id = ANY (?) AND claim = ?")) {
                update.setTimestamp(1, Timestamp.from(until));
                update.setString(2, claim.tenant().value());
                update.setArray(3, claim.ids(connection));
                update.setObject(4, claim.token());
                return update.executeUpdate();
            }
        });
    }

    /**
     * Says that it has failed.
     *
     * @param again when it is tried again; null: never, unless a person says so
     */
    void failed(Claim claim, String reason, Instant now, @Nullable Instant again) {
        database.inTenant(claim.tenant(), connection -> {
            try (var update = connection.prepareStatement("WITH failed AS ("
                    + "UPDATE outbox SET claim = NULL, failures = failures + 1, next_at = ?, dead = ?"
                    + " WHERE tenant_id = ? AND item_id = ANY (?) AND claim = ? RETURNING tenant_id, item_id)"
                    + " INSERT INTO outbox_failures SELECT tenant_id, item_id, ?, ? FROM failed"
                    + " ON CONFLICT (tenant_id, item_id) DO UPDATE SET failed_at = excluded.failed_at,"
                    + " reason = excluded.reason")) {
                update.setTimestamp(1, Timestamp.from(again == null ? now : again));
                update.setBoolean(2, again == null);
                update.setString(3, claim.tenant().value());
                update.setArray(4, claim.ids(connection));
                update.setObject(5, claim.token());
                update.setTimestamp(6, Timestamp.from(now));
                update.setString(7, reason.substring(0, Math.min(reason.length(), MOST_REASON)));
                return update.executeUpdate();
            }
        });
    }
}
