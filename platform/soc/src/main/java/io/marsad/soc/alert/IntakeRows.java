package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What an intake writes, each table in one statement. */
final class IntakeRows {
    /** How many of the newest firings an alert keeps evidence of, besides its own. */
    static final int RING = 50;

    private static final String INSERT_ALERTS = """
            INSERT INTO alerts (tenant_id, alert_id, rule_id, rule_revision, title, severity, status, time, created_at,
                updated_at, entities, attack, event_ids, event_count, evidence, log_source, synthetic, version,
                fingerprint, firings, folded_events, first_time)
            SELECT ?, alert_id, rule_id, rule_revision, title, severity, 'new', time, now, now, entities, attack,
                event_ids, event_count, evidence, log_source, synthetic, 1, fingerprint, firings, folded, first_time
            FROM jsonb_to_recordset(?::jsonb) AS a (alert_id uuid, rule_id text, rule_revision text, title text,
                severity smallint, time timestamptz, now timestamptz, entities jsonb, attack text[], event_ids uuid[],
                event_count integer, evidence jsonb, log_source text, synthetic boolean, fingerprint bytea,
                firings bigint, folded bigint, first_time timestamptz)
            ON CONFLICT DO NOTHING
            RETURNING\s""" + AlertRows.COLUMNS;
    private static final String INSERT_ENTITIES = """
            INSERT INTO alert_entities (tenant_id, entity_key, kind, alert_id)
            SELECT ?, entity_key, kind, alert_id
            FROM jsonb_to_recordset(?::jsonb) AS e (entity_key text, kind text, alert_id uuid)
            ON CONFLICT DO NOTHING""";
    private static final String INSERT_HISTORY = """
            INSERT INTO alert_history (tenant_id, alert_id, version, firings, at, actor, action, detail)
            SELECT ?, alert_id, version, firings, at, 'system:detection', action, detail
            FROM jsonb_to_recordset(?::jsonb)
                AS h (alert_id uuid, version integer, firings bigint, at timestamptz, action text, detail text)""";
    private static final String GROW = """
            UPDATE alerts SET firings = g.fired, folded_events = folded_events + g.more, time = g.newest,
                first_time = g.oldest, entities = coalesce(g.about, entities), updated_at = g.now
            FROM jsonb_to_recordset(?::jsonb) AS g (id uuid, fired bigint, more bigint, newest timestamptz,
                oldest timestamptz, about jsonb, now timestamptz)
            WHERE tenant_id = ? AND alert_id = g.id
            RETURNING\s""" + AlertRows.COLUMNS;
    private static final String INSERT_FIRINGS = """
            INSERT INTO alert_firings (tenant_id, firing_id, alert_id)
            SELECT ?, firing_id, alert_id FROM jsonb_to_recordset(?::jsonb) AS f (firing_id uuid, alert_id uuid)""";
    private static final String INSERT_EVIDENCE = """
            INSERT INTO alert_evidence (tenant_id, alert_id, slot, evidence)
            SELECT ?, alert_id, slot, evidence
            FROM jsonb_to_recordset(?::jsonb) AS e (alert_id uuid, slot integer, evidence jsonb)
            ON CONFLICT (tenant_id, alert_id, slot) DO UPDATE SET evidence = excluded.evidence""";

    private final Connection connection;
    private final TenantId tenant;
    private final Instant now;

    IntakeRows(Connection connection, TenantId tenant, Instant now) {
        this.connection = connection;
        this.tenant = tenant;
        this.now = now;
    }

