package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseFacts.Source;
import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Edge;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The alerts that grouping looks at, and what it keeps of them; in the tenant's transaction. */
final class CaseSources {
    /** Alerts that share something but lie further apart are not looked at. */
    static final Duration WINDOW = Duration.ofDays(30);

    /** Of the alerts that share one name, so many are looked at: the newest. */
    private static final int OF_A_KEY = 200;

    /** The most that are looked at beside those that are new. */
    static final int MOST = 1_500;

    private static final String SOURCES = """
            SELECT a.alert_id, a.rule_id, a.title, a.severity, a.status, a.first_time, a.time, a.entities, a.attack,
                r.snapshot->'tags' AS tags
            FROM alerts a JOIN rule_snapshots r ON r.tenant_id = a.tenant_id AND r.rule_id = a.rule_id
                AND r.revision = a.rule_revision
            WHERE a.tenant_id = ? AND a.alert_id = ANY (?) ORDER BY a.first_time, a.alert_id""";
    private static final String NEAR = """
            SELECT DISTINCT near.alert_id FROM unnest(?::text[]) AS wanted (key)
            CROSS JOIN LATERAL (SELECT k.alert_id FROM case_keys k WHERE k.tenant_id = ? AND k.key = wanted.key
                AND k.time >= ? AND k.time <= ? ORDER BY k.time DESC, k.alert_id LIMIT ?) near""";

    private final Connection connection;
    private final String tenant;
    private final Map<EventId, AlertFact> facts = new HashMap<>();

    CaseSources(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant.value();
    }

    /** By their ids, the earliest first; those that are not there are left out. */
    Map<EventId, Source> sources(Collection<EventId> ids) throws SQLException {
        var sources = new LinkedHashMap<EventId, Source>();
        if (!ids.isEmpty()) {
            for (Source one : Sql.list(connection, SOURCES, CaseSources::read, tenant, Sql.ids(connection, ids))) {
                sources.put(one.id(), one);
            }
        }
        return sources;
    }

    /** What is known of an alert, made once. */
    AlertFact fact(Source alert) {
        return facts.computeIfAbsent(alert.id(), _ -> CaseFacts.fact(alert));
    }

    /** Keeps what alerts name, for those that come later. */
    void remember(Collection<Source> alerts) throws SQLException {
        var keys = new ArrayList<String>();
        var times = new ArrayList<String>();
        var ids = new ArrayList<EventId>();
        for (Source alert : alerts) {
            for (String key : CaseFacts.keys(fact(alert))) {
                keys.add(key);
                times.add(alert.last().toString());
                ids.add(alert.id());
            }
        }
        Sql.run(
                connection,
                "DELETE FROM case_keys WHERE tenant_id = ? AND alert_id = ANY (?)",
                tenant,
                Sql.ids(connection, alerts.stream().map(Source::id).toList()));
        Sql.run(
                connection,
                "INSERT INTO case_keys (tenant_id, key, time, alert_id)"
                        + " SELECT ?, k.key, k.time, k.alert_id FROM unnest(?::text[], ?::text[]::timestamptz[], ?::uuid[])"
                        + " AS k (key, time, alert_id) ON CONFLICT DO NOTHING",
                tenant,
                Sql.texts(connection, keys),
                Sql.texts(connection, times),
                Sql.ids(connection, ids));
    }

    /**
     * Alerts that share something with these, and what those that are in no case share something with; bounded.
     *
     * @param facts of the new ones
     * @param latest what lies later is left out
     */
    Map<EventId, Source> around(Map<EventId, AlertFact> facts, Instant latest) throws SQLException {
        var found = new LinkedHashMap<EventId, Source>();
        var keys = new TreeSet<String>();
        var from = latest;
        for (AlertFact fact : facts.values()) {
            keys.addAll(CaseFacts.keys(fact));
            from = fact.start().isBefore(from) ? fact.start() : from;
        }
        var asked = new TreeSet<String>();
        for (int round = 0; round < 3 && !keys.isEmpty() && found.size() < MOST; round++) {
            asked.addAll(keys);
            var near = Sql.list(
                    connection,
                    NEAR,
                    row -> Sql.id(row, "alert_id"),
                    Sql.texts(connection, keys),
                    tenant,
                    from.minus(WINDOW),
                    latest,
                    OF_A_KEY);
            near.removeIf(id -> facts.containsKey(id) || found.containsKey(id));
            var more = sources(near.subList(0, Math.min(near.size(), MOST - found.size())));
            found.putAll(more);
            keys.clear();
            var placed = cases(more.keySet());
            for (Source one : more.values()) {
                if (one.open() && !placed.containsKey(one.id())) {
                    keys.addAll(CaseFacts.keys(fact(one)));
                }
            }
            keys.removeAll(asked);
        }
        return found;
    }

