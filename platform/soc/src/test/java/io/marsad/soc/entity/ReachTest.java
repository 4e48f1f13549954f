package io.marsad.soc.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.entity.Reach.Link;
import io.marsad.soc.risk.EntityKey;
import io.marsad.testkit.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Times are seconds. */
class ReachTest {
    private static Link link(int time, String... hosts) {
        var entities = Arrays.stream(hosts).map(ReachTest::host).collect(Collectors.toUnmodifiableSet());
        var id = new EventId(time, Arrays.hashCode(hosts));
        return new Link(id, "at " + time, Instant.ofEpochSecond(time), entities);
    }

    private static EntityKey host(String name) {
        return new EntityKey(Entity.Kind.HOST, name);
    }

    private static String words(List<Reach.Step> path) {
        return path.stream()
                .map(step -> step.from().key() + ">" + step.to().key() + "@"
                        + step.by().time().getEpochSecond())
                .collect(Collectors.joining(" "));
    }

    private final List<Link> intrusion = List.of(
            link(5, "x", "c"), // before c was reached: leads nowhere
            link(10, "a", "b"),
            link(20, "b", "c"),
            link(30, "c", "d"),
            link(40, "a", "e"));

    @Test
    void aPathGoesForwardsInTimeOnly() {
        var from = Reach.from(host("a"), intrusion, 6);
        assertThat(words(from.path(host("d")))).isEqualTo("a>b@10 b>c@20 c>d@30");
        assertThat(from.reached(1)).containsExactly(host("b"), host("e"));
        assertThat(from.reached(2)).containsExactly(host("b"), host("c"), host("e"));
        assertThat(from.path(host("x"))).isEmpty();
        assertThat(words(from.longest(from.reached(6)))).isEqualTo("a>b@10 b>c@20 c>d@30");
    }

    @Test
    void backwardsItTellsWhereItCameFrom() {
        var to = Reach.to(host("c"), intrusion, 6);
        assertThat(to.reached(6)).contains(host("a"), host("b"), host("x"));
        assertThat(words(to.path(host("a")))).isEqualTo("a>b@10 b>c@20");
        assertThat(to.path(host("e"))).isEmpty();
    }

    @Test
    void itIsWhatTryingEveryWayFinds() {
        var seed = Seed.of("ReachTest");
        var random = new Random(seed.value());
        for (int round = 0; round < 300; round++) {
            var links = new ArrayList<Link>();
            for (int i = 0; i < 12; i++) {
                links.add(link(random.nextInt(20), "h" + random.nextInt(7), "h" + random.nextInt(7)));
            }
            for (int steps = 1; steps <= 4; steps++) {
                var tried = new HashMap<EntityKey, Integer>();
                tryAll(host("h0"), Long.MIN_VALUE, links, steps, tried);
                tried.remove(host("h0"));
                var reach = Reach.from(host("h0"), links, steps);
                assertThat(reach.reached(steps)).as(seed.toString()).isEqualTo(new TreeSet<>(tried.keySet()));
                for (var entity : tried.keySet()) {
                    assertThat(reach.path(entity)).hasSize(steps - tried.get(entity));
                }
                Collections.shuffle(links, random);
                assertThat(Reach.from(host("h0"), links, steps).reached(steps)).isEqualTo(reach.reached(steps));
            }
        }
    }

    /** Into {@code left} how many steps were left at most. */
    private static void tryAll(EntityKey at, long since, List<Link> links, int steps, Map<EntityKey, Integer> left) {
        left.merge(at, steps, Math::max);
        if (steps > 0) {
            for (var link : links) {
                long time = link.time().getEpochSecond();
                if (time >= since && link.entities().contains(at)) {
                    for (var next : Set.copyOf(link.entities())) {
                        if (!next.equals(at)) {
                            tryAll(next, time, links, steps - 1, left);
                        }
                    }
                }
            }
        }
    }
}
