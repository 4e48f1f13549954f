package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.decision.service.DecisionWorker;
import io.marsad.soc.decision.service.Enrichment;
import io.marsad.soc.decision.service.Judges;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Who decides about alerts. */
final class Deciding {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final int AT_ONCE = 250;
    private static final int TENANTS = 4;

    private Deciding() {}

    /** Who is asked about an alert, and who knows whether its rule is proved. */
    record By(Enrichment enrichment, Judges judges, RuleProofs proofs) {}

    static Following following(Database database, By by, InstantSource clock, RandomGenerator random) {
        var worker = new DecisionWorker(database, by.enrichment, by.judges, by.proofs::of, clock, random);
        return new Following(AlertFollowers.DECISIONS, worker, AT_ONCE, LEASE, TENANTS);
    }
}
