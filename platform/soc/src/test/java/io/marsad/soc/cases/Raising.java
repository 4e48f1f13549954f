package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Match;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** Alerts of a tenant, as rules raise them, and what cases they are in. */
final class Raising {
    final Database database;
    final TenantId tenant;
    private final Alerts alerts;
    private long number;

    Raising(Database database, TenantId tenant, InstantSource clock) {
        this.database = database;
        this.tenant = tenant;
        this.alerts = new Alerts(database, clock, Duration.ZERO);
    }

    /** One alert of a rule of its own unless said otherwise, about a host and a user (empty: none). */
    EventId raise(String rule, String level, Instant at, String host, String user) {
        var batch = new EventBatch(tenant);
        batch.beginRow(new EventId(7, ++number), at.toEpochMilli(), -1, "test");
        batch.time(at.toEpochMilli());
        batch.source(LogSource.of("windows", "process_creation", "sysmon"));
        if (!host.isEmpty()) {
            batch.add(Field.of("device.hostname"), host);
        }
        if (!user.isEmpty()) {
            batch.add(Field.of("actor.user.name"), user);
        }
        batch.add(Field.of("process.cmd_line"), "powershell -enc SQBFAFgA");
        batch.endRow();
        var snapshot = new RuleSnapshot(
                rule,
                "Title of " + rule,
                level,
                "test",
                "About it.",
                "somebody",
                List.of("attack.execution", "attack.t1059.001"),
                List.of(),
                List.of(),
                "title: " + rule,
                new RuleOrigin("public", "https://rules.example/public", "abc", "DRL-1.1"));
        var match = new Match("process.cmd_line", "powershell -enc SQBFAFgA", "selection", "*-enc*");
        var detection = Detection.onEvent(snapshot, batch, 0, List.of(match), false);
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
    }

    void follow(CaseGrouping grouping, EventId... ids) {
        database.inTenant(tenant, connection -> {
            grouping.follow(connection, tenant, List.of(ids));
            return true;
        });
    }

    <T> T as(String name, Callable<T> work) throws Exception {
        return CallerScope.callAs(Caller.system(tenant, name), work::call);
    }

    /** Which alerts are in which case, by case. */
    Map<EventId, TreeSet<String>> cases() {
        return database.inTenant(tenant, connection -> {
            var cases = new TreeMap<EventId, TreeSet<String>>(java.util.Comparator.comparing(EventId::toString));
            Sql.list(
                    connection,
                    "SELECT case_id, alert_id FROM case_alerts WHERE tenant_id = ?",
                    row -> cases.computeIfAbsent(Sql.id(row, "case_id"), _ -> new TreeSet<>())
                            .add(Sql.id(row, "alert_id").toString()),
                    tenant.value());
            return cases;
        });
    }

    long count(String sql) {
        var count = database.inTenant(tenant, c -> Sql.one(c, sql, row -> row.getLong(1)));
        return count == null ? -1 : count;
    }
}
