package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes alerts of detections: a batch in one round trip a table, each firing counted once however often it is found.
 *
 * <p>Nobody else takes in alerts of the tenant, or acts on many of them, until the transaction ends; rows are locked in the
 * order of their ids, and the live feed comes last. So two of these never wait for each other in a circle, and two firings
 * of one fingerprint never make two alerts.
 */
final class AlertIntake {
    /** Until the end of the transaction; two transactions of a tenant would wait for each other at the live feed anyway. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('marsad.alerts ' || ?, 0))";

    static final String INSERT_RULES = """
            INSERT INTO rule_snapshots (tenant_id, rule_id, revision, snapshot)
            SELECT ?, rule_id, revision, snapshot
            FROM jsonb_to_recordset(?::jsonb) AS r (rule_id text, revision text, snapshot jsonb)
            ON CONFLICT DO NOTHING""";
    private static final String KNOWN = """
            SELECT alert_id AS firing_id, alert_id FROM alerts WHERE tenant_id = ? AND alert_id = ANY (?)
            UNION ALL
            SELECT firing_id, alert_id FROM alert_firings WHERE tenant_id = ? AND firing_id = ANY (?)""";
    private static final String OPEN = "SELECT encode(fingerprint, 'hex') AS print, " + AlertRows.COLUMNS + """
             FROM alerts WHERE tenant_id = ? AND fingerprint = ANY (?::bytea[])
                AND status NOT IN ('resolved', 'dismissed') AND time >= ? AND first_time <= ?
            ORDER BY alert_id FOR NO KEY UPDATE""";

    private AlertIntake() {}

    /** Nobody else takes in alerts of the tenant, or acts on many, until the transaction ends. */
    static void lock(Connection connection, TenantId tenant) throws SQLException {
        try (var lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, tenant.value());
            lock.execute();
        }
    }

    /** @param window zero: every firing makes an alert of its own */
    static Intake raise(
            Connection connection, TenantId tenant, Instant now, Duration window, List<Detection> detections)
            throws SQLException {
        var byId = new LinkedHashMap<EventId, Detection>();
        detections.forEach(detection -> byId.putIfAbsent(detection.alertId(tenant), detection));
        if (byId.isEmpty()) {
            return Intake.NOTHING;
        }
        var fingerprints = new HashMap<EventId, String>();
        if (window.isPositive()) {
            byId.forEach((id, detection) -> {
                var fingerprint = Fingerprint.of(detection);
                if (fingerprint != null) {
                    fingerprints.put(id, fingerprint);
                }
            });
        }
        var folding = new Folding(window);
        var counted = new HashMap<EventId, EventId>();
        var unseen = new LinkedHashMap<>(byId);
        look(connection, new Asked(tenant, window, byId, fingerprints), folding, counted);
        unseen.keySet().removeAll(counted.keySet());
        folding.take(unseen, fingerprints);
        var rows = new IntakeRows(connection, tenant, now);
        var inserted = rows.insert(folding.made(), fingerprints);
        var created = byId.keySet().stream()
                .filter(inserted::containsKey)
                .map(inserted::get)
                .toList();
        var grown = rows.grow(folding);
        folding.folded().forEach(one -> counted.put(one.firing(), one.alert()));
        return new Intake(created, grown, List.of(), counted);
    }

    /** Tells those who look at the queue: last, because it holds the tenant's place in the feed. */
    static void tell(Connection connection, TenantId tenant, Instant now, Intake intake) throws SQLException {
        var news = new ArrayList<News>();
        intake.created().forEach(alert -> news.add(new News("alert.created", AlertJson.text(alert))));
        intake.grown().forEach(alert -> news.add(new News("alert.updated", AlertJson.text(alert))));
        intake.revised().forEach(alert -> news.add(new News("alert.updated", AlertJson.text(alert))));
        LiveFeed.append(connection, tenant, now, news);
    }

    private record Asked(
            TenantId tenant, Duration window, Map<EventId, Detection> byId, Map<EventId, String> fingerprints) {}

    /** Takes the lock, keeps the rules, and finds firings that were counted before and alerts that are open: one round trip. */
    private static void look(Connection connection, Asked asked, Folding folding, Map<EventId, EventId> counted)
            throws SQLException {
        var rules = new LinkedHashSet<RuleSnapshot>();
        asked.byId.values().forEach(detection -> rules.add(detection.rule()));
        boolean folds = !asked.fingerprints.isEmpty();
        var sql = LOCK + ";" + INSERT_RULES + ";" + KNOWN + (folds ? ";" + OPEN : "");
        var tenant = asked.tenant.value();
        var ids = connection.createArrayOf(
                "uuid", asked.byId.keySet().stream().map(EventId::uuid).toArray());
        try (var look = connection.prepareStatement(sql)) {
            look.setString(1, tenant);
            look.setString(2, tenant);
            look.setString(3, IntakeRows.rules(rules));
            look.setString(4, tenant);
            look.setArray(5, ids);
            look.setString(6, tenant);
            look.setArray(7, ids);
            if (folds) {
                look.setString(8, tenant);
                look.setArray(
                        9,
                        connection.createArrayOf(
                                "text",
                                asked.fingerprints.values().stream()
                                        .distinct()
                                        .map(hex -> "\\x" + hex)
                                        .toArray()));
                var oldest = asked.byId.values().stream()
                        .map(Detection::oldest)
                        .min(Instant::compareTo)
                        .orElseThrow();
                var newest = asked.byId.values().stream()
                        .map(Detection::time)
                        .max(Instant::compareTo)
                        .orElseThrow();
                look.setTimestamp(10, Timestamp.from(oldest.minus(asked.window)));
                look.setTimestamp(11, Timestamp.from(newest.plus(asked.window)));
            }
            look.execute(); // the lock
            look.getMoreResults(); // the rules
            look.getMoreResults();
            try (var rows = look.getResultSet()) {
                while (rows.next()) {
                    counted.put(
                            AlertRows.id(rows.getObject(1, UUID.class)), AlertRows.id(rows.getObject(2, UUID.class)));
                }
            }
            if (folds) {
                look.getMoreResults();
                try (var rows = look.getResultSet()) {
                    while (rows.next()) {
                        folding.open(rows.getString("print"), AlertRows.read(rows));
                    }
                }
            }
        }
    }
}
