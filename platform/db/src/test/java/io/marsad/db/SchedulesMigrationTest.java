package io.marsad.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Playbooks that were on before schedules were followed, and what is done with them afterwards. */
class SchedulesMigrationTest {
    private static final TenantId RED = new TenantId("red");
    private static final TenantId BLUE = new TenantId("blue");

    @Test
    void whatIsOnIsLookedAtAndWhateverIsSwitchedOrChanged() throws SQLException {
        var access = TestPostgres.freshAccess();
        Migrations.configuration(access).target("58").load().migrate();
        try (var before = TestPostgres.as(access, access.app())) {
            before.setAutoCommit(false);
            for (var tenant : List.of(RED, BLUE)) {
                try (var statement = before.createStatement()) {
                    statement.execute("SELECT set_config('marsad.scope', 'installation', true)");
                    statement.execute("INSERT INTO tenants VALUES ('" + tenant + "', 'T', now())");
                    statement.execute("SELECT set_config('marsad.tenant', '" + tenant + "', true)");
                    statement.execute(playbook(tenant, 1, true));
                    statement.execute(playbook(tenant, 2, false));
                }
                before.commit();
            }
        }
        try (var database = Database.open(access)) {
            for (var tenant : List.of(RED, BLUE)) {
                assertThat(taken(database, tenant)).containsExactly(1);
            }
            change(database, playbook(RED, 3, true));
            change(database, playbook(RED, 4, false));
            assertThat(taken(database, RED)).containsExactly(3);
            change(database, "UPDATE playbooks SET left_count = 1");
            change(database, "UPDATE playbooks SET version = 'b' WHERE NOT enabled");
            assertThat(taken(database, RED)).isEmpty();
            change(database, "UPDATE playbooks SET version = 'c'");
            assertThat(taken(database, RED)).containsExactlyInAnyOrder(1, 3);
            change(
                    database,
                    "UPDATE playbooks SET enabled = NOT enabled WHERE playbook_id IN ('" + id(1) + "', '" + id(2)
                            + "')");
            assertThat(taken(database, RED)).containsExactlyInAnyOrder(1, 2);
            assertThat(taken(database, BLUE)).isEmpty();
        }
    }

    private static String id(int number) {
        return "00000000-0000-4000-8000-00000000000" + number;
    }

    private static String playbook(TenantId tenant, int number, boolean enabled) {
        return "INSERT INTO playbooks (tenant_id, playbook_id, name, enabled, version, created_at, updated_at) VALUES ('"
                + tenant + "', '" + id(number) + "', 'One', " + enabled + ", 'a', now(), now())";
    }

    private static void change(Database database, String sql) {
        database.inTenant(RED, connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    /** Takes what is in the queue. */
    private static List<Integer> taken(Database database, TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<Integer>();
            try (var delete = connection.prepareStatement("DELETE FROM outbox WHERE queue = 'playbook-triggers'"
                            + " AND next_at <= now() RETURNING right(subject::text, 1)::integer");
                    var rows = delete.executeQuery()) {
                while (rows.next()) {
                    all.add(rows.getInt(1));
                }
            }
            return all;
        });
    }
}
