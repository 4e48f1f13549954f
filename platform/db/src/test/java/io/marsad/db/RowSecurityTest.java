package io.marsad.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.PostgresAccess.Login;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R1: the start is refused whenever somebody could see past row-level security. */
class RowSecurityTest {
    @Test
    void ourOwnSchemaIsSafe() throws SQLException {
        var access = TestPostgres.freshAccess();
        Database.open(access).close();
        try (var connection = TestPostgres.as(access, access.app())) {
            assertThat(RowSecurity.faults(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SUPERUSER   | has SUPERUSER
            BYPASSRLS   | has BYPASSRLS
            REPLICATION | has REPLICATION
            CREATEROLE  | has CREATEROLE
            """)
    void aMightyRoleIsRefused(String attribute, String fault) throws SQLException {
        refused(withRole(TestPostgres.freshAccess(), "LOGIN " + attribute), fault);
    }

    @Test
    void theOwnerItselfIsRefused() throws SQLException {
        var access = TestPostgres.freshAccess();
        refused(
                new PostgresAccess(access.url(), access.owner(), access.owner()),
                "owns (or is a member of the owner of)");
    }

    @Test
    void aMemberOfTheOwnerIsRefused() throws SQLException {
        var access = TestPostgres.freshAccess();
        refused(withRole(access, "LOGIN NOINHERIT IN ROLE " + access.owner().user()), "is a member of the owner of");
    }

    @Test
    void aMemberOfARoleThatBypassesIsRefused() throws SQLException {
        var access = TestPostgres.freshAccess();
        var mighty = "mighty_" + UUID.randomUUID().toString().replace('-', '_');
        try (var connection = TestPostgres.superuser("postgres")) {
            connection.createStatement().execute("CREATE ROLE " + mighty + " BYPASSRLS");
        }
        refused(withRole(access, "LOGIN NOINHERIT IN ROLE " + mighty), "is a member of " + mighty);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE TABLE t (tenant_id text)                                         | table t has a tenant_id but no forced
            CREATE TABLE t (tenant_id text); CALL isolate('t'); ALTER TABLE t NO FORCE ROW LEVEL SECURITY | no forced
            CREATE TABLE t (tenant_id text); CALL isolate('t'); ALTER TABLE t DISABLE ROW LEVEL SECURITY  | no forced
            CREATE TABLE t (tenant_id text); CALL isolate('t'); DROP POLICY tenant ON t                   | no policy
            CREATE TABLE t (tenant_id text); CALL isolate('t'); CREATE POLICY open ON t USING (true)      | has policy open
            CREATE TABLE t (tenant_id text); CALL isolate('t'); CREATE POLICY open ON t FOR INSERT WITH CHECK (true) | has policy open
            CREATE TABLE t (tenant_id text, x text UNIQUE); CALL isolate('t')       | does not begin with tenant_id
            CREATE TABLE t (tenant_id text); CALL isolate('t'); GRANT TRUNCATE ON t TO PUBLIC | may TRUNCATE
            CREATE TABLE t (tenant_id text) PARTITION BY LIST (tenant_id)           | no forced
            CREATE VIEW v AS SELECT * FROM users                                    | view v reads as its owner
            CREATE MATERIALIZED VIEW v AS SELECT * FROM users                       | view v reads as its owner
            CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1' | function f runs as its owner
            """)
    void aCarelessMigrationIsRefused(String sql, String fault) throws SQLException {
        var access = TestPostgres.freshAccess();
        Database.open(access).close();
        try (var owner = TestPostgres.as(access, access.owner())) {
            owner.createStatement().execute(sql);
        }
        refused(access, fault);
    }

    @Test
    void aMissingRoleIsExplained() throws SQLException {
        var access = TestPostgres.freshAccess();
        var missing = new PostgresAccess(access.url(), access.owner(), new Login("nobody_yet", "x"));
        assertThatThrownBy(() -> Database.open(missing))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("CREATE ROLE \"nobody_yet\" LOGIN NOSUPERUSER NOBYPASSRLS");
    }

    @Test
    void anUnreachableServerIsExplained() {
        var access = new PostgresAccess("jdbc:postgresql://127.0.0.1:1/x", new Login("a", "b"), new Login("c", "d"));
        assertThatThrownBy(() -> Database.open(access))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.unavailable()).isTrue());
    }

    private static PostgresAccess withRole(PostgresAccess access, String options) throws SQLException {
        var name = "app_" + UUID.randomUUID().toString().replace('-', '_');
        try (var connection = TestPostgres.superuser("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + name + " PASSWORD 'pw' " + options);
        }
        return new PostgresAccess(access.url(), access.owner(), new Login(name, "pw"));
    }

    private static void refused(PostgresAccess access, String fault) {
        assertThatThrownBy(() -> Database.open(access).close())
                .isInstanceOf(InsecureDatabaseException.class)
                .hasMessageContaining(fault);
    }
}
