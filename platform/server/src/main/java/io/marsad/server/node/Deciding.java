package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.decision.service.DecisionWorker;
import io.marsad.soc.decision.service.Enrichment;
import io.marsad.soc.decision.service.Judges;
import io.marsad.soc.decision.service.LedgerJudges;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Who decides about alerts. */
final class Deciding {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final int AT_ONCE = 20;
    private static final int TENANTS = 4;

    private Deciding() {}

    static Following following(
            Database database, Enrichment enrichment, RuleProofs proofs, InstantSource clock, RandomGenerator random) {
        var worker = new DecisionWorker(
                database,
                enrichment,
                new LedgerJudges(Judges.NONE, database, clock, random),
                proofs::of,
                clock,
                random);
        return new Following(AlertFollowers.DECISIONS, worker, AT_ONCE, LEASE, TENANTS);
    }
}
