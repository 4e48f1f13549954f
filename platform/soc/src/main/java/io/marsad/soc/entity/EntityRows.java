package io.marsad.soc.entity;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.entity.EntityPage.Facts;
import io.marsad.soc.entity.EntityPage.Moment;
import io.marsad.soc.entity.EntityPage.Neighbour;
import io.marsad.soc.risk.EntityKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the tables of alerts tell of entities, in a transaction of the tenant. */
final class EntityRows {
    private static final String FACTS = """
            SELECT min(first_time), max(time), count(*), count(*) FILTER (WHERE status NOT IN ('resolved', 'dismissed')),
                count(*) FILTER (WHERE verdict = 'true_positive'), count(*) FILTER (WHERE verdict = 'false_positive'),
                count(DISTINCT rule_id)
            FROM alert_entities JOIN alerts USING (tenant_id, alert_id)
            WHERE tenant_id = ? AND entity_key = ? AND kind = ?""";
    private static final String NEIGHBOURS = """
            WITH newest AS (SELECT tenant_id, alert_id, time FROM alert_entities JOIN alerts USING (tenant_id, alert_id)
                WHERE tenant_id = ? AND entity_key = ? AND kind = ? ORDER BY time DESC LIMIT ?)
            SELECT kind, entity_key, count(*), max(time) FROM newest JOIN alert_entities USING (tenant_id, alert_id)
            WHERE NOT (entity_key = ? AND kind = ?)
            GROUP BY kind, entity_key ORDER BY count(*) DESC, max(time) DESC, kind, entity_key LIMIT ?""";
    /** Of each entity one more than is taken, which tells that there are too many. */
    private static final String LINKS = """
            SELECT wanted.kind, wanted.entity_key, of_one.alert_id FROM unnest(?::text[], ?::text[]) AS wanted (kind, entity_key),
                LATERAL (SELECT alert_id FROM alert_entities AS e JOIN alerts USING (tenant_id, alert_id)
                    WHERE tenant_id = ? AND e.kind = wanted.kind AND e.entity_key = wanted.entity_key AND time >= ?
                    ORDER BY time DESC, alert_id LIMIT ?) AS of_one""";

    private static final String NAMED = """
            SELECT alert_id, title, time, e.type, e.value
            FROM alerts, jsonb_to_recordset(entities) AS e (type text, value text)
            WHERE tenant_id = ? AND alert_id = ANY (?)""";
    private static final String HISTORY = """
            SELECT at, action, actor, alert_id, title FROM alert_history JOIN alerts USING (tenant_id, alert_id)
            WHERE tenant_id = ? AND alert_id = ANY (?) AND action NOT IN ('raised', 'fired')
            ORDER BY at DESC, alert_history.version DESC LIMIT ?""";

    private final Connection connection;
    private final TenantId tenant;

    EntityRows(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /** Null when no alert names it. */
    @Nullable
    Facts facts(EntityKey entity) throws SQLException {
        try (var select = connection.prepareStatement(FACTS)) {
            select.setString(1, tenant.value());
            select.setString(2, entity.key());
            select.setString(3, entity.kind().word());
            try (var rows = select.executeQuery()) {
                rows.next();
                var first = rows.getTimestamp(1);
                return first == null
                        ? null
                        : new Facts(
                                first.toInstant(),
                                rows.getTimestamp(2).toInstant(),
                                rows.getLong(3),
                                rows.getLong(4),
                                rows.getLong(5),
                                rows.getLong(6),
                                rows.getLong(7));
            }
        }
    }

    List<Neighbour> neighbours(EntityKey entity, int of, int most) throws SQLException {
        var neighbours = new ArrayList<Neighbour>();
        try (var select = connection.prepareStatement(NEIGHBOURS)) {
            select.setString(1, tenant.value());
            select.setString(2, entity.key());
            select.setString(3, entity.kind().word());
            select.setInt(4, of);
            select.setString(5, entity.key());
            select.setString(6, entity.kind().word());
            select.setInt(7, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var key = new EntityKey(Entity.Kind.ofWord(rows.getString(1)), rows.getString(2));
                    neighbours.add(new Neighbour(
                            key,
                            key.key(),
                            rows.getLong(3),
                            rows.getTimestamp(4).toInstant()));
                }
            }
        }
        return neighbours;
    }

    /** What people and the platform did with these alerts, newest first. */
    List<Moment> history(Collection<EventId> alerts, int most) throws SQLException {
        var moments = new ArrayList<Moment>();
        try (var select = connection.prepareStatement(HISTORY)) {
            select.setString(1, tenant.value());
            select.setArray(2, uuids(alerts));
            select.setInt(3, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    moments.add(new Moment(
                            rows.getTimestamp(1).toInstant(),
                            rows.getString(2),
                            id(rows, "alert_id"),
                            rows.getString(5),
                            rows.getString(3)));
                }
            }
        }
        return moments;
    }

    /** Alerts that name one of these since then, by id; at most so many of each. */
    TreeMap<EntityKey, TreeSet<UUID>> alertsOf(Collection<EntityKey> entities, Instant since, int most)
            throws SQLException {
        var found = new TreeMap<EntityKey, TreeSet<UUID>>();
        try (var select = connection.prepareStatement(LINKS)) {
            select.setArray(1, texts(entities.stream().map(one -> one.kind().word())));
            select.setArray(2, texts(entities.stream().map(EntityKey::key)));
            select.setString(3, tenant.value());
            select.setTimestamp(4, Timestamp.from(since));
            select.setInt(5, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var entity =
                            new EntityKey(Entity.Kind.ofWord(rows.getString("kind")), rows.getString("entity_key"));
                    found.computeIfAbsent(entity, _ -> new TreeSet<>()).add(rows.getObject("alert_id", UUID.class));
                }
            }
        }
        return found;
    }

    /** @param values how entities are written; added to */
    List<Reach.Link> links(Collection<UUID> alerts, Map<EntityKey, String> values) throws SQLException {
        record Read(EventId id, String title, Instant time, TreeSet<EntityKey> entities) {}
        var read = new LinkedHashMap<EventId, Read>();
        try (var select = connection.prepareStatement(NAMED)) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", alerts.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = id(rows, "alert_id");
                    var title = rows.getString("title");
                    var time = rows.getTimestamp("time").toInstant();
                    var value = rows.getString("value");
                    var key = new EntityKey(Entity.Kind.ofWord(rows.getString("type")), value);
                    read.computeIfAbsent(id, _ -> new Read(id, title, time, new TreeSet<>()))
                            .entities()
                            .add(key);
                    values.merge(key, value, (a, b) -> a.compareTo(b) <= 0 ? a : b);
                }
            }
        }
        return read.values().stream()
                .map(one -> new Reach.Link(one.id(), one.title(), one.time(), one.entities()))
                .toList();
    }

    private java.sql.Array uuids(Collection<EventId> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.stream().map(EventId::uuid).toArray());
    }

    private java.sql.Array texts(java.util.stream.Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
