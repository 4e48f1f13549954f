package io.marsad.soc.correlate;

import static io.marsad.soc.correlate.Alerts.alert;
import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The groups are a function of what is there, whatever came before what, and whatever was asked in between. */
final class CorrelatorOrderTest {
    private static final int ROUNDS = 40;
    private static final Parameters SMALL = new Parameters(
            0.8,
            0.5,
            0.25,
            0.15,
            Duration.ofHours(24),
            Duration.ofHours(72),
            Duration.ofHours(2),
            0.4,
            0.2,
            3,
            Duration.ofDays(2),
            8,
            1_000);

    private final Random random = new Random(Seed.of("correlator order").value());

    @Test
    void anyOrderGivesTheSameGroupsAndEdges() {
        for (int round = 0; round < ROUNDS; round++) {
            var parameters = round % 2 == 0 ? SMALL : Parameters.usual();
            var facts = facts(5 + random.nextInt(60));
            var expected = state(fed(facts, parameters));
            var shuffled = new ArrayList<>(facts);
            Collections.shuffle(shuffled, random);
            assertThat(state(fed(shuffled, parameters))).as("round %d", round).isEqualTo(expected);
        }
    }

    @Test
    void anyHistoryGivesTheGroupsOfWhatIsLeft() {
        for (int round = 0; round < ROUNDS; round++) {
            var parameters = round % 2 == 0 ? SMALL : Parameters.usual();
            var correlator = new Correlator(parameters);
            var here = new HashMap<String, AlertFact>();
            var together = new HashSet<List<String>>();
            var apart = new HashSet<List<String>>();
            var facts = facts(40);
            for (int step = 0; step < 120; step++) {
                var fact = facts.get(random.nextInt(facts.size()));
                var other = facts.get(random.nextInt(facts.size())).id();
                switch (random.nextInt(10)) {
                    case 0 -> {
                        correlator.remove(fact.id());
                        here.remove(fact.id());
                    }
                    case 1 -> say(correlator, fact.id(), other, together, true);
                    case 2 -> say(correlator, fact.id(), other, apart, false);
                    case 3 -> {
                        if (other.equals(fact.id())) {
                            continue;
                        }
                        correlator.release(fact.id(), other);
                        together.removeIf(pair -> pair.containsAll(List.of(fact.id(), other)));
                        apart.removeIf(pair -> pair.containsAll(List.of(fact.id(), other)));
                    }
                    case 4 -> correlator.groupOf(fact.id());
                    default -> {
                        var changed = random.nextInt(3) == 0 ? fact(fact.id()) : fact;
                        correlator.add(changed);
                        here.put(changed.id(), changed);
                    }
                }
            }
            var fresh = new Correlator(parameters);
            together.forEach(pair -> fresh.together(pair.getFirst(), pair.getLast()));
            apart.forEach(pair -> fresh.apart(pair.getFirst(), pair.getLast()));
            here.values().forEach(fresh::add);
            assertThat(state(correlator)).as("round %d", round).isEqualTo(state(fresh));
            together.forEach(pair -> assertTogether(correlator, pair, here));
            apart.forEach(pair -> assertApart(correlator, pair, here));
        }
    }

    @Test
    void everyAlertIsInOneGroupNoGroupIsTooLargeAndEachIsHeldByEdges() {
        for (int round = 0; round < ROUNDS; round++) {
            var facts = facts(80);
            var correlator = fed(facts, SMALL);
            var seen = new ArrayList<String>();
            for (Group group : correlator.groups()) {
                seen.addAll(group.alerts());
                assertThat(group.alerts()).hasSizeLessThanOrEqualTo(SMALL.maxGroup());
                for (String id : group.alerts()) {
                    assertThat(correlator.groupOf(id)).contains(group);
                    if (group.alerts().size() > 1) {
                        assertThat(correlator.edgesOf(id)).isNotEmpty();
                    }
                }
            }
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            facts.stream().map(AlertFact::id).toList());
        }
    }

    private static void assertTogether(Correlator correlator, List<String> pair, Map<String, AlertFact> here) {
        if (here.keySet().containsAll(pair)) {
            assertThat(correlator.groupOf(pair.getFirst())).isEqualTo(correlator.groupOf(pair.getLast()));
        }
    }

    private static void assertApart(Correlator correlator, List<String> pair, Map<String, AlertFact> here) {
        if (here.keySet().containsAll(pair)) {
            assertThat(correlator.groupOf(pair.getFirst())).isNotEqualTo(correlator.groupOf(pair.getLast()));
        }
    }

    private static void say(
            Correlator correlator, String one, String other, Set<List<String>> said, boolean isTogether) {
        try {
            if (isTogether) {
                correlator.together(one, other);
            } else {
                correlator.apart(one, other);
            }
            said.add(List.of(one, other));
        } catch (IllegalArgumentException e) {
            // It contradicts what was said, or is one alert: nothing was said.
            assertThat(e).hasMessageMatching("two alerts are meant|an analyst said .*");
        }
    }

    private static Correlator fed(List<AlertFact> facts, Parameters parameters) {
        var correlator = new Correlator(parameters);
        for (AlertFact fact : facts) {
            correlator.add(fact);
            correlator.groupOf(fact.id());
        }
        return correlator;
    }

    private static List<Object> state(Correlator correlator) {
        var state = new ArrayList<Object>(correlator.groups());
        correlator.alerts().forEach(id -> state.add(correlator.edgesOf(id)));
        return state;
    }

    private List<AlertFact> facts(int count) {
        var facts = new ArrayList<AlertFact>();
        for (int i = 0; i < count; i++) {
            facts.add(fact("a" + i));
        }
        return facts;
    }

    private AlertFact fact(String id) {
        var names = new ArrayList<String>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            names.add(
                    switch (random.nextInt(9)) {
                        case 0, 1 -> "host:h" + random.nextInt(12);
                        case 2 -> "user:u" + random.nextInt(12);
                        case 3 -> "ip:203.0.113." + random.nextInt(6);
                        case 4 -> "file:f" + random.nextInt(4) + ".doc";
                        case 5 -> "host:dc" + random.nextInt(2);
                        case 6 -> "rule:r" + random.nextInt(3);
                        case 7 -> "directory:example";
                        default -> random.nextInt(8) == 0 ? "egress:203.0.113." + random.nextInt(6) : "context:u1";
                    });
        }
        var tactics = EnumSet.noneOf(Tactic.class);
        if (random.nextBoolean()) {
            tactics.add(Tactic.values()[random.nextInt(Tactic.values().length)]);
        }
        return alert(
                id,
                Duration.ofMinutes(random.nextInt(10 * 24 * 60)),
                Duration.ofMinutes(random.nextInt(3) == 0 ? random.nextInt(3_000) : 0),
                tactics,
                names.toArray(String[]::new));
    }
}
