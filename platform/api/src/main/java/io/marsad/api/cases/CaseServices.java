package io.marsad.api.cases;

import io.marsad.db.Database;
import io.marsad.soc.cases.CaseEvidence;
import io.marsad.soc.cases.CaseMetrics;
import io.marsad.soc.cases.CaseTargets;
import io.marsad.soc.cases.CaseWork;
import io.marsad.soc.cases.Cases;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What is shown of cases and done to them. */
public record CaseServices(
        Cases cases,
        CaseWork work,
        CaseEvidence evidence,
        CaseTargets targets,
        CaseMetrics metrics,
        InstantSource clock) {
    /** @param random a secure source */
    public static CaseServices of(Database database, InstantSource clock, RandomGenerator random) {
        return new CaseServices(
                new Cases(database, clock),
                new CaseWork(database, clock, random),
                new CaseEvidence(database, clock),
                new CaseTargets(database, clock),
                new CaseMetrics(database, clock),
                clock);
    }
}
