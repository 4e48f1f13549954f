package io.marsad.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What row-level security does when nothing else does: every table that the catalogue has is filled for two tenants, each
 * column with a word or value of its tenant, and then read and written by statements that name no tenant or the wrong one.
 * A table that a migration adds is looked at without a line being added here.
 */
class RowSecurityAloneTest {
    private static final TenantId A = new TenantId("kanarienvogel-a");
    private static final TenantId B = new TenantId("bravo-b");

    /** Denied by a privilege or a policy. */
    private static final String DENIED = "42501";

    /** Tables of the installation: offsets, due times and hashes, and nothing that a tenant's people wrote. */
    private static final List<String> OF_NO_TENANT = List.of(
            "flyway_schema_history",
            "passkey_challenges",
            "scheduled_tasks",
            "sign_in_attempts",
            "signing_keys",
            "vault_master_keys",
            "vault_rotation",
            "worker_positions",
            "worker_snapshots");

    /** What the installation's own transactions may see of all tenants. */
    private static final List<String> OF_INSTALLATION = List.of(
            "alert_snoozes",
            "case_clocks",
            "indicator_numbers",
            "intel_feed_clocks",
            "outbox",
            "passkey_handles",
            "tenant_quotas",
            "tenants");

    private static PostgresAccess access;
    private static Database database;
    private static final Map<String, Map<String, String>> tables = new LinkedHashMap<>(); // columns' types by name

