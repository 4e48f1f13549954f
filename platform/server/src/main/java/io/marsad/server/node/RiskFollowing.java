package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.cases.CasePromotions;
import io.marsad.soc.context.ContextWeighing;
import io.marsad.soc.risk.RiskFollower;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Who keeps the risk of entities as their alerts are. */
final class RiskFollowing {
    private static final int AT_ONCE = 250;
    private static final int TENANTS = 2;

    private RiskFollowing() {}

    static Following of(Database database, InstantSource clock, RandomGenerator random) {
        var follower = RiskFollower.standard(new ContextWeighing(), new CasePromotions(clock, random), clock)
                .on(database);
        return new Following(AlertFollowers.RISK, follower, AT_ONCE, Duration.ofMinutes(1), TENANTS);
    }
}
