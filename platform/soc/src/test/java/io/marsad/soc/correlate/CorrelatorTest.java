package io.marsad.soc.correlate;

import static io.marsad.soc.correlate.Alerts.alert;
import static io.marsad.soc.correlate.Alerts.correlator;
import static io.marsad.soc.correlate.Alerts.groups;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.correlate.Edge.Strength;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CorrelatorTest {
    private static final Duration NOW = Duration.ZERO;

    @Test
    void oneAccountWithinADayIsOneStoryAndSaysWhy() {
        var correlator = correlator(
                alert("a", NOW, Duration.ZERO, Set.of(Tactic.CREDENTIAL_ACCESS), "user:alice", "host:h1"),
                alert(
                        "b",
                        Duration.ofHours(2),
                        Duration.ZERO,
                        Set.of(Tactic.LATERAL_MOVEMENT),
                        "user:alice",
                        "host:h2"),
                alert("c", Duration.ofHours(60), "user:alice", "host:h3"));

        assertThat(groups(correlator)).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(correlator.groupOf("b"))
                .hasValueSatisfying(group -> assertThat(group.id()).isEqualTo("a"));
        assertThat(correlator.edgesOf("b")).singleElement().satisfies(edge -> {
            assertThat(edge.strength()).isEqualTo(Strength.LINKS);
            assertThat(edge.why())
                    .isEqualTo(
                            "Both name account alice (firm, 0.76), 2 h apart; from Credential Access to Lateral Movement"
                                    + " (0.15): 0.79, enough to join them.");
        });
        assertThat(correlator.edge("b", "c"))
                .hasValueSatisfying(edge -> assertThat(edge.why())
                        .isEqualTo("Both name account alice (firm, 0.15), 2 days apart: 0.15, not enough."));
    }

    @Test
    void theWeightIsWhatItsPartsSay() {
        var correlator = correlator(
                alert("a", NOW, "user:alice", "host:h1", "ip:203.0.113.7"),
                alert("b", Duration.ofHours(3), "user:alice", "host:h1", "ip:203.0.113.7"));

        assertThat(correlator.edge("a", "b")).hasValueSatisfying(edge -> {
            double apart = 1;
            for (Edge.Shared shared : edge.shared()) {
                apart *= 1 - shared.weight();
            }
            assertThat(edge.shared()).hasSize(3);
            assertThat(edge.weight()).isEqualTo(1 - apart);
        });
    }

    @Test
    void anAttackThatTakesWeeksStaysOneStoryAsLongAsEachStepFollowsWithinADay() {
        var facts = new ArrayList<AlertFact>();
        var correlator = new Correlator(Parameters.usual());
        for (int day = 0; day < 20; day++) {
            var fact = alert("d" + day, Duration.ofHours(20L * day), "user:mallory", "host:h" + day / 10);
            facts.add(fact);
            correlator.add(fact);
        }

        assertThat(groups(correlator))
                .containsExactly(facts.stream().map(AlertFact::id).toList());
    }

    @Test
    void whatMeetsSomebodyNewEveryDayIsEverybodysAndJoinsNobody() {
        var correlator = new Correlator(Parameters.usual());
        for (int day = 0; day < 10; day++) {
            correlator.add(alert("d" + day, Duration.ofDays(day), "user:admin", "host:other" + day));
        }
        correlator.add(alert("x1", Duration.ofHours(10 * 24), "user:eve", "host:h1"));
        correlator.add(alert("x2", Duration.ofHours(10 * 24 + 1), "user:admin", "host:h1"));
        correlator.add(alert("y1", Duration.ofHours(10 * 24 + 1), "user:bob", "host:h2"));
        correlator.add(alert("y2", Duration.ofHours(10 * 24 + 2), "user:admin", "host:h2"));

        assertThat(groups(correlator)).contains(List.of("x1", "x2"), List.of("y1", "y2"));
        assertThat(correlator.edge("x2", "y2")).hasValueSatisfying(edge -> {
            assertThat(edge.strength()).isNotEqualTo(Strength.LINKS);
            assertThat(edge.why()).contains("account admin (faint, 0.24, as many have to do with it)");
        });
    }

    @Test
    void anAddressThatMachinesReachTheOutsideByLinksNobodyWhicheverCameFirst() {
        var one = alert("a", NOW, "ip:198.51.100.9", "host:h1");
        var two = alert("b", Duration.ofMinutes(1), "ip:198.51.100.9", "host:h2");
        var inventory = alert("c", Duration.ofMinutes(2), "host:h3", "egress:198.51.100.9");

        var correlator = correlator(one, two);
        assertThat(groups(correlator)).containsExactly(List.of("a", "b"));
        correlator.add(inventory);
        assertThat(groups(correlator)).containsExactly(List.of("a"), List.of("b"), List.of("c"));
        correlator.remove("c");
        assertThat(groups(correlator)).containsExactly(List.of("a", "b"));
    }

    @Test
    void aDomainControllerHoldsALoneAlertButJoinsNoGroups() {
        var correlator = correlator(
                alert("a1", NOW, "user:alice", "host:h1", "host:site-dc1"),
                alert("a2", Duration.ofMinutes(1), "user:alice", "host:h1"),
                alert("b1", Duration.ofMinutes(2), "user:bob", "host:h2", "host:site-dc1"),
                alert("b2", Duration.ofMinutes(3), "user:bob", "host:h2"),
                alert("c", Duration.ofMinutes(4), "host:site-dc1"));

        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2"), List.of("b1", "b2", "c"));
        assertThat(correlator.edgesOf("c"))
                .singleElement()
                .satisfies(edge -> assertThat(edge.strength()).isEqualTo(Strength.ATTACHES));
    }

    @Test
    void whatIsOnlyContextIsFaint() {
        var correlator = correlator(
                alert("a1", NOW, "host:h1", "context:alice"),
                alert("a2", NOW, "host:h1"),
                alert("b1", NOW, "host:h2", "context:alice"),
                alert("b2", NOW, "host:h2"));

        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2"), List.of("b1", "b2"));
    }

    @Test
    void alertsThatHangOnNothingElseHangTogetherInPairsNeverInChains() {
        var correlator = correlator(
                alert("a", NOW, "file:x.doc"),
                alert("b", Duration.ofMinutes(1), "file:x.doc", "file:y.doc", "directory:example"),
                alert("c", Duration.ofMinutes(1), "file:y.doc"),
                alert("d", Duration.ofMinutes(2), "directory:example"));

        assertThat(groups(correlator)).hasSize(3).allMatch(group -> group.size() <= 2);
    }

    @Test
    void theSameRuleInOneDirectoryAtOnceIsOneStoryAndHoursLaterItIsNot() {
        var correlator = correlator(
                alert("a", NOW, "rule:spray", "directory:example", "user:alice"),
                alert("b", Duration.ofMinutes(5), "rule:spray", "directory:example", "user:bob"),
                alert("c", Duration.ofHours(3), "rule:spray", "directory:example", "user:carol"));

        assertThat(groups(correlator)).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void groupsAreBounded() {
        var small = new Parameters(
                0.8,
                0.5,
                0.25,
                0.15,
                Duration.ofHours(24),
                Duration.ofHours(72),
                Duration.ofHours(2),
                0.4,
                0.2,
                7,
                Duration.ofDays(7),
                10,
                1_000);
        var correlator = new Correlator(small);
        for (int i = 0; i < 35; i++) {
            correlator.add(alert("a" + i, Duration.ofMinutes(i), "host:h1"));
        }

        assertThat(groups(correlator)).extracting(List::size).containsExactly(10, 10, 10, 5);
    }

    @Test
    void ofTooManyAlertsTheNewestAreKeptAndNoneThatEndedBeforeWhatWasForgotten() {
        var few = new Parameters(
                0.8,
                0.5,
                0.25,
                0.15,
                Duration.ofHours(24),
                Duration.ofHours(72),
                Duration.ofHours(2),
                0.4,
                0.2,
                7,
                Duration.ofDays(7),
                10,
                3);
        var correlator = new Correlator(few);
        for (int i = 0; i < 5; i++) {
            assertThat(correlator.add(alert("a" + i, Duration.ofMinutes(i), "host:h1")))
                    .isTrue();
        }
        assertThat(correlator.alerts()).containsExactly("a2", "a3", "a4");
        assertThat(correlator.add(alert("late", Duration.ofMinutes(-1), "host:h1")))
                .isFalse();

        correlator.forgetBefore(Alerts.NOON.plus(Duration.ofMinutes(4)));
        assertThat(correlator.alerts()).containsExactly("a4");
        assertThat(correlator.add(alert("later", Duration.ofMinutes(3), "host:h1")))
                .isFalse();
    }

    @Test
    void whatAnalystsSayCountsMoreThanAnyEdge() {
        var correlator = correlator(
                alert("a1", NOW, "user:alice", "host:h1"),
                alert("a2", Duration.ofMinutes(1), "user:alice", "host:h1"),
                alert("b1", Duration.ofMinutes(2), "user:alice", "host:h2"),
                alert("b2", Duration.ofMinutes(3), "user:alice", "host:h2"),
                alert("z", Duration.ofMinutes(4), "host:h9"));
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2", "b1", "b2"), List.of("z"));

        correlator.together("a1", "a2");
        correlator.together("b1", "b2");
        correlator.apart("a1", "b1");
        correlator.together("b2", "z");
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2"), List.of("b1", "b2", "z"));
        assertThatThrownBy(() -> correlator.together("a2", "z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("apart");
        assertThatThrownBy(() -> correlator.apart("b1", "z")).hasMessageContaining("together");

        correlator.release("a1", "b1");
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2", "b1", "b2", "z"));
        correlator.release("b2", "z");
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2", "b1", "b2"), List.of("z"));
    }

    @Test
    void aLoneAlertThatWasSaidToBeApartHangsOnNothingThere() {
        var correlator = correlator(
                alert("a1", NOW, "user:alice", "host:h1", "file:x.doc"),
                alert("a2", Duration.ofMinutes(1), "user:alice"),
                alert("c", Duration.ofMinutes(4), "file:x.doc"));
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2", "c"));

        correlator.apart("a2", "c");
        assertThat(groups(correlator)).containsExactly(List.of("a1", "a2"), List.of("c"));
    }

    @Test
    void anotherThresholdIsTriedBeforeItIsSet() {
        var usual = Parameters.usual();
        var correlator = correlator(
                alert("a", NOW, "ip:203.0.113.7", "host:h1"), alert("b", Duration.ofHours(1), "ip:203.0.113.7"));
        var strict = new Parameters(
                usual.firm(),
                usual.loose(),
                usual.faint(),
                usual.progress(),
                usual.assetHalfLife(),
                usual.artifactHalfLife(),
                usual.momentHalfLife(),
                0.6,
                usual.attach(),
                usual.busyDays(),
                usual.longest(),
                usual.maxGroup(),
                usual.maxAlerts());

        var tried = correlator.with(strict);
        assertThat(tried.edge("a", "b"))
                .hasValueSatisfying(edge -> assertThat(edge.strength()).isEqualTo(Strength.ATTACHES));
        assertThat(correlator.edge("a", "b"))
                .hasValueSatisfying(edge -> assertThat(edge.strength()).isEqualTo(Strength.LINKS));
    }

    @Test
    void anAlertThatChangesIsWeighedAnew() {
        var correlator = correlator(alert("a", NOW, "host:h1"), alert("b", NOW, "host:h2"));
        correlator.add(alert("b", NOW, "host:h2", "host:h1"));
        assertThat(groups(correlator)).containsExactly(List.of("a", "b"));
        correlator.add(alert("b", NOW, "host:h2"));
        assertThat(groups(correlator)).containsExactly(List.of("a"), List.of("b"));
    }
}
