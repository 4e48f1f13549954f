package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Makes alerts of detections: a batch in one round trip a table, each alert once however often it is raised. */
final class AlertIntake {
    private static final String INSERT_RULES = """
            INSERT INTO rule_snapshots (tenant_id, rule_id, revision, snapshot)
            SELECT ?, rule_id, revision, snapshot
            FROM jsonb_to_recordset(?::jsonb) AS r (rule_id text, revision text, snapshot jsonb)
            ON CONFLICT DO NOTHING""";
    private static final String INSERT_ALERTS = """
            INSERT INTO alerts (tenant_id, alert_id, rule_id, rule_revision, title, severity, status, time, created_at,
                updated_at, entities, attack, event_ids, event_count, evidence, log_source, synthetic, version)
            SELECT ?, alert_id, rule_id, rule_revision, title, severity, 'new', time, now, now, entities, attack,
                event_ids, event_count, evidence, log_source, synthetic, 1
            FROM jsonb_to_recordset(?::jsonb) AS a (alert_id uuid, rule_id text, rule_revision text, title text,
                severity smallint, time timestamptz, now timestamptz, entities jsonb, attack text[], event_ids uuid[],
                event_count integer, evidence jsonb, log_source text, synthetic boolean)
            ON CONFLICT DO NOTHING
            RETURNING\s""" + AlertRows.COLUMNS;
    private static final String INSERT_ENTITIES = """
            INSERT INTO alert_entities (tenant_id, entity_key, kind, alert_id)
            SELECT ?, entity_key, kind, alert_id
            FROM jsonb_to_recordset(?::jsonb) AS e (entity_key text, kind text, alert_id uuid)
            ON CONFLICT DO NOTHING""";
    private static final String INSERT_HISTORY = """
            INSERT INTO alert_history (tenant_id, alert_id, version, at, actor, action, detail)
            SELECT ?, alert_id, 1, at, 'system:detection', 'raised', detail
            FROM jsonb_to_recordset(?::jsonb) AS h (alert_id uuid, at timestamptz, detail text)""";

    private AlertIntake() {}

    /** Returns those that are new, in the order of the detections. */
    static List<Alert> raise(Connection connection, TenantId tenant, Instant now, List<Detection> detections)
            throws SQLException {
        var byId = new LinkedHashMap<EventId, Detection>();
        detections.forEach(detection -> byId.putIfAbsent(detection.alertId(tenant), detection));
        if (byId.isEmpty()) {
            return List.of();
        }
        var rules = new LinkedHashSet<RuleSnapshot>();
        byId.values().forEach(detection -> rules.add(detection.rule()));
        execute(connection, INSERT_RULES, tenant, rules(rules));
        var raised = new LinkedHashMap<EventId, Alert>();
        try (var insert = connection.prepareStatement(INSERT_ALERTS)) {
            insert.setString(1, tenant.value());
            insert.setString(2, alerts(byId, now));
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    var alert = AlertRows.read(rows);
                    raised.put(alert.id(), alert);
                }
            }
        }
        if (raised.isEmpty()) {
            return List.of();
        }
        var alerts = byId.keySet().stream()
                .filter(raised::containsKey)
                .map(raised::get)
                .toList();
        addEntities(connection, tenant, alerts);
        execute(connection, INSERT_HISTORY, tenant, history(alerts));
        var news = new ArrayList<News>();
        alerts.forEach(alert -> news.add(new News("alert.created", AlertJson.text(alert))));
        LiveFeed.append(connection, tenant, now, news);
        return alerts;
    }

    static void addEntities(Connection connection, TenantId tenant, List<Alert> alerts) throws SQLException {
        execute(connection, INSERT_ENTITIES, tenant, entities(alerts));
    }

    private static void execute(Connection connection, String sql, TenantId tenant, String json) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant.value());
            statement.setString(2, json);
            statement.executeUpdate();
        }
    }

    private static String rules(Iterable<RuleSnapshot> rules) {
        return AlertJson.build(to -> {
            to.writeStartArray();
            for (RuleSnapshot rule : rules) {
                to.writeStartObject();
                to.writeStringProperty("rule_id", rule.id());
                to.writeStringProperty("revision", rule.revision());
                to.writeName("snapshot");
                AlertJson.rule(to, rule);
                to.writeEndObject();
            }
            to.writeEndArray();
        });
    }

    private static String alerts(Map<EventId, Detection> byId, Instant now) {
        return AlertJson.build(to -> {
            to.writeStartArray();
            byId.forEach((id, detection) -> alert(to, id, detection, now));
            to.writeEndArray();
        });
    }

    private static void alert(JsonGenerator to, EventId id, Detection detection, Instant now) {
        var rule = detection.rule();
        to.writeStartObject();
        to.writeStringProperty("alert_id", id.toString());
        to.writeStringProperty("rule_id", rule.id());
        to.writeStringProperty("rule_revision", rule.revision());
        to.writeStringProperty("title", Text.clean(rule.title(), 512));
        to.writeNumberProperty("severity", rule.severity().rank());
        to.writeStringProperty("time", AlertJson.time(detection.time()));
        to.writeStringProperty("now", AlertJson.time(now));
        to.writeName("entities");
        AlertJson.entities(to, detection.entities());
        AlertJson.texts(to, "attack", rule.attack());
        AlertJson.texts(
                to,
                "event_ids",
                detection.evidence().stream().map(e -> e.event().toString()).toList());
        to.writeNumberProperty("event_count", detection.eventCount());
        to.writeName("evidence");
        AlertJson.evidence(to, detection.evidence());
        to.writeStringProperty("log_source", detection.logSource());
        to.writeBooleanProperty("synthetic", detection.synthetic());
        to.writeEndObject();
    }

    private static String entities(List<Alert> alerts) {
        return AlertJson.build(to -> {
            to.writeStartArray();
            for (Alert alert : alerts) {
                for (Entity entity : alert.entities()) {
                    to.writeStartObject();
                    to.writeStringProperty("entity_key", entity.key());
                    to.writeStringProperty("kind", entity.kind().word());
                    to.writeStringProperty("alert_id", alert.id().toString());
                    to.writeEndObject();
                }
            }
            to.writeEndArray();
        });
    }

    private static String history(List<Alert> alerts) {
        return AlertJson.build(to -> {
            to.writeStartArray();
            for (Alert alert : alerts) {
                to.writeStartObject();
                to.writeStringProperty("alert_id", alert.id().toString());
                to.writeStringProperty("at", AlertJson.time(alert.createdAt()));
                to.writeStringProperty(
                        "detail", alert.eventCount() == 1 ? "on 1 event" : "on " + alert.eventCount() + " events");
                to.writeEndObject();
            }
            to.writeEndArray();
        });
    }
}
