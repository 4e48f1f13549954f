package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The same as {@link IsolationTest}, on a platform whose own conditions on the tenant mean nothing ({@link Unfiltered}): row-level
 * security alone keeps the tenants apart. That the test would see it if it did not is tried last, without row-level security.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RowSecurityIsolationTest {
    private static Unfiltered way;
    private static TestNode node;
    private static Isolation isolation;

    @BeforeAll
    static void start() throws Exception {
        var opened = new AtomicReference<Unfiltered>();
        node = TestNode.on(direct -> {
            var between = Unfiltered.to(direct);
            opened.set(between);
            return between.access(direct);
        });
        way = Objects.requireNonNull(opened.get(), "opened by the node");
        isolation = Isolation.on(node).byTheMightiest();
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        way.close();
    }

    @Test
    @Order(1)
    void nothingOfTheOtherTenantComesBack() throws Exception {
        assertThat(isolation.assertNothingComesBack()).isGreaterThan(1_000);
        isolation.assertJobsFindNothing();
        isolation.assertLiveTellsOfTheOwnOnly();
        assertThat(way.left())
                .as("conditions on the tenant that still mean something")
                .isEmpty();
        assertThat(way.changed()).as("statements that lost theirs").hasSizeGreaterThan(40);
    }

    @Test
    @Order(2)
    void withoutRowSecurityTheOtherTenantShows() throws Exception {
        var direct = node.postgres.access();
        try (var owner = DriverManager.getConnection(
                        direct.url() + "?currentSchema=marsad",
                        direct.owner().user(),
                        direct.owner().password());
                var statement = owner.createStatement()) {
            statement.execute("""
                    DO $$ DECLARE name text; BEGIN
                    FOR name IN SELECT oid::regclass FROM pg_class
                        WHERE relnamespace = 'marsad'::regnamespace AND relrowsecurity LOOP
                        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', name);
                    END LOOP; END $$""");
        } catch (SQLException e) {
            throw new IllegalStateException("the owner takes row-level security away", e);
        }
        assertThat(isolation.leaks())
                .contains("getAlert", "getHunt", "getScheduleRun", "listAlerts", "listRoles", "listSchedules")
                .hasSizeGreaterThan(10);
    }
}
