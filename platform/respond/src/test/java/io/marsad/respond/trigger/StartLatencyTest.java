package io.marsad.respond.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.db.outbox.OutboxRunner;
import io.marsad.respond.Examples;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.durable.RunWorkers;
import io.marsad.respond.durable.Turn;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** How long it takes from an alert to the first step that is carried out; with all followers, as in a platform. */
class StartLatencyTest {
    private static final int ALERTS = 40;

    private final Map<String, Long> carried = new ConcurrentHashMap<>();

    /** Remembers when it was told of which alert. */
    private final class Watching implements ActionProvider {
        @Override
        public Result perform(Order order) {
            carried.put(Objects.requireNonNull(order.parameters().get("value")).stringValue(), System.nanoTime());
            return new Result.Completed(Map.of());
        }

        @Override
        public Result settle(Order order) {
            return perform(order);
        }
    }

    private static ActionRequests.Policies policies() {
        return new ActionRequests.Policies() {
            @Override
            public ActionPolicy of(Turn turn) {
                return ActionPolicy.standard();
            }

            @Override
            public boolean isCrownJewel(Turn turn, String kind, String target) {
                return false;
            }
        };
    }

    @Test
    void theFirstStepOfARunIsCarriedOutSoonAfterItsAlert() throws Exception {
        var database = SharedDatabase.database();
        var tenant = SharedDatabase.newTenant();
        var clock = InstantSource.system();
        var catalogue = Catalogue.standard();
        var shelf = new PlaybookShelf(new PlaybookReader(catalogue, Alarms.MQL));
        var source = Examples.yaml("""
                playbook_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    triggers: [{on: alert, when: "severity >= high", max_per_hour: 1000}]
                playbook_variables: {__alert_id__: {type: uuid, external: true}}
                workflow:
                  start--1: {type: start, on_completion: action--1}
                  action--1:
                    type: action
                    agent: group--1
                    commands: [{type: manual, command: "Look __alert_id__:value up"}]
                    step_extensions:
                      extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                        action: look_up
                        with: {type: x, value: "__alert_id__:value"}
                    on_completion: end--1
                  end--1: {type: end}
                """);
        database.inTenant(tenant, connection -> {
            try {
                return shelf.put(new Turn(connection, tenant, Instant.now()), source, "user:ann");
            } catch (io.marsad.kernel.content.ContentException e) {
                throw new AssertionError(e);
            }
        });
        var runs = new RunFollower(database, shelf, new ActionRequests(catalogue, policies()), clock);
        var actions = new ActionFollower(database, new Watching(), clock);
        var followings = new ArrayList<>(RunWorkers.of(runs, actions));
        followings.add(new Triggers(database, shelf, Alarms.MQL, clock).following());
        Map<UUID, Long> raised = new LinkedHashMap<>();
        try (var runner = OutboxRunner.start(database, followings, Duration.ofSeconds(1), clock)) {
            assertThat(runner).isNotNull();
            var alarms =
                    new Alarms(database, tenant, new TestClock(clock.instant().toString()));
            for (int i = 0; i < ALERTS; i++) {
                raised.put(alarms.raise("high", "T1110"), System.nanoTime());
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> carried.size() == ALERTS);
        }
        var milliseconds = raised.entrySet().stream()
                .map(one ->
                        (carried.getOrDefault(one.getKey().toString(), Long.MAX_VALUE) - one.getValue()) / 1_000_000)
                .sorted()
                .toList();
        System.out.println("from alert to first step: median " + milliseconds.get(ALERTS / 2) + " ms, p95 "
                + milliseconds.get(ALERTS * 95 / 100) + " ms, slowest " + milliseconds.getLast() + " ms");
        assertThat(milliseconds.getLast())
                .as("five seconds, on a machine that does much else")
                .isLessThan(30_000);
    }
}
