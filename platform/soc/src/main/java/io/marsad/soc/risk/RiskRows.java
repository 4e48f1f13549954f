package io.marsad.soc.risk;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
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

/** The tables, in a transaction of the tenant. */
final class RiskRows {
    private static final String ALERTS = """
            SELECT alert_id, rule_id, title, severity, rule_severity, verdict, least(time, updated_at) AS at, e.type, e.value
            FROM alerts, jsonb_to_recordset(entities) AS e (type text, value text)
            WHERE tenant_id = ? AND alert_id = ANY (?) ORDER BY time, alert_id""";
    private static final String INSERT = """
            INSERT INTO risk_contributions
                (tenant_id, kind, entity_key, alert_id, rule_id, severity, at, context, points, facts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";
    /** Of each rule and stretch of time the strongest only: no more can count, and an entity may have a million. */
    private static final String CONTRIBUTIONS = """
            SELECT kind, entity_key, alert_id, c.rule_id, title, c.severity, at, context, points, facts
            FROM (SELECT *, row_number() OVER (
                        PARTITION BY kind, entity_key, rule_id, floor(extract(epoch FROM ? - at) / ?)
                        ORDER BY CASE WHEN points > 0 THEN ln(points) / ln(2.0) + extract(epoch FROM at) / ? END
                            DESC NULLS LAST, alert_id) AS place
                    FROM risk_contributions JOIN unnest(?::text[], ?::text[]) AS wanted (kind, entity_key)
                        USING (kind, entity_key)
                    WHERE tenant_id = ? AND at > ? AND at <= ?) AS c
                JOIN alerts USING (tenant_id, alert_id)
            WHERE place <= ?""";

    private static final String WRITE = """
            INSERT INTO risk_entities VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant_id, kind, entity_key) DO UPDATE SET value = excluded.value, heat = excluded.heat,
                alerts = excluded.alerts, stale_at = excluded.stale_at""";

    private final Connection connection;
    private final TenantId tenant;
    private final RiskModel model;

    RiskRows(Connection connection, TenantId tenant, RiskModel model) {
        this.connection = connection;
        this.tenant = tenant;
        this.model = model;
    }

    /** An alert as it is now. */
    record AlertNow(
            EventId id,
            String ruleId,
            String title,
            Severity severity,
            Severity ofRule,
            @Nullable Verdict verdict,
            Instant at,
            Map<EntityKey, String> entities) {
        AlertNow with(Severity other) {
            return new AlertNow(id, ruleId, title, other, ofRule, verdict, at, entities);
        }
    }

    /** Only one at a time follows a tenant's alerts; the lock goes with the transaction. */
    void lock() throws SQLException {
        lock("SELECT pg_advisory_xact_lock(hashtextextended(?, 33))");
    }

    /** The same where somebody else is not waited for. */
    boolean tryLock() throws SQLException {
        return lock("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 33))");
    }

    private boolean lock(String sql) throws SQLException {
        try (var select = connection.prepareStatement(sql)) {
            select.setString(1, "risk:" + tenant);
            try (var rows = select.executeQuery()) {
                return rows.next() && "t".equals(rows.getString(1));
            }
        }
    }

    List<AlertNow> alerts(Collection<EventId> ids) throws SQLException {
        var found = new LinkedHashMap<EventId, AlertNow>();
        try (var select = connection.prepareStatement(ALERTS)) {
            select.setString(1, tenant.value());
            select.setArray(2, uuids(ids));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = id(rows, "alert_id");
                    var alert = found.get(id);
                    if (alert == null) {
                        alert = alert(rows, id);
                        found.put(id, alert);
                    }
                    var value = rows.getString("value");
                    alert.entities()
                            .putIfAbsent(new EntityKey(Entity.Kind.ofWord(rows.getString("type")), value), value);
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static AlertNow alert(ResultSet row, EventId id) throws SQLException {
        var verdict = row.getString("verdict");
        int ofRule = row.getInt("rule_severity");
        return new AlertNow(
                id,
                row.getString("rule_id"),
                row.getString("title"),
                Severity.ofRank(row.getInt("severity")),
                Severity.ofRank(ofRule == 0 ? row.getInt("severity") : ofRule),
                verdict == null ? null : Verdict.ofWord(verdict),
                row.getTimestamp("at").toInstant(),
                new LinkedHashMap<>());
    }

    /** Which entities these have brought something to. */
    TreeSet<EntityKey> reached(Collection<EventId> ids) throws SQLException {
        var reached = new TreeSet<EntityKey>();
        try (var select = connection.prepareStatement("SELECT DISTINCT kind, entity_key FROM risk_contributions"
                + " WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            select.setString(1, tenant.value());
            select.setArray(2, uuids(ids));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    reached.add(key(rows));
                }
            }
        }
        return reached;
    }

    /** Puts what alerts bring now in the place of what they brought. */
    void replace(Collection<EventId> ids, Map<EntityKey, List<Contribution>> now) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM risk_contributions WHERE tenant_id = ? AND alert_id = ANY (?)")) {
            delete.setString(1, tenant.value());
            delete.setArray(2, uuids(ids));
            delete.executeUpdate();
        }
        try (var insert = connection.prepareStatement(INSERT)) {
            for (var one : now.entrySet()) {
                for (Contribution contribution : one.getValue()) {
                    insert.setString(1, tenant.value());
                    insert.setString(2, one.getKey().kind().word());
                    insert.setString(3, one.getKey().key());
                    insert.setObject(4, contribution.alert().uuid());
                    insert.setString(5, contribution.ruleId());
                    insert.setInt(6, contribution.severity().ordinal() + 1);
                    insert.setTimestamp(7, Timestamp.from(contribution.at()));
                    insert.setBigDecimal(8, contribution.context());
                    insert.setBigDecimal(9, contribution.points());
                    insert.setArray(10, texts(contribution.facts().stream()));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /**
     * What counts for these entities at {@code until} and, for times before it, at every whole step back.
     *
     * @param back how long before {@code until} the earliest of these times is
     */
    Map<EntityKey, List<Contribution>> contributions(
            Collection<EntityKey> entities, Instant until, Duration back, Duration step) throws SQLException {
        var found = new TreeMap<EntityKey, List<Contribution>>();
        entities.forEach(entity -> found.put(entity, new ArrayList<>()));
        if (entities.isEmpty()) {
            return found;
        }
        try (var select = connection.prepareStatement(CONTRIBUTIONS)) {
            select.setTimestamp(1, Timestamp.from(until));
            select.setDouble(2, step.toMillis() / 1000.0);
            select.setDouble(3, model.halfLife().toMillis() / 1000.0);
            select.setArray(4, texts(entities.stream().map(one -> one.kind().word())));
            select.setArray(5, texts(entities.stream().map(EntityKey::key)));
            select.setString(6, tenant.value());
            select.setTimestamp(
                    7, Timestamp.from(until.minus(back).minus(model.window()).minusMillis(1)));
            select.setTimestamp(8, Timestamp.from(until));
            select.setInt(9, RiskModel.MOST_OF_RULE);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(key(rows), _ -> new ArrayList<>())
                            .add(new Contribution(
                                    id(rows, "alert_id"),
                                    rows.getString("rule_id"),
                                    rows.getString("title"),
                                    Severity.ofRank(rows.getInt("severity")),
                                    rows.getTimestamp("at").toInstant(),
                                    rows.getBigDecimal("context"),
                                    rows.getArray("facts").getArray() instanceof String[] facts
                                            ? List.of(facts)
                                            : List.of(),
                                    rows.getBigDecimal("points")));
                }
            }
        }
        return found;
    }

    /** How many alerts with points an entity has in the window, and when the oldest leaves it. */
    record Held(int alerts, @Nullable Instant oldest) {}

    Held held(EntityKey entity, Instant now) throws SQLException {
        try (var select = connection.prepareStatement("SELECT count(*), min(at) FROM risk_contributions"
                + " WHERE tenant_id = ? AND kind = ? AND entity_key = ? AND at >= ? AND at <= ? AND points > 0")) {
            bind(select, entity);
            select.setTimestamp(4, Timestamp.from(now.minus(model.window())));
            select.setTimestamp(5, Timestamp.from(now));
            try (var rows = select.executeQuery()) {
                rows.next();
                var oldest = rows.getTimestamp(2);
                return new Held(rows.getInt(1), oldest == null ? null : oldest.toInstant());
            }
        }
    }

    void write(EntityKey entity, String value, double heat, Held held, Instant stale) throws SQLException {
        try (var write = connection.prepareStatement(WRITE)) {
            bind(write, entity);
            write.setString(4, value);
            write.setDouble(5, heat);
            write.setInt(6, held.alerts());
            write.setTimestamp(7, Timestamp.from(stale));
            write.executeUpdate();
        }
    }

    void forget(EntityKey entity) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM risk_entities WHERE tenant_id = ? AND kind = ? AND entity_key = ?")) {
            bind(delete, entity);
            delete.executeUpdate();
        }
    }

    /** Entities of which something has left the window, and how they are written. */
    Map<EntityKey, String> stale(Instant now, int most) throws SQLException {
        var stale = new LinkedHashMap<EntityKey, String>();
        try (var select = connection.prepareStatement("SELECT kind, entity_key, value FROM risk_entities"
                + " WHERE tenant_id = ? AND stale_at < ? ORDER BY stale_at LIMIT ?")) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(now));
            select.setInt(3, most);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    stale.put(key(rows), rows.getString("value"));
                }
            }
        }
        return stale;
    }

    RiskModel.@Nullable Promoted promoted(EntityKey entity) throws SQLException {
        try (var select = connection.prepareStatement("SELECT at, points FROM risk_promotions"
                + " WHERE tenant_id = ? AND kind = ? AND entity_key = ? ORDER BY at DESC LIMIT 1")) {
            bind(select, entity);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new RiskModel.Promoted(rows.getTimestamp(1).toInstant(), rows.getBigDecimal(2))
                        : null;
            }
        }
    }

    void insert(Promotion promotion) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO risk_promotions (tenant_id, kind, entity_key, promotion_id, value, at, points, score, alerts,"
                        + " case_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            bind(insert, promotion.entity());
            var kase = promotion.kase();
            insert.setObject(4, promotion.id().uuid());
            insert.setString(5, promotion.value());
            insert.setTimestamp(6, Timestamp.from(promotion.at()));
            insert.setBigDecimal(7, promotion.points());
            insert.setBigDecimal(8, promotion.score());
            insert.setArray(9, uuids(promotion.alerts()));
            insert.setObject(10, kase == null ? null : kase.uuid(), java.sql.Types.OTHER);
            insert.executeUpdate();
        }
    }

    /** Into the first three places. */
    void bind(PreparedStatement statement, EntityKey entity) throws SQLException {
        statement.setString(1, tenant.value());
        statement.setString(2, entity.kind().word());
        statement.setString(3, entity.key());
    }

    private Array uuids(Collection<EventId> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.stream().map(EventId::uuid).toArray());
    }

    private Array texts(java.util.stream.Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static EntityKey key(ResultSet row) throws SQLException {
        return new EntityKey(Entity.Kind.ofWord(row.getString("kind")), row.getString("entity_key"));
    }

    static EventId id(ResultSet row, String column) throws SQLException {
        return id(row.getObject(column, UUID.class));
    }

    static EventId id(UUID uuid) {
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
