package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An alert that another product raised: in the queue as every other, without events of ours.
 *
 * @param rule the other product's, as far as it is known
 * @param source who sent it
 */
public record HandedIn(EventId id, RuleSnapshot rule, List<Entity> entities, String source) {
    private static final String INSERT = """
            INSERT INTO alerts (tenant_id, alert_id, rule_id, rule_revision, title, severity, status, time, created_at,
                updated_at, entities, attack, event_ids, event_count, evidence, log_source, synthetic, version, first_time)
            VALUES (?, ?, ?, ?, ?, ?, 'new', ?, ?, ?, ?::jsonb, ?, '{}', 0, '[]', ?, false, 1, ?)
            RETURNING\s""" + AlertRows.COLUMNS;

    public HandedIn {
        entities = List.copyOf(entities);
    }

    /** Puts it into the queue, inside the caller's transaction, which is the tenant's. The live feed is told, so: last. */
    public Alert raise(Connection connection, TenantId tenant, Instant now) throws SQLException {
        AlertIntake.lock(connection, tenant);
        try (var rules = connection.prepareStatement(AlertIntake.INSERT_RULES)) {
            rules.setString(1, tenant.value());
            rules.setString(2, IntakeRows.rules(List.of(rule)));
            rules.executeUpdate();
        }
        var alert = insert(connection, tenant, Timestamp.from(now));
        IntakeRows.addEntities(connection, tenant, List.of(alert));
        try (var history = connection.prepareStatement(
                "INSERT INTO alert_history (tenant_id, alert_id, version, at, actor, action, detail)"
                        + " VALUES (?, ?, 1, ?, 'system:submission', 'raised', ?)")) {
            history.setString(1, tenant.value());
            history.setObject(2, id.uuid());
            history.setTimestamp(3, Timestamp.from(now));
            history.setString(4, "handed in by " + alert.logSource());
            history.executeUpdate();
        }
        var intake = new Intake(List.of(alert), List.of(), List.of(), Map.of());
        AlertFollowers.put(connection, tenant, now, intake);
        AlertIntake.tell(connection, tenant, now, intake);
        return alert;
    }

    private Alert insert(Connection connection, TenantId tenant, Timestamp now) throws SQLException {
        try (var insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, tenant.value());
            insert.setObject(2, id.uuid());
            insert.setString(3, rule.id());
            insert.setString(4, rule.revision());
            insert.setString(5, Text.clean(rule.title(), 512));
            insert.setInt(6, rule.severity().rank());
            insert.setTimestamp(7, now);
            insert.setTimestamp(8, now);
            insert.setTimestamp(9, now);
            insert.setString(10, AlertJson.build(to -> AlertJson.entities(to, entities)));
            insert.setArray(11, connection.createArrayOf("text", rule.attack().toArray()));
            insert.setString(12, Text.clean(source, 128));
            insert.setTimestamp(13, now);
            try (var rows = insert.executeQuery()) {
                rows.next();
                return AlertRows.read(rows);
            }
        }
    }
}