    /** Makes alerts, with what they name and how they began. */
    Map<EventId, Alert> insert(Map<EventId, Folding.Target> made, Map<EventId, String> fingerprints)
            throws SQLException {
        var inserted = new LinkedHashMap<EventId, Alert>();
        if (made.isEmpty()) {
            return inserted;
        }
        var values = array(made.values(), (to, target) -> alert(to, target, fingerprints.get(target.id)));
        try (var insert = connection.prepareStatement(INSERT_ALERTS)) {
            insert.setString(1, tenant.value());
            insert.setString(2, values);
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    var alert = AlertRows.read(rows);
                    inserted.put(alert.id(), alert);
                }
            }
        }
        addEntities(connection, tenant, inserted.values());
        execute(INSERT_HISTORY, array(inserted.values(), IntakeRows::begun));
        return inserted;
    }

    /** Counts what was folded: into alerts that were there, and into those that the batch made. */
    List<Alert> grow(Folding folding) throws SQLException {
        if (folding.folded().isEmpty()) {
            return List.of();
        }
        var before = new LinkedHashMap<EventId, Folding.Target>();
        folding.grown().forEach(target -> before.put(target.id, target));
        var grown = before.isEmpty() ? List.<Alert>of() : update(before.values());
        execute(INSERT_FIRINGS, array(folding.folded(), (to, one) -> {
            to.writeStringProperty("firing_id", one.firing().toString());
            to.writeStringProperty("alert_id", one.alert().toString());
        }));
        var newest = new LinkedHashMap<String, Folding.Folded>(); // a statement may write a slot once
        folding.folded().forEach(one -> newest.put(one.alert() + " " + one.number() % RING, one));
        execute(INSERT_EVIDENCE, array(newest.values(), (to, one) -> {
            to.writeStringProperty("alert_id", one.alert().toString());
            to.writeNumberProperty("slot", one.number() % RING);
            to.writeName("evidence");
            AlertJson.evidence(to, one.evidence());
        }));
        var entities = grown.stream()
                .filter(alert -> before.get(alert.id()) instanceof Folding.Target target && target.moreEntities)
                .toList();
        if (!entities.isEmpty()) {
            addEntities(connection, tenant, entities);
        }
        var told = new ArrayList<Alert>();
        for (var alert : grown) {
            var target = before.get(alert.id());
            if (target != null && doubled(target.firingsBefore, alert.count())) {
                told.add(alert);
            }
        }
        if (!told.isEmpty()) {
            execute(INSERT_HISTORY, array(told, this::fired));
        }
        return grown;
    }

    /** So an alert that fires for days has few entries that say so: at 2, 4, 8, … firings. */
    private static boolean doubled(long before, long after) {
        return Long.highestOneBit(after) > Long.highestOneBit(before);
    }

    private List<Alert> update(Collection<Folding.Target> targets) throws SQLException {
        var grown = new ArrayList<Alert>();
        try (var update = connection.prepareStatement(GROW)) {
            update.setString(1, array(targets, (to, target) -> {
                to.writeStringProperty("id", target.id.toString());
                to.writeNumberProperty("fired", target.firings);
                to.writeNumberProperty("more", target.events);
                to.writeStringProperty("newest", AlertJson.time(target.newest));
                to.writeStringProperty("oldest", AlertJson.time(target.oldest));
                to.writeStringProperty("now", AlertJson.time(now));
                if (target.moreEntities) {
                    to.writeName("about");
                    AlertJson.entities(to, List.copyOf(target.entities));
                }
            }));
            update.setString(2, tenant.value());
            try (var rows = update.executeQuery()) {
                while (rows.next()) {
                    grown.add(AlertRows.read(rows));
                }
            }
        }
        return grown;
    }

    static void addEntities(Connection connection, TenantId tenant, Collection<Alert> alerts) throws SQLException {
        var json = AlertJson.build(to -> {
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
        execute(connection, INSERT_ENTITIES, tenant, json);
    }

    private void execute(String sql, String json) throws SQLException {
        execute(connection, sql, tenant, json);
    }

    private static void execute(Connection connection, String sql, TenantId tenant, String json) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant.value());
            statement.setString(2, json);
            statement.executeUpdate();
        }
    }

    static String rules(Collection<RuleSnapshot> rules) {
        return array(rules, (to, rule) -> {
            to.writeStringProperty("rule_id", rule.id());
            to.writeStringProperty("revision", rule.revision());
            to.writeName("snapshot");
            AlertJson.rule(to, rule);
        });
    }

    /** @param properties of one, into the open object */
    static <T> String array(Iterable<T> all, BiConsumer<JsonGenerator, T> properties) {
        return AlertJson.build(to -> {
            to.writeStartArray();
            for (T one : all) {
                to.writeStartObject();
                properties.accept(to, one);
                to.writeEndObject();
            }
            to.writeEndArray();
        });
    }

    private void alert(JsonGenerator to, Folding.Target target, @Nullable String fingerprint) {
        var detection = target.made;
        if (detection == null) {
            throw new IllegalStateException("an alert that is there already is not made");
        }
        var rule = detection.rule();
        to.writeStringProperty("alert_id", target.id.toString());
        to.writeStringProperty("rule_id", rule.id());
        to.writeStringProperty("rule_revision", rule.revision());
        to.writeStringProperty("title", Text.clean(rule.title(), 512));
        to.writeNumberProperty("severity", rule.severity().rank());
        to.writeStringProperty("time", AlertJson.time(target.newest));
        to.writeStringProperty("first_time", AlertJson.time(target.oldest));
        to.writeStringProperty("now", AlertJson.time(now));
        to.writeName("entities");
        AlertJson.entities(to, List.copyOf(target.entities));
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
        if (fingerprint != null) {
            to.writeStringProperty("fingerprint", "\\x" + fingerprint);
        }
        to.writeNumberProperty("firings", target.firings);
        to.writeNumberProperty("folded", target.events);
    }

    private static void begun(JsonGenerator to, Alert alert) {
        entry(to, alert, 1, alert.createdAt(), "raised");
        var events = alert.eventCount() == 1 ? "on 1 event" : "on " + alert.eventCount() + " events";
        to.writeStringProperty("detail", alert.count() == 1 ? events : events + ", fired " + alert.count() + " times");
    }

    private void fired(JsonGenerator to, Alert alert) {
        entry(to, alert, alert.count(), now, "fired");
        to.writeStringProperty("detail", "fired " + alert.count() + " times by now");
    }

    private static void entry(JsonGenerator to, Alert alert, long firings, Instant at, String action) {
        to.writeStringProperty("alert_id", alert.id().toString());
        to.writeNumberProperty("version", alert.version());
        to.writeNumberProperty("firings", firings);
        to.writeStringProperty("at", AlertJson.time(at));
        to.writeStringProperty("action", action);
    }
}
