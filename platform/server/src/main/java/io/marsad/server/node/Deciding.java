package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.decision.service.DecisionWorker;
import io.marsad.soc.decision.service.Enrichment;
import io.marsad.soc.decision.service.Judges;
import io.marsad.soc.decision.service.LedgerJudges;
import io.marsad.soc.record.RuleRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Who decides about alerts. */
final class Deciding {
    /** Longer than all questions to models of one batch take together. */
    private static final Duration LEASE = Duration.ofMinutes(20);

    private static final int AT_ONCE = 20;
    private static final int TENANTS = 4;

    private Deciding() {}

    static Following following(Database database, InstantSource clock, RandomGenerator random) {
        var worker = new DecisionWorker(
                database,
                Enrichment.of(List.of(), clock),
                new LedgerJudges(Judges.NONE, database, clock, random),
                rule -> rule.origin().set().equals("marsad") ? RuleRecord.Proof.TESTED : RuleRecord.Proof.UNKNOWN,
                clock,
                random);
        return new Following(AlertFollowers.DECISIONS, worker, AT_ONCE, LEASE, TENANTS);
    }
}
