package io.marsad.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static final TenantId RED = new TenantId("red");
    private static final TenantId BLUE = new TenantId("blue");
    private static PostgresAccess access;
    private static Database database;

    @BeforeAll
    static void open() throws SQLException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        for (var tenant : new TenantId[] {RED, BLUE}) {
            database.inInstallation(c -> update(c, "INSERT INTO tenants VALUES ('" + tenant + "', 'T', now())"));
            database.inTenant(tenant, c -> addUser(c, tenant, "someone"));
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void aTenantSeesItsOwnRowsOnly() {
        assertThat(database.<Integer>inTenant(RED, c -> count(c, "users"))).isEqualTo(1);
        assertThat(database.<Integer>inTenant(RED, c -> count(c, "tenants"))).isEqualTo(1);
        assertThat(database.<Integer>inTenant(new TenantId("green"), c -> count(c, "users")))
                .isZero();
        assertThat(CallerScope.callAs(
                        Caller.system(BLUE, "test"),
                        () -> database.<Integer>inCallerTenant(c -> count(c, "users WHERE tenant_id = 'red'"))))
                .isZero();
    }

    @Test
    void theInstallationSeesTenantsButNoTenantsRows() {
        assertThat(database.<Integer>inInstallation(c -> count(c, "tenants"))).isEqualTo(2);
        assertThat(database.<Integer>inInstallation(c -> count(c, "users"))).isZero();
    }

    @Test
    void withoutATenantNothingIsThere() throws SQLException {
        try (var connection = TestPostgres.as(access, access.app())) {
            assertThat(count(connection, "users")).isZero();
            assertThat(count(connection, "tenants")).isZero();
            assertThatThrownBy(() -> addUser(connection, RED, "mallory")).hasMessageContaining("row-level security");
        }
    }

    @Test
    void theOwnerIsUnderTheSameRule() throws SQLException {
        try (var connection = TestPostgres.as(access, access.owner())) {
            assertThat(count(connection, "users")).isZero();
        }
    }

    @Test
    void nothingOfATransactionStaysOnThePooledConnection() {
        for (int i = 0; i < 20; i++) {
            database.inTenant(RED, c -> count(c, "users"));
        }
        assertThat(database.<Integer>inInstallation(c -> count(c, "users"))).isZero();
    }

    @Test
    void writingIntoAnotherTenantIsRefused() {
        assertThatThrownBy(() -> database.inTenant(RED, c -> addUser(c, BLUE, "mallory")))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("row-level security");
        assertThatThrownBy(() -> database.inTenant(RED, c -> update(c, "UPDATE users SET tenant_id = 'blue'")))
                .hasMessageContaining("row-level security");
        assertThat(database.<Integer>inTenant(RED, c -> update(c, "DELETE FROM users WHERE tenant_id = 'blue'")))
                .isZero();
        assertThat(database.<Integer>inTenant(BLUE, c -> count(c, "users"))).isEqualTo(1);
    }

    @Test
    void theApplicationRoleCannotSwitchItOff() {
        for (var sql : new String[] {
            "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE users NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON users",
            "CREATE POLICY open ON users USING (true)",
            "TRUNCATE users",
            "ALTER ROLE " + access.app().user() + " BYPASSRLS",
            "SET ROLE " + access.owner().user(),
            "CREATE TABLE copy AS SELECT * FROM users",
        }) {
            assertThatThrownBy(() -> database.inTenant(RED, c -> update(c, sql)))
                    .as(sql)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageMatching("(?s).*(must be owner|permission denied).*");
        }
        assertThatThrownBy(() -> database.inTenant(RED, c -> {
                    update(c, "SET LOCAL row_security = off");
                    return count(c, "users");
                }))
                .hasMessageContaining("affected by row-level security");
    }

    @Test
    void aFailedTransactionLeavesNothing() {
        assertThatThrownBy(() -> database.inTenant(RED, c -> {
                    addUser(c, RED, "ghost");
                    throw new IllegalStateException("changed my mind");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(database.<Integer>inTenant(RED, c -> count(c, "users WHERE username = 'ghost'")))
                .isZero();
    }

    @Test
    void deadlocksAreRunAgain() throws Exception {
        var a = database.inTenant(RED, c -> addUser(c, RED, "first"));
        var b = database.inTenant(RED, c -> addUser(c, RED, "second"));
        var bothHoldOne = new CountDownLatch(2);
        var runs = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var one = threads.submit(() -> lockBoth(a, b, bothHoldOne, runs));
            var two = threads.submit(() -> lockBoth(b, a, bothHoldOne, runs));
            one.get(30, TimeUnit.SECONDS);
            two.get(30, TimeUnit.SECONDS);
        }
        assertThat(runs.get()).isGreaterThan(2);
        database.inTenant(RED, c -> update(c, "DELETE FROM users WHERE username IN ('first', 'second')"));
    }

    private static Integer lockBoth(UUID first, UUID second, CountDownLatch bothHoldOne, AtomicInteger runs) {
        return database.inTenant(RED, c -> {
            runs.incrementAndGet();
            update(c, "UPDATE users SET role = 'x' WHERE user_id = '" + first + "'");
            bothHoldOne.countDown();
            try {
                assertThat(bothHoldOne.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return update(c, "UPDATE users SET role = 'x' WHERE user_id = '" + second + "'");
        });
    }

    @Test
    void notificationsArriveWithTheCommit() throws Exception {
        var received = new LinkedBlockingQueue<String>();
        try (var subscription = database.listen("test_channel", received::add)) {
            assertThat(subscription).isNotNull();
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEmpty();
            database.inTenant(RED, c -> {
                c.createStatement().execute("SELECT pg_notify('test_channel', 'red')");
                assertThat(received).isEmpty();
                return 0;
            });
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("red");
        }
    }

    static UUID addUser(Connection connection, TenantId tenant, String name) throws SQLException {
        var id = UUID.randomUUID();
        try (var statement = connection.prepareStatement(
                "INSERT INTO users (tenant_id, user_id, username, username_key, role, created_at)"
                        + " VALUES (?, ?, ?, ?, 'auditor', now())")) {
            statement.setString(1, tenant.value());
            statement.setObject(2, id);
            statement.setString(3, name);
            statement.setString(4, name);
            statement.executeUpdate();
        }
        return id;
    }

    static int update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    static int count(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
