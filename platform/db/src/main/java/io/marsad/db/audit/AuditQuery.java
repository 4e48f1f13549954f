package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a tenant's audit log are wanted; what is null may be anything.
 *
 * @param actor who, whole: {@code user:UUID}
 * @param action what, whole, or the beginning of it when it ends with a dot: {@code alert.}
 * @param object on what, whole, or the beginning of it when it ends with a colon: {@code alert:}
 * @param from from this time on
 * @param to before this time
 */
public record AuditQuery(
        @Nullable String actor,
        @Nullable String action,
        @Nullable String object,
        @Nullable Instant from,
        @Nullable Instant to) {

    /**
     * An entry as it stands in the log.
     *
     * @param requestId empty when it was no request
     * @param address empty when it was the platform itself
     */
    public record Found(
            long seq,
            Instant at,
            String actor,
            String action,
            String object,
            String detail,
            String requestId,
            String address,
            byte[] hash) {}

    /**
     * The newest that fit, newest first.
     *
     * @param before only entries with a lower number
     */
    public List<Found> newest(Connection connection, TenantId tenant, long before, int limit) throws SQLException {
        return page(connection, tenant, "seq < ?", before, "DESC", limit);
    }

    /** The oldest that fit and have a higher number, in their order. */
    public List<Found> following(Connection connection, TenantId tenant, long after, int limit) throws SQLException {
        return page(connection, tenant, "seq > ?", after, "ASC", limit);
    }

    private List<Found> page(Connection connection, TenantId tenant, String where, long place, String order, int limit)
            throws SQLException {
        var sql = new StringBuilder("SELECT seq, at, actor, action, object, detail, request_id, address, hash"
                + " FROM audit_log WHERE tenant_id = ? AND " + where);
        var values = new ArrayList<Object>(List.of(tenant.value(), place));
        add(sql, values, actor, "actor");
        add(sql, values, action, "action");
        add(sql, values, object, "object");
        if (from != null) {
            sql.append(" AND at >= ?");
            values.add(Timestamp.from(from));
        }
        if (to != null) {
            sql.append(" AND at < ?");
            values.add(Timestamp.from(to));
        }
        sql.append(" ORDER BY seq ").append(order).append(" LIMIT ?");
        values.add(limit);
        try (var select = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            var found = new ArrayList<Found>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Found(
                            rows.getLong(1),
                            rows.getTimestamp(2).toInstant(),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6),
                            rows.getString(7),
                            rows.getString(8),
                            rows.getBytes(9)));
                }
            }
            return found;
        }
    }

    private static void add(StringBuilder sql, List<Object> values, @Nullable String wanted, String column) {
        if (wanted == null) {
            return;
        }
        boolean beginning = wanted.endsWith(".") || wanted.endsWith(":");
        sql.append(" AND ").append(beginning ? "starts_with(" + column + ", ?)" : column + " = ?");
        values.add(wanted);
    }
}
