package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What follows an alert: each queue with who does its items. */
final class Followers {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private Followers() {}

    static OutboxRunner start(
            Database database,
            Deciding.By by,
            Notifying notifying,
            Responding responding,
            InstantSource clock,
            RandomGenerator random) {
        var followings = new ArrayList<>(List.of(
                CaseUpkeep.following(database, clock, random),
                RiskFollowing.of(database, clock, random),
                Deciding.following(database, by, clock, random),
                Starting.following(database, clock)));
        followings.addAll(notifying.followings());
        followings.addAll(responding.followings());
        return OutboxRunner.start(database, followings, EVERY, clock);
    }
}
