package io.marsad.soc.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detections;
import io.marsad.soc.live.Presence.Person;
import io.marsad.soc.live.Presence.State;
import io.marsad.soc.live.Presence.Thing;
import io.marsad.soc.live.Presence.Window;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is present, in two processes on one database. */
class PresenceTest {
    private static final Window ANN = new Window("user:ann", "1");
    private static final Window ANN_TOO = new Window("user:ann", "2");
    private static final Window BOB = new Window("user:bob", "1");

    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final AtomicLong nanos = new AtomicLong();
    private final EventId alert = raise(tenant);

    private EventId raise(TenantId of) {
        var alerts = new Alerts(database, new TestClock("2026-03-01T12:00:00Z"), Duration.ZERO);
        var detection = Detections.detection(of, "rule", "high", 1);
        return database.inTenant(of, c -> alerts.raise(c, of, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
    }

    private List<Person> say(LiveFeed node, @Nullable Window who, @Nullable State state) {
        var person =
                state == null || who == null ? null : new Person(who.subject().substring(5), null, state);
        return node.presence().say(tenant, Thing.ALERT, alert, who, person);
    }

    @Test
    void onWhicheverNodeSomebodyIsTheOthersSeeThem() throws Exception {
        try (var one = new LiveFeed(database, nanos::get);
                var two = new LiveFeed(database, nanos::get);
                var listener = two.listen(tenant, null);
                var stranger = two.listen(SharedDatabase.newTenant(), null)) {
            assertThat(say(two, BOB, State.LOOKING)).isEmpty();
            await().until(
                            () -> { // each says so again, as browsers do: the other may not have listened the first
                                // time
                                say(two, BOB, State.LOOKING);
                                return !say(one, ANN, State.LOOKING).isEmpty();
                            });
            await().until(() -> names(say(two, BOB, State.LOOKING)).equals(List.of("ann")));
            assertThat(listener.poll(Duration.ofSeconds(20)).getFirst())
                    .isEqualTo(new LiveEvent(0, "presence.changed", "{\"of\":\"alert\",\"id\":\"" + alert + "\"}"));
            assertThat(stranger.poll(Duration.ofMillis(1))).isEmpty();
            say(one, ANN, State.WRITING);
            await().until(() -> say(two, BOB, State.LOOKING).equals(List.of(new Person("ann", null, State.WRITING))));
            say(one, ANN, null);
            await().until(() -> say(two, BOB, State.LOOKING).isEmpty());
        }
    }

    @Test
    void whoSaysNothingIsGone() {
        try (var node = new LiveFeed(database, nanos::get)) {
            say(node, ANN, State.LOOKING);
            nanos.addAndGet(Presence.KEPT.toNanos() - 1);
            assertThat(names(say(node, BOB, State.LOOKING))).containsExactly("ann");
            nanos.addAndGet(1);
            assertThat(say(node, BOB, State.LOOKING)).isEmpty();
            assertThat(Presence.KEPT).isLessThan(Duration.ofSeconds(30).minusSeconds(8)); // asked again every 8 s
        }
    }

    @Test
    void twoWindowsAreOnePerson() {
        try (var node = new LiveFeed(database, nanos::get)) {
            say(node, ANN, State.WRITING);
            assertThat(say(node, ANN_TOO, State.LOOKING))
                    .as("oneself is not told")
                    .isEmpty();
            assertThat(say(node, BOB, State.LOOKING)).containsExactly(new Person("ann", null, State.WRITING));
            say(node, ANN, null);
            assertThat(say(node, BOB, State.LOOKING)).containsExactly(new Person("ann", null, State.LOOKING));
            assertThat(names(say(node, null, null)))
                    .as("who is nobody only hears")
                    .containsExactly("ann", "bob");
        }
    }

    @Test
    void nobodyIsWithAnotherTenantsThings() {
        var stranger = SharedDatabase.newTenant();
        try (var node = new LiveFeed(database, nanos::get)) {
            say(node, ANN, State.LOOKING);
            var presence = node.presence();
            assertThatThrownBy(() ->
                            presence.say(stranger, Thing.ALERT, alert, BOB, new Person("bob", null, State.LOOKING)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("no such alert");
            assertThat(say(node, ANN_TOO, State.LOOKING)).isEmpty();
        }
    }

    @Test
    void aPlaceHasAnEnd() {
        try (var node = new LiveFeed(database, nanos::get)) {
            for (int i = 0; i < 60; i++) {
                say(node, new Window("user:" + i, "1"), State.LOOKING);
            }
            assertThat(say(node, null, null)).hasSize(50);
        }
    }

    private static List<String> names(List<Person> people) {
        return people.stream().map(Person::name).toList();
    }
}
