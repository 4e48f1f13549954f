package io.marsad.api;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A tenant's rows in every table that the catalogue has, tables that a later migration adds included. */
final class Rows {
    private static final String COLUMNS = """
            SELECT c.relname || '.' || a.attname,
                format(CASE WHEN a.atttypid = 'bytea'::regtype THEN 'encode(%I, ''escape'')' ELSE '%I::text' END, a.attname)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'marsad'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
            AND NOT a.attisdropped
            AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
            AND a.attname <> 'tenant_id'
            AND format_type(a.atttypid, NULL) IN ('text', 'text[]', 'json', 'jsonb', 'bytea')
            ORDER BY 1, 2""";

    private Rows() {}

    /** What changes without anybody's doing: when somebody was seen last, and by which key a secret is encrypted. */
    private static final String BY_ITSELF = "'{last_seen_at,last_used_at,sealed,data_key,master_key,wrapped}'::text[]";

    /** By table, what changes with any of the rows. */
    static Map<String, String> digests(Database database, TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            var digests = new TreeMap<String, String>();
            var tables = new TreeSet<String>();
            pairs(connection, COLUMNS).forEach(column -> tables.add(table(column[0])));
            tables.remove("vault_data_keys"); // a key after the other
            for (var table : tables) {
                var digest = pairs(
                        connection,
                        "SELECT count(*), md5(string_agg(x, '|' ORDER BY x)) FROM (SELECT (to_jsonb(t) - " + BY_ITSELF
                                + ")::text FROM " + table + " t) AS rows(x)");
                digests.put(table, String.join(" ", digest.getFirst()));
            }
            return digests;
        });
    }

    /** Columns of texts, {@code table.column}, in which no row of the tenant has the word. */
    static List<String> without(Database database, TenantId tenant, String word) {
        return database.inTenant(tenant, connection -> {
            var without = new ArrayList<String>();
            for (var column : pairs(connection, COLUMNS)) {
                var found = pairs(
                        connection,
                        "SELECT count(*), '' FROM " + table(column[0]) + " WHERE strpos(" + column[1] + ", '" + word
                                + "') > 0");
                if (found.getFirst()[0].equals("0")) {
                    without.add(column[0]);
                }
            }
            return without;
        });
    }

    private static String table(String column) {
        return column.substring(0, column.indexOf('.'));
    }

    private static List<String[]> pairs(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var all = new ArrayList<String[]>();
            while (rows.next()) {
                all.add(new String[] {rows.getString(1), String.valueOf(rows.getString(2))});
            }
            return all;
        }
    }
}
