package io.marsad.soc.risk;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.soc.alert.AlertFollowers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A JVM of its own that keeps risk as alerts come, until it is killed. */
public final class ChildFollower {
    private ChildFollower() {}

    /** @param args the database's address and its two logins */
    public static void main(String[] args) throws Exception {
        var clock = InstantSource.system();
        var access = new PostgresAccess(
                args[0], new PostgresAccess.Login(args[1], args[2]), new PostgresAccess.Login(args[3], args[4]));
        var database = Database.open(access);
        var follower = new RiskFollower(RiskModel.STANDARD, Weighing.NOTHING, Promotions.NONE, clock);
        var risk = new Following(AlertFollowers.RISK, follower.on(database), 5, Duration.ofSeconds(1), 4);
        try (var _ = OutboxRunner.start(database, List.of(risk), Duration.ofMillis(50), clock)) {
            System.out.println("begun");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
