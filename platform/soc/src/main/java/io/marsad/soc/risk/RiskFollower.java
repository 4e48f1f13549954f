package io.marsad.soc.risk;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the risk of entities as their alerts are. What an alert brings is made of its present row, so that alerts may come in
 * any order and any number of times. Thread-safe.
 */
public final class RiskFollower {
    /** Who promotes, in the audit log. */
    static final String ACTOR = "system:risk";

    private static final int EXPIRED_AT_ONCE = 1_000;

    private final RiskModel model;
    private final Weighing weighing;
    private final Promotions promotions;
    private final InstantSource clock;

    public RiskFollower(RiskModel model, Weighing weighing, Promotions promotions, InstantSource clock) {
        this.model = model;
        this.weighing = weighing;
        this.promotions = promotions;
        this.clock = clock;
    }

    /** As it is on every platform. */
    public static RiskFollower standard(Promotions promotions, InstantSource clock) {
        return new RiskFollower(RiskModel.STANDARD, Weighing.NOTHING, promotions, clock);
    }

    /** What does the items of the queue of alerts' changes. */
    public Follower on(Database database) {
        return claim -> database.<Boolean>inTenant(claim.tenant(), connection -> {
            follow(
                    connection,
                    claim.tenant(),
                    claim.subjects().stream().map(RiskRows::id).toList());
            claim.done(connection);
            return true;
        });
    }

    /** Takes in how these alerts are now; in the transaction, which is the tenant's. */
    public void follow(Connection connection, TenantId tenant, Collection<EventId> alerts) throws SQLException {
        var rows = new RiskRows(connection, tenant, model);
        rows.lock();
        var known = weighing.read(connection, tenant);
        var brought = new TreeMap<EntityKey, List<Contribution>>();
        var values = new HashMap<EntityKey, String>();
        for (var alert : rows.alerts(alerts)) {
            for (var entity : alert.entities().entrySet()) {
                var key = entity.getKey();
                if (key.bearsRisk()) {
                    var context = known.context(key, alert.at());
                    brought.computeIfAbsent(key, _ -> new ArrayList<>()).add(contribution(alert, context));
                    values.put(key, entity.getValue());
                }
            }
        }
        var touched = rows.reached(alerts);
        touched.addAll(brought.keySet());
        rows.replace(alerts, brought);
        var now = Instant.ofEpochMilli(clock.millis());
        for (var risk : refresh(rows, touched, values, now).entrySet()) {
            promote(connection, rows, tenant, risk.getKey(), values, risk.getValue());
        }
    }

    /** Writes where entities stand now; returns their risk. */
    private Map<EntityKey, Risk> refresh(
            RiskRows rows, Collection<EntityKey> entities, Map<EntityKey, String> values, Instant now)
            throws SQLException {
        var risks = new TreeMap<EntityKey, Risk>();
        for (var one :
                rows.contributions(entities, now, Duration.ZERO, model.window()).entrySet()) {
            var entity = one.getKey();
            var risk = model.at(now, one.getValue());
            var held = rows.held(entity, now);
            var oldest = held.oldest();
            if (risk.points().signum() == 0 || oldest == null) {
                rows.forget(entity);
            } else {
                rows.write(
                        entity,
                        values.getOrDefault(entity, entity.key()),
                        model.heat(risk.points().doubleValue(), now),
                        held,
                        oldest.plus(model.window()));
            }
            risks.put(entity, risk);
        }
        return risks;
    }

    /** Brings up to date of which entities something has left the window; those that somebody else is at are left out. */
    void expire(Connection connection, TenantId tenant, Instant now) throws SQLException {
        var rows = new RiskRows(connection, tenant, model);
        if (!rows.stale(now, 1).isEmpty() && rows.tryLock()) {
            var stale = rows.stale(now, EXPIRED_AT_ONCE);
            refresh(rows, stale.keySet(), stale, now);
        }
    }

    private void promote(
            Connection connection,
            RiskRows rows,
            TenantId tenant,
            EntityKey entity,
            Map<EntityKey, String> values,
            Risk risk)
            throws SQLException {
        if (risk.score().compareTo(model.promoteAt()) < 0 || !model.promotes(risk, rows.promoted(entity))) {
            return;
        }
        var alerts = risk.shares().stream()
                .filter(share -> share.counted().signum() > 0)
                .map(share -> share.contribution().alert())
                .toList();
        var id = EventId.derived(
                "promotion", tenant.value(), entity.toString(), risk.at().toString());
        var value = values.getOrDefault(entity, entity.key());
        var found = new Promotion(id, entity, value, risk.at(), risk.points(), risk.score(), alerts, null);
        var kase = promotions.take(connection, tenant, found);
        rows.insert(new Promotion(id, entity, value, risk.at(), risk.points(), risk.score(), alerts, kase));
        var detail = AuditLog.detail(
                connection,
                "score",
                risk.score().toPlainString(),
                "points",
                risk.points().toPlainString(),
                "alerts",
                String.valueOf(alerts.size()),
                "case",
                kase == null ? null : kase.toString());
        AuditLog.append(
                connection, tenant, new AuditLog.Entry(risk.at(), ACTOR, "risk.promote", entity.toString(), detail));
    }

    private static Contribution contribution(RiskRows.AlertNow alert, BigDecimal context) {
        return new Contribution(
                alert.id(),
                alert.ruleId(),
                alert.title(),
                alert.severity(),
                alert.at(),
                context,
                RiskModel.points(alert.severity(), context, alert.verdict()));
    }
}
