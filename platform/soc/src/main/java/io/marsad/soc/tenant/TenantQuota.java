package io.marsad.soc.tenant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use; null is no limit of its own.
 *
 * @param eventsPerSecond records that the doors take, on average
 * @param storageBytes of the event store's files
 * @param queries at once
 */
public record TenantQuota(
        @Nullable Long eventsPerSecond,
        @Nullable Long storageBytes,
        @Nullable Integer queries) {
    /** No limits. */
    public static final TenantQuota NONE = new TenantQuota(null, null, null);

    static final String COLUMNS = "q.events_per_second, q.storage_bytes, q.queries";

    boolean isNone() {
        return equals(NONE);
    }

    static TenantQuota read(ResultSet row) throws SQLException {
        return new TenantQuota(
                row.getObject("events_per_second", Long.class),
                row.getObject("storage_bytes", Long.class),
                row.getObject("queries", Integer.class));
    }

    void write(Connection connection, String tenant) throws SQLException {
        try (var upsert = connection.prepareStatement("INSERT INTO tenant_quotas VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET events_per_second = excluded.events_per_second,"
                + " storage_bytes = excluded.storage_bytes, queries = excluded.queries")) {
            upsert.setString(1, tenant);
            set(upsert, 2, eventsPerSecond);
            set(upsert, 3, storageBytes);
            upsert.setObject(4, queries, Types.INTEGER);
            upsert.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int at, @Nullable Long value) throws SQLException {
        statement.setObject(at, value, Types.BIGINT);
    }

    /** For the audit. */
    @Override
    public String toString() {
        return "events_per_second=" + said(eventsPerSecond) + " storage_bytes=" + said(storageBytes) + " queries="
                + said(queries);
    }

    private static String said(@Nullable Object limit) {
        return Objects.toString(limit, "none");
    }
}
