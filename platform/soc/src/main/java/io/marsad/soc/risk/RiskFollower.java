package io.marsad.soc.risk;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.SeverityChange;
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
    public static RiskFollower standard(Weighing weighing, Promotions promotions, InstantSource clock) {
        return new RiskFollower(RiskModel.STANDARD, weighing, promotions, clock);
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
        var changes = new ArrayList<SeverityChange>();
        for (var found : rows.alerts(alerts)) {
            var shift = known.shift(found.entities().keySet(), found.at());
            var alert = severe(found, shift, changes);
            for (var entity : alert.entities().entrySet()) {
                var key = entity.getKey();
                if (key.bearsRisk()) {
                    brought.computeIfAbsent(key, _ -> new ArrayList<>())
                            .add(contribution(alert, known.of(key, alert.at())));
                    values.put(key, entity.getValue());
                }
            }
        }
        var touched = rows.reached(alerts);
        touched.addAll(brought.keySet());
        rows.replace(alerts, brought);
        var now = Instant.ofEpochMilli(clock.millis());
        var changed = SeverityChange.write(connection, tenant, now, changes);
        var promoted = new ArrayList<Promotion>();
        for (var risk : refresh(rows, touched, values, now).entrySet()) {
            var entity = risk.getKey();
            if (rises(rows, entity, risk.getValue())) {
                var value = values.getOrDefault(entity, entity.key());
                promoted.add(promote(connection, rows, tenant, value, entity, risk.getValue()));
            }
        }
        // What others wait for comes last, and in the order in which everybody takes it: audit log, live feed.
        for (var promotion : promoted) {
            audit(connection, tenant, promotion);
        }
        SeverityChange.tell(connection, tenant, now, changes, changed);
    }

    private boolean rises(RiskRows rows, EntityKey entity, Risk risk) throws SQLException {
        return risk.score().compareTo(model.promoteAt()) >= 0 && model.promotes(risk, rows.promoted(entity));
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

    private Promotion promote(
            Connection connection, RiskRows rows, TenantId tenant, String value, EntityKey entity, Risk risk)
            throws SQLException {
        var alerts = risk.shares().stream()
                .filter(share -> share.counted().signum() > 0)
                .map(share -> share.contribution().alert())
                .toList();
        var id = EventId.derived(
                "promotion", tenant.value(), entity.toString(), risk.at().toString());
        var found = new Promotion(id, entity, value, risk.at(), risk.points(), risk.score(), alerts, null);
        var kase = promotions.take(connection, tenant, found);
        var kept = new Promotion(id, entity, value, risk.at(), risk.points(), risk.score(), alerts, kase);
        rows.insert(kept);
        return kept;
    }

    private static void audit(Connection connection, TenantId tenant, Promotion promotion) throws SQLException {
        var kase = promotion.kase();
        var detail = AuditLog.detail(
                connection,
                "score",
                promotion.score().toPlainString(),
                "points",
                promotion.points().toPlainString(),
                "alerts",
                String.valueOf(promotion.alerts().size()),
                "case",
                kase == null ? null : kase.toString());
        var entry = new AuditLog.Entry(
                promotion.at(), ACTOR, "risk.promote", promotion.entity().toString(), detail);
        AuditLog.append(connection, tenant, entry);
    }

    /** The alert with the severity that it has by what is known of those whom it names. */
    private static RiskRows.AlertNow severe(
            RiskRows.AlertNow alert, Weighing.Shift shift, List<SeverityChange> changes) {
        var wanted = alert.ofRule().shifted(shift.steps());
        if (wanted == alert.severity()) {
            return alert;
        }
        var why = shift.facts().isEmpty()
                ? "as the rule has it"
                : "the rule says " + alert.ofRule().word() + "; " + String.join(", ", shift.facts());
        changes.add(new SeverityChange(alert.id(), alert.severity(), wanted, alert.ofRule(), why));
        return alert.with(wanted);
    }

    private static Contribution contribution(RiskRows.AlertNow alert, Weighing.Weight weight) {
        return new Contribution(
                alert.id(),
                alert.ruleId(),
                alert.title(),
                alert.severity(),
                alert.at(),
                weight.context(),
                weight.facts(),
                RiskModel.points(alert.severity(), weight.context(), alert.verdict()));
    }
}
