package io.marsad.api.decisions;

import io.marsad.db.Database;
import io.marsad.soc.decision.service.DecisionSettings;
import io.marsad.soc.decision.service.Decisions;
import io.marsad.soc.decision.service.Submissions;
import io.marsad.soc.record.RuleRecords;
import io.marsad.soc.report.Reports;
import io.marsad.soc.stage.Stages;
import io.marsad.soc.suppression.Suppressions;
import io.marsad.soc.tuning.TuningActs;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What is decided, by what, and what becomes of rules. */
public record DecisionServices(
        Submissions submissions,
        Decisions decisions,
        DecisionSettings settings,
        RuleRecords records,
        Stages stages,
        TuningActs tuning,
        Reports reports) {
    /** @param random a secure source */
    public static DecisionServices of(
            Database database, Suppressions suppressions, InstantSource clock, RandomGenerator random) {
        var stages = new Stages(database, clock);
        return new DecisionServices(
                new Submissions(database, clock, random),
                new Decisions(database, clock),
                new DecisionSettings(database, clock),
                new RuleRecords(database, clock),
                stages,
                new TuningActs(database, stages, suppressions, clock, random),
                new Reports(database, clock));
    }
}