    /** The cases of the alerts that are in one. */
    Map<EventId, EventId> cases(Collection<EventId> alerts) throws SQLException {
        var cases = new LinkedHashMap<EventId, EventId>();
        if (!alerts.isEmpty()) {
            Sql.list(
                    connection,
                    "SELECT alert_id, case_id FROM case_alerts WHERE tenant_id = ? AND alert_id = ANY (?)",
                    row -> cases.put(Sql.id(row, "alert_id"), Sql.id(row, "case_id")),
                    tenant,
                    Sql.ids(connection, alerts));
        }
        return cases;
    }

    /** Those that a person has taken out of a case: where they belong is that person's business. */
    Set<EventId> takenOut(Collection<EventId> alerts) throws SQLException {
        var ids = Sql.ids(connection, alerts);
        return new LinkedHashSet<>(Sql.list(
                connection,
                "SELECT one AS id FROM case_apart WHERE tenant_id = ? AND one = ANY (?)"
                        + " UNION SELECT other FROM case_apart WHERE tenant_id = ? AND other = ANY (?)",
                row -> Sql.id(row, "id"),
                tenant,
                ids,
                tenant,
                ids));
    }

    /** Numbers of cases: the lower, the older. */
    Map<EventId, Long> numbers(Collection<EventId> cases) throws SQLException {
        var numbers = new LinkedHashMap<EventId, Long>();
        if (!cases.isEmpty()) {
            Sql.list(
                    connection,
                    "SELECT case_id, number FROM cases WHERE tenant_id = ? AND case_id = ANY (?)",
                    row -> numbers.put(Sql.id(row, "case_id"), row.getLong("number")),
                    tenant,
                    Sql.ids(connection, cases));
        }
        return numbers;
    }

    /** Keeps why alerts belong together, each pair once. */
    void rememberEdges(Collection<Edge> edges) throws SQLException {
        var rows = new ArrayList<@Nullable Object[]>();
        for (Edge edge : edges) {
            rows.add(new @Nullable Object[] {
                tenant,
                EventId.parse(edge.earlier()),
                EventId.parse(edge.later()),
                edge.weight(),
                edge.strength() == Edge.Strength.LINKS,
                edge.why(),
                CaseJson.shared(edge)
            });
        }
        Sql.runAll(connection, """
                INSERT INTO case_edges (tenant_id, earlier, later, weight, joins, why, shared)
                VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)
                ON CONFLICT (tenant_id, earlier, later) DO UPDATE SET weight = excluded.weight,
                    joins = excluded.joins, why = excluded.why, shared = excluded.shared""", rows);
    }

    private static Source read(ResultSet row) throws SQLException {
        return new Source(
                Sql.id(row, "alert_id"),
                row.getString("rule_id"),
                row.getString("title"),
                Severity.ofRank(row.getInt("severity")),
                AlertStatus.ofWord(row.getString("status")).open(),
                Sql.time(row, "first_time"),
                Sql.time(row, "time"),
                entities(CaseJson.tree(row.getString("entities"))),
                Sql.texts(row, "attack"),
                texts(CaseJson.tree(row.getString("tags"))));
    }

    static List<Entity> entities(JsonNode array) {
        var entities = new ArrayList<Entity>();
        array.forEach(node -> entities.add(new Entity(
                Entity.Kind.valueOf(node.get("type").stringValue().toUpperCase(Locale.ROOT)),
                node.get("value").stringValue(),
                node.get("field").stringValue())));
        return entities;
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(node -> texts.add(node.stringValue()));
        return texts;
    }
}
