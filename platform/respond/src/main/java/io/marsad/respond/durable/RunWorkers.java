package io.marsad.respond.durable;

import io.marsad.db.outbox.OutboxRunner.Following;
import java.time.Duration;
import java.util.List;

/** How many do what follows in playbooks at once, and how soon another node takes over from one that died. */
public final class RunWorkers {
    /** A node that died is no longer waited for after this. */
    static final Duration LEASE = Duration.ofSeconds(8);

    private static final int RUNS_AT_ONCE = 100;
    private static final int ACTIONS_AT_ONCE = 20;
    private static final int THREADS = 64;
    /** Calls take seconds when the other side is slow: what one tenant's take must not be waited for by its next. */
    private static final int OF_A_TENANT = 8;

    private RunWorkers() {}

    public static List<Following> of(RunFollower runs, ActionFollower actions) {
        return of(runs, actions, LEASE);
    }

    static List<Following> of(RunFollower runs, ActionFollower actions, Duration lease) {
        return List.of(
                new Following(Runs.QUEUE, runs, RUNS_AT_ONCE, lease, THREADS),
                new Following(ActionRequests.QUEUE, actions, ACTIONS_AT_ONCE, lease, THREADS, OF_A_TENANT));
    }
}
