package io.marsad.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Proves, from the catalogue and as the application role, that no tenant can see another's rows (R1): the role has no way
 * around row-level security, and every table with a {@code tenant_id} is under it, forced, by a policy that compares it
 * with the transaction's tenant.
 */
public final class RowSecurity {
    /** A query whose every row is a fault, and how it reads. */
    private record Check(String sql, String fault) {}

    private static final String TENANT_TABLES = """
            SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attnum
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE n.nspname = 'marsad' AND c.relkind IN ('r', 'p')""";

    private static final List<Check> CHECKS = List.of(
            new Check("""
                    SELECT rolname, concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END,
                        CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
                        CASE WHEN rolcreaterole THEN 'CREATEROLE' END)
                    FROM pg_roles WHERE rolname = current_user
                    AND (rolsuper OR rolbypassrls OR rolreplication OR rolcreaterole)""", """
                    the application role %s has %s: ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE"""),
            new Check("""
                    SELECT current_user, r.rolname FROM pg_roles r
                    WHERE (r.rolsuper OR r.rolbypassrls) AND r.rolname <> current_user
                    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                    AND pg_has_role(current_user, r.oid, 'MEMBER')""", """
                    the application role %s is a member of %s, which bypasses row-level security: REVOKE the membership"""),
            new Check("""
                    SELECT current_user, string_agg(c.relname, ', ' ORDER BY c.relname)
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'marsad' AND c.relkind IN ('r', 'p', 'v', 'm')
                    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                    AND pg_has_role(current_user, c.relowner, 'MEMBER') HAVING count(*) > 0""", """
                    the application role %s owns (or is a member of the owner of) %s and could switch its security off: \
                    use a role of its own"""),
            new Check(
                    "SELECT relname, '' FROM (" + TENANT_TABLES
                            + ") t WHERE NOT (relrowsecurity AND relforcerowsecurity)",
                    "table %s has a tenant_id but no forced row-level security%s: CALL isolate('TABLE') in its migration"),
            new Check(
                    "SELECT relname, '' FROM (" + TENANT_TABLES + ") t WHERE relrowsecurity"
                            + " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)",
                    "table %s has a tenant_id but no policy%s: CALL isolate('TABLE') in its migration"),
            new Check(
                    "SELECT relname, polname FROM (" + TENANT_TABLES + ") t JOIN pg_policy p ON p.polrelid = t.oid"
                            + " WHERE p.polpermissive AND (coalesce(pg_get_expr(p.polqual, p.polrelid),"
                            + " pg_get_expr(p.polwithcheck, p.polrelid)) NOT LIKE '%current_setting(''marsad.tenant''%'"
                            + " OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid),"
                            + " pg_get_expr(p.polqual, p.polrelid)) NOT LIKE '%current_setting(''marsad.tenant''%')",
                    "table %s has policy %s, which does not compare with the transaction's tenant"),
            new Check(
                    "SELECT t.relname, i.relname FROM (" + TENANT_TABLES + ") t JOIN pg_index x ON x.indrelid = t.oid"
                            + " JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique AND x.indkey[0] <> t.attnum",
                    "table %s has the unique key %s, which does not begin with tenant_id: its errors would tell of other"
                            + " tenants' values"),
            new Check(
                    "SELECT relname, '' FROM (" + TENANT_TABLES
                            + ") t WHERE has_table_privilege(current_user, oid, 'TRUNCATE, TRIGGER')",
                    "the application role may TRUNCATE (which ignores row-level security) or put triggers on table %s%s"),
            new Check("""
                    SELECT c.relname, CASE c.relkind WHEN 'm' THEN 'materialized views know no row-level security'
                        ELSE 'make it WITH (security_invoker = true)' END
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'marsad' AND (c.relkind = 'm' OR c.relkind = 'v'
                    AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))""", "view %s reads as its owner: %s"),
            new Check("""
                    SELECT p.proname, '' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                    WHERE n.nspname = 'marsad' AND p.prosecdef""", "function %s runs as its owner (SECURITY DEFINER)%s"));

    private RowSecurity() {}

    /**
     * @param app a connection signed in as the application role
     * @throws InsecureDatabaseException with every fault there is
     */
    public static void requireSafe(Connection app) throws SQLException {
        var faults = faults(app);
        if (!faults.isEmpty()) {
            throw new InsecureDatabaseException(faults);
        }
    }

    /** Every way around row-level security that the connection's role has; empty when there is none. */
    public static List<String> faults(Connection app) throws SQLException {
        var faults = new ArrayList<String>();
        try (var statement = app.createStatement()) {
            for (Check check : CHECKS) {
                try (var rows = statement.executeQuery(check.sql)) {
                    while (rows.next()) {
                        faults.add(String.format(Locale.ROOT, check.fault, rows.getString(1), rows.getString(2)));
                    }
                }
            }
        }
        return faults;
    }
}
