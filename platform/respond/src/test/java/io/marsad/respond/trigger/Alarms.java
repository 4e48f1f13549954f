package io.marsad.respond.trigger;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.suppression.Conditions;
import io.marsad.store.query.Query;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Alerts of a database, each of an event of its own. */
final class Alarms {
    /** The search language. */
    static final Conditions MQL = text -> Query.parse(text).predicate();

    private final Database database;
    private final TenantId tenant;
    private final TestClock clock;
    private int number;

    Alarms(Database database, TenantId tenant, TestClock clock) {
        this.database = database;
        this.tenant = tenant;
        this.clock = clock;
    }

    UUID raise(String level, String technique) {
        var detection = detection(tenant, level, technique, ++number);
        return database.inTenant(
                        tenant,
                        connection -> new Alerts(database, clock, Duration.ZERO)
                                .raise(connection, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id()
                .uuid();
    }

    static Detection detection(TenantId tenant, String level, String technique, int number) {
        var rule = new RuleSnapshot(
                "rule-" + technique + "-" + level,
                "Something of " + technique,
                level,
                "test",
                null,
                null,
                List.of("attack." + technique.toLowerCase(Locale.ROOT)),
                List.of(),
                List.of(),
                "title: Something\n",
                RuleOrigin.UNKNOWN);
        var batch = new EventBatch(tenant);
        batch.beginRow(new EventId(11, number), 1_767_225_600_000L, -1, "test");
        batch.source(LogSource.of("windows", "process_creation", "sysmon"));
        batch.add(Field.of("device.hostname"), "ws-" + number);
        batch.add(Field.of("actor.user.name"), "alice");
        batch.add(Field.of("src_endpoint.ip"), "2001:db8::7");
        batch.add(Field.of("src_endpoint.ip"), "192.0.2.7");
        batch.add(Field.of("dst_endpoint.ip"), "198.51.100.9");
        batch.add(Field.of("query.hostname"), "bad.example");
        batch.add(Field.of("url.url_string"), "https://bad.example/x");
        batch.add(Field.of("email.from"), "mallory@bad.example");
        batch.add(Field.of("file.path"), "C:\\Users\\alice\\x.exe");
        batch.add(Field.of("file.hashes.value"), "cd".repeat(16));
        batch.add(Field.of("file.hashes.value"), "ab".repeat(32));
        batch.add(Field.of("process.file.path"), "C:\\Windows\\powershell.exe");
        batch.add(Field.of("process.pid"), 4711);
        batch.add(Field.of("process.cmd_line"), "powershell -enc SQBFAFgA");
        batch.add(Field.of("container.name"), "web");
        batch.add(Field.of("cloud.account.uid"), "123456789012");
        batch.endRow();
        return Detection.onEvent(rule, batch, 0, List.of(), false);
    }
}
