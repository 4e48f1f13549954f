package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What follows an alert: each queue with who does its items. */
final class Followers {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private Followers() {}

    static OutboxRunner start(Database database, List<Following> followings, InstantSource clock) {
        return OutboxRunner.start(database, followings, EVERY, clock);
    }
}
