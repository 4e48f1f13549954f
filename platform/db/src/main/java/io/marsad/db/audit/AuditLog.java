package io.marsad.db.audit;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit log: per tenant a chain without gaps, each entry with the hash of the one before. Always in the
 * transaction that does what is recorded. From where it was done is what the running {@link CallerScope} says. Stateless.
 */
public final class AuditLog {
    /** In a capacity: whose people act in the tenant of another. */
    public static final String PROVIDER = "provider";

    private AuditLog() {}

    /**
     * What was done.
     *
     * @param actor who: {@code user:UUID}, {@code token:UUID}, {@code system:NAME}
     * @param action what, as {@code object.verb}: {@code alert.transition}
     * @param object on what: {@code alert:UUID}
     * @param detail a JSON object, without secrets; what a change was from and to is its {@code before} and {@code after}
     */
    public record Entry(Instant at, String actor, String action, String object, String detail) {
        public Entry {
            at = at.truncatedTo(ChronoUnit.MICROS); // what the database keeps: the hash must be the same when read
        }

        /** The same, and in which capacity it was done. */
        private Entry in(Map<String, String> capacity) {
            if (capacity.isEmpty()) {
                return this;
            }
            var more = new StringBuilder(detail).deleteCharAt(detail.lastIndexOf('}'));
            boolean first = more.toString().isBlank() || more.toString().strip().equals("{");
            for (var one : new TreeMap<>(capacity).entrySet()) {
                more.append(first ? "" : ",").append('"').append(one.getKey());
                more.append("\":\"").append(one.getValue()).append('"');
                first = false;
            }
            return new Entry(at, actor, action, object, more.append('}').toString());
        }
    }

    /**
     * Appends and returns the entry's number. Others who append for the tenant wait until this transaction ends. What people
     * of its provider do is appended to the provider's log, too.
     */
    public static long append(Connection connection, TenantId tenant, Entry entry) throws SQLException {
        return append(connection, tenant, List.of(entry));
    }

    /** Appends several, in this order; returns the number of the first, which those of the others follow. */
    public static long append(Connection connection, TenantId tenant, List<Entry> entries) throws SQLException {
        var capacity = new TreeMap<>(CallerScope.origin().capacity());
        var provider = capacity.get(PROVIDER);
        if (tenant.value().equals(provider)) {
            capacity.remove(PROVIDER);
        }
        long first = add(
                connection,
                tenant,
                entries.stream().map(entry -> entry.in(capacity)).toList());
        if (capacity.containsKey(PROVIDER) && provider != null) {
            long seq = first;
            for (Entry entry : entries) {
                var what = detail(
                        connection, "action", entry.action(), "object", entry.object(), "seq", Long.toString(seq++));
                var act = new Entry(entry.at(), entry.actor(), "delegation.act", "tenant:" + tenant, what);
                appendBeside(connection, tenant, new TenantId(provider), act);
            }
        }
        return first;
    }

    /**
     * Appends to the log of another tenant than the transaction's: what is done by people of one in the other stands in both.
     *
     * @param own the transaction's
     */
    public static void appendBeside(Connection connection, TenantId own, TenantId other, Entry entry)
            throws SQLException {
        Database.turnTo(connection, other);
        add(connection, other, List.of(entry));
        Database.turnTo(connection, own);
    }

    /** A detail with these texts: names and values in turns; a value may be null. */
    public static String detail(Connection connection, @Nullable String... texts) throws SQLException {
        try (var select = connection.prepareStatement("SELECT json_object(?)::text")) {
            select.setArray(1, connection.createArrayOf("text", texts));
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static long add(Connection connection, TenantId tenant, List<Entry> entries) throws SQLException {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        var head = head(connection, tenant);
        long seq = head.seq();
        var hash = head.hash();
        try (var insert = connection.prepareStatement("INSERT INTO audit_log (tenant_id, " + AuditLink.COLUMNS
                + ", hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Entry entry : entries) {
                var link = new AuditLink(tenant, ++seq, entry, CallerScope.origin(), hash);
                hash = link.hash();
                bind(insert, link, hash);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var update = connection.prepareStatement("UPDATE audit_heads SET seq = ?, hash = ? WHERE tenant_id = ?")) {
            update.setLong(1, seq);
            update.setBytes(2, hash);
            update.setString(3, tenant.value());
            update.executeUpdate();
        }
        return head.seq() + 1;
    }

    private record Head(long seq, byte[] hash) {}

    /** The last entry's number and hash, locked. */
    private static Head head(Connection connection, TenantId tenant) throws SQLException {
        var head = lockedHead(connection, tenant);
        if (head != null) {
            return head;
        }
        try (var begin =
                connection.prepareStatement("INSERT INTO audit_heads VALUES (?, 0, ?) ON CONFLICT DO NOTHING")) {
            begin.setString(1, tenant.value());
            begin.setBytes(2, AuditLink.START);
            begin.executeUpdate();
        }
        return Objects.requireNonNull(lockedHead(connection, tenant), "no row is ever deleted");
    }

    private static @Nullable Head lockedHead(Connection connection, TenantId tenant) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT seq, hash FROM audit_heads WHERE tenant_id = ? FOR UPDATE")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? new Head(rows.getLong(1), rows.getBytes(2)) : null;
            }
        }
    }

    private static void bind(PreparedStatement insert, AuditLink link, byte[] hash) throws SQLException {
        var entry = link.entry();
        insert.setString(1, link.tenant().value());
        insert.setLong(2, link.seq());
        insert.setInt(3, link.version());
        insert.setTimestamp(4, Timestamp.from(entry.at()));
        insert.setString(5, entry.actor());
        insert.setString(6, entry.action());
        insert.setString(7, entry.object());
        insert.setString(8, entry.detail());
        insert.setString(9, link.origin().requestId());
        insert.setString(10, link.origin().address());
        insert.setBytes(11, link.previous());
        insert.setBytes(12, hash);
    }
}
