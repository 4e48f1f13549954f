package io.marsad.soc.risk;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.alert.Severity;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Alerts about hosts, or about entities written as {@code kind=value}. */
final class RiskAlerts {
    private static final AtomicLong SERIAL = new AtomicLong();

    private RiskAlerts() {}

    static Detection alert(String rule, Severity severity, Instant time, String... entities) {
        return alert(rule, severity, time, SERIAL.incrementAndGet(), entities);
    }

    /** @param serial the same: the same alert */
    static Detection alert(String rule, Severity severity, Instant time, long serial, String... entities) {
        var event = new EventId(33, serial);
        var snapshot = new RuleSnapshot(
                rule,
                "Title " + rule,
                severity.word(),
                null,
                null,
                null,
                List.of("attack.t1059.001"),
                List.of(),
                List.of(),
                "title: x",
                RuleOrigin.UNKNOWN);
        return new Detection(
                snapshot,
                event.toString(),
                List.of(new Evidence(event, time, List.of(), Map.of())),
                1,
                Arrays.stream(entities).map(RiskAlerts::entity).toList(),
                "test",
                false);
    }

    private static Entity entity(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Entity(Entity.Kind.HOST, text, "device.hostname")
                : new Entity(Entity.Kind.ofWord(text.substring(0, equals)), text.substring(equals + 1), "f");
    }

    static EventId raise(Database database, Alerts alerts, TenantId tenant, Detection detection) {
        database.inTenant(tenant, connection -> alerts.raise(connection, tenant, List.of(detection), List.of()));
        return detection.alertId(tenant);
    }
}
