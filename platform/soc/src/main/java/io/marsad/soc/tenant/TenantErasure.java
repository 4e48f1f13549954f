package io.marsad.soc.tenant;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes a tenant's rows out of every table that the catalogue has, tables that a later migration adds included. What the
 * application role may not delete from stays: the audit log. Rows go in portions, so that no statement takes long; done
 * again, it goes on where it ended.
 */
final class TenantErasure {
    private static final int AT_ONCE = 10_000;

    /** Who the tenants are: the row of a deleted one keeps its id from coming again. */
    private static final String LIST = "tenants";

    private final Database database;
    private final TenantId tenant;

    TenantErasure(Database database, TenantId tenant) {
        this.database = database;
        this.tenant = tenant;
    }

    private record Table(String name, boolean deletable, Set<String> refersTo) {}

    /** Deletes, and returns by table how many rows went and were there to see. */
    Map<String, Long> erase() {
        var gone = new TreeMap<String, Long>();
        for (var table : childrenFirst()) {
            long rows = 0;
            int last = AT_ONCE;
            while (last == AT_ONCE) {
                last = database.<Integer>inTenant(tenant, connection -> deleteSome(connection, table));
                rows += last;
            }
            if (rows > 0) {
                gone.put(table, rows);
            }
        }
        database.inInstallation(connection -> {
            try (var due = connection.prepareStatement("DELETE FROM scheduled_tasks WHERE task_instance ^@ ?")) {
                due.setString(1, tenant + "/");
                return due.executeUpdate();
            }
        });
        return gone;
    }

    /** Tables that still have a row of the tenant though they should not. */
    Set<String> left() {
        var left = new TreeSet<String>();
        for (var table : childrenFirst()) {
            if (database.<Boolean>inTenant(tenant, connection -> hasRows(connection, table))) {
                left.add(table);
            }
        }
        return left;
    }

    /** Tables whose rows of the tenant stay. */
    Set<String> kept() {
        var kept = new TreeSet<String>();
        for (var table : tables()) {
            if (!table.deletable && database.<Boolean>inTenant(tenant, c -> hasRows(c, table.name))) {
                kept.add(table.name);
            }
        }
        return kept;
    }

    private int deleteSome(Connection connection, String table) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
                        + table + " WHERE tenant_id = ? LIMIT " + AT_ONCE + "))")) {
            delete.setString(1, tenant.value());
            return delete.executeUpdate();
        }
    }

    private static boolean hasRows(Connection connection, String table) throws SQLException {
        try (var select = connection.prepareStatement("SELECT EXISTS (SELECT FROM " + table + ")");
                var rows = select.executeQuery()) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** Those that can be emptied; a table comes before those that it refers to. */
    private List<String> childrenFirst() {
        var waiting = new ArrayList<>(tables());
        waiting.removeIf(table -> !table.deletable || table.name.equals(LIST));
        var ordered = new ArrayList<String>();
        while (!waiting.isEmpty()) {
            var free = waiting.stream()
                    .filter(table ->
                            waiting.stream().noneMatch(other -> other != table && other.refersTo.contains(table.name)))
                    .toList();
            if (free.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + waiting);
            }
            free.forEach(table -> ordered.add(table.name));
            waiting.removeAll(free);
        }
        return ordered;
    }

    private List<Table> tables() {
        return database.inInstallation(connection -> {
            try (var select = connection.prepareStatement("""
                            SELECT c.oid::regclass::text, has_table_privilege(c.oid, 'DELETE'),
                                ARRAY(SELECT f.confrelid::regclass::text FROM pg_constraint f
                                    WHERE f.conrelid = c.oid AND f.contype = 'f')
                            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
                            WHERE c.relnamespace = 'marsad'::regnamespace AND c.relkind IN ('r', 'p')
                            AND NOT a.attisdropped ORDER BY 1""");
                    var rows = select.executeQuery()) {
                var tables = new ArrayList<Table>();
                while (rows.next()) {
                    var parents = rows.getArray(3).getArray() instanceof String[] names ? names : new String[0];
                    tables.add(new Table(rows.getString(1), rows.getBoolean(2), Set.copyOf(List.of(parents))));
                }
                return tables;
            }
        });
    }
}