    @BeforeAll
    static void fill() throws SQLException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        var name = access.url().substring(access.url().lastIndexOf('/') + 1);
        try (var superuser = TestPostgres.superuser(name)) {
            readCatalogue(superuser);
            // What a row has to look like is none of security's business; foreign keys rest meanwhile.
            for (var constraint : pairs(superuser, """
                    SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
                    WHERE contype = 'c' AND connamespace = 'marsad'::regnamespace""")) {
                run(superuser, "ALTER TABLE " + constraint[0] + " DROP CONSTRAINT " + constraint[1]);
            }
            run(superuser, "SET session_replication_role = replica");
            for (var table : tables.keySet()) {
                run(superuser, insert(table, A));
                run(superuser, insert(table, B));
            }
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static void readCatalogue(Connection superuser) throws SQLException {
        var columns = pairs(superuser, """
                SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'marsad'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
                AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY c.relname, a.attnum""");
        for (var column : columns) {
            var word = column[1].split(" ", 2);
            tables.computeIfAbsent(column[0], _ -> new LinkedHashMap<>()).put(word[0], word[1]);
        }
        tables.values().removeIf(types -> !types.containsKey("tenant_id"));
    }

    /** A row in which every column has something of the tenant. */
    private static String insert(String table, TenantId tenant) {
        var names = new ArrayList<String>();
        var values = new ArrayList<String>();
        Objects.requireNonNull(tables.get(table)).forEach((name, type) -> {
            names.add('"' + name + '"');
            values.add(name.equals("tenant_id") ? "'" + tenant + "'" : value(type, tenant));
        });
        return "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES (" + String.join(", ", values)
                + ")";
    }

    private static String value(String type, TenantId tenant) {
        if (type.endsWith("[]")) {
            return "ARRAY[" + value(type.substring(0, type.length() - 2), tenant) + "]";
        }
        var word = "'word of " + tenant + "'";
        if (type.startsWith("numeric(")) {
            return tenant.equals(A) ? "0.4711" : "0.815";
        }
        return switch (type) {
            case "text" -> word;
            case "bytea" -> "convert_to(" + word + ", 'UTF8')";
            case "jsonb", "json" -> "('{\"of\":\"" + tenant + "\"}')::" + type;
            case "uuid" -> "md5(" + word + ")::uuid";
            case "smallint", "integer", "bigint", "double precision", "numeric" -> tenant.equals(A) ? "4711" : "815";
            case "boolean" -> "true";
            case "date", "timestamp with time zone" -> "now()";
            default -> throw new IllegalStateException("say which value a " + type + " may have");
        };
    }

    @Test
    void everyTableIsATenantsOrKnownToBeTheInstallations() throws SQLException {
        try (var superuser = TestPostgres.as(access, access.owner())) {
            var all = new TreeSet<String>();
            pairs(
                            superuser,
                            "SELECT relname, '' FROM pg_class WHERE relnamespace = 'marsad'::regnamespace"
                                    + " AND relkind IN ('r', 'p', 'm', 'f')")
                    .forEach(table -> all.add(table[0]));
            all.removeAll(tables.keySet());
            assertThat(all).as("tables without a tenant_id").containsExactlyElementsOf(OF_NO_TENANT);
            assertThat(tables.size()).isGreaterThan(15);
        }
    }

    @Test
    void aStatementWithoutAFilterSeesTheOwnRowsOnly() {
        for (var table : tables.keySet()) {
            var seen = database.inTenant(B, c -> rows(c, "SELECT t::text FROM " + table + " t"));
            assertThat(seen).as(table).hasSize(1).allMatch(row -> row.contains(B.value()) && !row.contains(A.value()));
        }
    }

    @Test
    void aStatementForTheOtherTenantSeesNothing() {
        for (var table : tables.keySet()) {
            var filter = " WHERE tenant_id = '" + A + "'";
            assertThat(database.<List<String>>inTenant(B, c -> rows(c, "SELECT t::text FROM " + table + " t" + filter)))
                    .as(table)
                    .isEmpty();
            assertThat(database.<List<String>>inTenant(
                            B, c -> rows(c, "SELECT count(*)::text FROM " + table + filter + " OR true")))
                    .as(table)
                    .containsExactly("1");
        }
    }

    @Test
    void withoutATenantThereIsNothing() throws SQLException {
        try (var connection = TestPostgres.as(access, access.app())) {
            for (var table : tables.keySet()) {
                assertThat(rows(connection, "SELECT t::text FROM " + table + " t"))
                        .as(table)
                        .isEmpty();
            }
        }
    }

    @Test
    void theInstallationSeesWhoTheTenantsAreAndNothingElse() {
        for (var table : tables.keySet()) {
            var seen = database.inInstallation(c -> rows(c, "SELECT t::text FROM " + table + " t"));
            assertThat(seen).as(table).hasSize(OF_INSTALLATION.contains(table) ? 2 : 0);
        }
    }

    @Test
    void nothingCanBeWrittenForTheOtherTenant() {
        for (var table : tables.keySet()) {
            assertDenied(table, insert(table, A));
            assertDenied(table, "UPDATE " + table + " SET tenant_id = '" + A + "'");
            for (var change : List.of(
                    "UPDATE " + table + " SET tenant_id = tenant_id WHERE tenant_id = '" + A + "'",
                    "DELETE FROM " + table + " WHERE tenant_id = '" + A + "'")) {
                assertHitsNothing(table, change);
            }
            assertDenied(table, "TRUNCATE " + table + " CASCADE");
        }
        for (var table : tables.keySet()) {
            assertThat(database.<List<String>>inTenant(A, c -> rows(c, "SELECT t::text FROM " + table + " t")))
                    .as(table)
                    .hasSize(1)
                    .allMatch(row -> row.contains(A.value()));
        }
    }

    private static void assertDenied(String table, String sql) {
        assertThat(state(sql)).as(table + ": " + sql).isEqualTo(DENIED);
    }

    private static void assertHitsNothing(String table, String sql) {
        assertThat(state(sql)).as(table + ": " + sql).isIn("0 rows", DENIED);
    }

    /** What becomes of a statement of the second tenant: its SQLSTATE, or how many rows it touched. */
    private static String state(String sql) {
        var counted = new ArrayList<Integer>();
        var thrown = catchThrowable(() -> database.inTenant(B, c -> counted.add(run(c, sql))));
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e.getSQLState();
            }
        }
        return counted.getFirst() + " rows";
    }

    private static int run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql) ? -1 : statement.getUpdateCount();
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        return pairs(connection, "SELECT v, '' FROM (" + sql + ") AS x(v)").stream()
                .map(pair -> pair[0])
                .toList();
    }

    private static List<String[]> pairs(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var all = new ArrayList<String[]>();
            while (rows.next()) {
                all.add(new String[] {rows.getString(1), rows.getString(2)});
            }
            return all;
        }
    }
}
