package io.marsad.api.alerts;

import io.marsad.api.suppressions.QueryConditions;
import io.marsad.db.Database;
import io.marsad.kernel.store.EventStore;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.BulkActs;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.suppression.Suppressions;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What is shown of alerts and done to them. */
public record AlertServices(Alerts alerts, Triage triage, BulkActs bulk, Suppressions suppressions) {
    /** @param random a secure source */
    public static AlertServices of(
            Alerts alerts, EventStore store, Database database, InstantSource clock, RandomGenerator random) {
        return new AlertServices(
                alerts,
                new Triage(database, clock),
                new BulkActs(database, clock, random),
                new Suppressions(database, store::find, new QueryConditions(), clock, random));
    }
}
