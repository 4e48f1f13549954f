package io.marsad.soc.alert;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives alerts other evidence: late events have moved what they rest on. What people made of them stays, and what was
 * counted into them since. A firing that was itself counted into another alert stays as it was counted.
 */
final class AlertRevision {
    private static final String UPDATE = """
            UPDATE alerts SET time = CASE firings WHEN 1 THEN ? ELSE greatest(time, ?) END,
                first_time = CASE firings WHEN 1 THEN ? ELSE least(first_time, ?) END,
                entities = CASE firings WHEN 1 THEN ?::jsonb ELSE entities END, event_ids = ?, event_count = ?,
                evidence = ?::jsonb, updated_at = ?, version = version + 1
            WHERE tenant_id = ? AND alert_id = ? AND (event_ids <> ? OR event_count <> ?)
            RETURNING\s""" + AlertRows.COLUMNS;

    private AlertRevision() {}

    /** Returns those that are there and have changed. */
    static List<Alert> revise(Connection connection, TenantId tenant, Instant now, List<Detection> detections)
            throws SQLException {
        var revised = new ArrayList<Alert>();
        for (Detection detection : detections) {
            var alert = update(connection, tenant, now, detection);
            if (alert != null) {
                revised.add(alert);
                IntakeRows.addEntities(connection, tenant, List.of(alert));
                addHistory(connection, tenant, alert);
            }
        }
        return revised;
    }

    private static @Nullable Alert update(Connection connection, TenantId tenant, Instant now, Detection detection)
            throws SQLException {
        var events = connection.createArrayOf(
                "uuid", detection.evidence().stream().map(e -> e.event().uuid()).toArray());
        try (var update = connection.prepareStatement(UPDATE)) {
            var newest = Timestamp.from(detection.time());
            var oldest = Timestamp.from(detection.oldest());
            update.setTimestamp(1, newest);
            update.setTimestamp(2, newest);
            update.setTimestamp(3, oldest);
            update.setTimestamp(4, oldest);
            update.setString(5, AlertJson.build(to -> AlertJson.entities(to, detection.entities())));
            update.setArray(6, events);
            update.setInt(7, detection.eventCount());
            update.setString(8, AlertJson.build(to -> AlertJson.evidence(to, detection.evidence())));
            update.setTimestamp(9, Timestamp.from(now));
            update.setString(10, tenant.value());
            update.setObject(11, detection.alertId(tenant).uuid());
            update.setArray(12, events);
            update.setInt(13, detection.eventCount());
            try (var rows = update.executeQuery()) {
                return rows.next() ? AlertRows.read(rows) : null;
            }
        }
    }

    private static void addHistory(Connection connection, TenantId tenant, Alert alert) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO alert_history (tenant_id, alert_id, version, at, actor, action, detail)"
                        + " VALUES (?, ?, ?, ?, 'system:detection', 'revised', ?)")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, alert.id().uuid());
            insert.setInt(3, alert.version());
            insert.setTimestamp(4, Timestamp.from(alert.updatedAt()));
            insert.setString(5, "late events: it rests on " + alert.eventCount() + " events now");
            insert.executeUpdate();
        }
    }
}
