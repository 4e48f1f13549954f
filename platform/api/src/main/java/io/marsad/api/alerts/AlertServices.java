package io.marsad.api.alerts;

import io.marsad.api.cases.CaseServices;
import io.marsad.api.decisions.DecisionServices;
import io.marsad.api.suppressions.QueryConditions;
import io.marsad.db.Database;
import io.marsad.kernel.store.EventStore;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.AlikeAlerts;
import io.marsad.soc.alert.BulkActs;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.context.ContextWeighing;
import io.marsad.soc.context.Contexts;
import io.marsad.soc.entity.Entities;
import io.marsad.soc.inbox.Inbox;
import io.marsad.soc.risk.Promotions;
import io.marsad.soc.risk.RiskFollower;
import io.marsad.soc.risk.RiskModel;
import io.marsad.soc.risk.RiskQueue;
import io.marsad.soc.suppression.Suppressions;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What is shown of alerts and done to them. */
public record AlertServices(
        Alerts alerts,
        Triage triage,
        BulkActs bulk,
        AlikeAlerts alike,
        Suppressions suppressions,
        RiskQueue risk,
        Entities entities,
        Contexts context,
        DecisionServices decisions,
        CaseServices cases,
        Inbox inbox) {
    /** @param random a secure source */
    public static AlertServices of(
            Alerts alerts, EventStore store, Database database, InstantSource clock, RandomGenerator random) {
        var risk = RiskFollower.standard(new ContextWeighing(), Promotions.NONE, clock);
        var queue = new RiskQueue(database, RiskModel.STANDARD, risk, clock);
        var suppressions = new Suppressions(database, store::find, new QueryConditions(), clock, random);
        return new AlertServices(
                alerts,
                new Triage(database, clock),
                new BulkActs(database, clock, random),
                new AlikeAlerts(database),
                suppressions,
                queue,
                new Entities(database, alerts, queue, clock),
                new Contexts(database, clock, random),
                DecisionServices.of(database, suppressions, clock, random),
                CaseServices.of(database, clock, random),
                new Inbox(database, clock));
    }
}
