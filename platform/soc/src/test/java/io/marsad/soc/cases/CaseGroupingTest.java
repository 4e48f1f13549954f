package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Promotion;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Alerts find their cases by themselves. */
class CaseGroupingTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private final Raising raising = new Raising(database, SharedDatabase.newTenant(), clock);
    private final CaseGrouping grouping = new CaseGrouping(clock, new Random(1));

    @Test
    void aBadAlertOpensACaseAndTheRestOfItsStoryJoins() {
        var high = raising.raise("r1", "high", TIME, "ws-17", "corp\\alice");
        raising.follow(grouping, high);
        var kase = only();
        var second = raising.raise("r2", "low", TIME.plusSeconds(600), "ws-17", "corp\\bob");
        var stranger = raising.raise("r3", "low", TIME.plusSeconds(700), "ws-99", "corp\\carol");
        raising.follow(grouping, second, stranger);
        assertThat(raising.cases()).containsOnlyKeys(kase);
        assertThat(raising.cases().get(kase)).containsExactlyInAnyOrder(high.toString(), second.toString());
        assertThat(text("SELECT why FROM case_alerts WHERE alert_id = '" + second + "'"))
                .startsWith("Both name host ws-17 (firm, ")
                .endsWith("enough to join them.");
        assertThat(raising.count("SELECT count(*) FROM case_edges")).isEqualTo(1);
        assertThat(text("SELECT title FROM cases")).isEqualTo("Title of r1 on ws-17");
        assertThat(raising.count("SELECT severity FROM cases")).isEqualTo(4);
        raising.follow(grouping, high, second, stranger); // the same again
        assertThat(raising.count("SELECT count(*) FROM case_acts")).isEqualTo(2);
        assertThat(raising.count("SELECT count(*) FROM case_history")).isEqualTo(2);
        assertThat(raising.count("SELECT count(*) FROM audit_log WHERE action LIKE 'case.%'"))
                .isEqualTo(2);
        assertThat(raising.count("SELECT count(*) FROM live_events WHERE kind = 'case.updated'"))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void alertsOfLowSeverityWaitForOthers() {
        var one = raising.raise("r1", "low", TIME, "ws-1", "");
        raising.follow(grouping, one);
        var two = raising.raise("r2", "low", TIME.plusSeconds(60), "ws-1", "");
        raising.follow(grouping, two);
        assertThat(raising.cases()).as("two low ones are no case").isEmpty();
        var three = raising.raise("r3", "medium", TIME.plusSeconds(120), "ws-1", "");
        raising.follow(grouping, three);
        assertThat(raising.cases().get(only())).hasSize(3);
    }

    @Test
    void whatLiesInTheFutureIsComparedWithNothing() {
        var now = clock.instant();
        var one = raising.raise("r1", "medium", now, "ws-1", "");
        var ahead = raising.raise("r2", "medium", now.plus(Duration.ofHours(1)), "ws-1", "");
        var bad = raising.raise("r3", "critical", now.plus(Duration.ofHours(2)), "ws-1", "");
        raising.follow(grouping, one, ahead, bad);
        assertThat(raising.cases().get(only())).containsExactly(bad.toString());
    }

    @Test
    void aBridgeMergesCasesThatNobodyHasTouched() throws Exception {
        var one = raising.raise("r1", "high", TIME, "ws-1", "corp\\alice");
        var two = raising.raise("r2", "high", TIME.plusSeconds(60), "ws-2", "corp\\bob");
        raising.follow(grouping, one);
        raising.follow(grouping, two);
        assertThat(raising.cases()).hasSize(2);
        var bridge = raising.raise("r3", "low", TIME.plusSeconds(120), "ws-1", "corp\\bob");
        raising.follow(grouping, bridge);
        assertThat(raising.cases().get(only())).hasSize(3);
        assertThat(raising.count("SELECT count(*) FROM cases WHERE merged_into IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void whatAPersonClosedIsNotJoined() throws Exception {
        var one = raising.raise("r1", "high", TIME, "ws-1", "");
        raising.follow(grouping, one);
        var closed = only();
        var work = new CaseWork(database, clock, new Random(2));
        raising.as("ann", () -> work.move(closed, CaseStatus.CLOSED, "done", null));
        var two = raising.raise("r2", "high", TIME.plusSeconds(60), "ws-1", "");
        raising.follow(grouping, two);
        assertThat(raising.cases()).hasSize(2);
        assertThat(raising.cases().get(closed)).containsExactly(one.toString());
    }

    @Test
    void whatAPersonPartedStaysParted() throws Exception {
        var work = new CaseWork(database, clock, new Random(2));
        var all = new ArrayList<EventId>();
        for (int i = 0; i < 4; i++) {
            all.add(raising.raise("r" + i, "high", TIME.plusSeconds(i * 60), "ws-1", ""));
        }
        raising.follow(grouping, all.toArray(EventId[]::new));
        var kase = only();
        raising.as("ann", () -> work.split(kase, Set.of(all.get(2), all.get(3)), "another story"));
        raising.as("ann", () -> work.unlink(kase, Set.of(all.get(1)), ""));
        raising.follow(grouping, all.toArray(EventId[]::new));
        var parted = new HashSet<>(raising.cases().values());
        assertThat(parted)
                .as("what was taken out is in none")
                .containsExactlyInAnyOrder(
                        new TreeSet<>(Set.of(all.get(0).toString())),
                        new TreeSet<>(Set.of(all.get(2).toString(), all.get(3).toString())));
        var next = raising.raise("r9", "high", TIME.plusSeconds(600), "ws-1", "");
        raising.follow(grouping, next);
        assertThat(raising.cases().get(kase))
                .as("one of the two takes it, they stay apart")
                .doesNotContain(all.get(2).toString());
        assertThat(raising.cases().get(kase)).doesNotContain(all.get(1).toString());
    }

    @Test
    void anEntityWhoseRiskRoseBecomesACase() throws Exception {
        var one = raising.raise("r1", "low", TIME, "ws-1", "");
        var two = raising.raise("r2", "low", TIME.plus(Duration.ofDays(3)), "ws-1", "");
        raising.follow(grouping, one, two);
        assertThat(raising.cases()).isEmpty();
        var promotions = new CasePromotions(clock, new Random(3));
        var entity = EntityKey.of(new Entity(Entity.Kind.HOST, "ws-1", "device.hostname"));
        var promotion = new Promotion(
                new EventId(5, 5),
                entity,
                "ws-1",
                TIME,
                new BigDecimal("91"),
                new BigDecimal("80.5"),
                List.of(one, two),
                null);
        var kase = database.inTenant(raising.tenant, c -> promotions.take(c, raising.tenant, promotion));
        assertThat(kase).isEqualTo(only());
        assertThat(raising.cases().get(only())).hasSize(2);
        assertThat(text("SELECT why FROM case_alerts LIMIT 1")).startsWith("The risk of ws-1 rose to 80.5");
        var again = database.inTenant(raising.tenant, c -> promotions.take(c, raising.tenant, promotion));
        assertThat(again).as("again it is the same case").isEqualTo(kase);
    }

    @Test
    void theOrderDoesNotMatterToWhatBelongsTogether() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("CaseGroupingTest seed " + seed);
        var random = new Random(seed);
        Set<Set<Integer>> first = Set.of();
        for (int round = 0; round < 12; round++) {
            var tenant = SharedDatabase.newTenant();
            var other = new Raising(database, tenant, clock);
            var order = new ArrayList<Integer>();
            for (int i = 0; i < 24; i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            var numbers = new HashMap<String, Integer>();
            for (int i : order) { // three chains of eight, each link of a host or an account
                var host = "c" + i % 3 + "-ws-" + i / 3 / 2;
                var user = "corp\\c" + i % 3 + "-user-" + (i / 3 + 1) / 2;
                var id = other.raise("r" + i, "high", TIME.plusSeconds(i * 60L), host, user);
                numbers.put(id.toString(), i);
                other.follow(grouping, id);
            }
            var found = new HashSet<Set<Integer>>();
            other.cases().values().forEach(kase -> {
                var of = new TreeSet<Integer>();
                kase.forEach(id -> of.add(numbers.getOrDefault(id, -1)));
                found.add(of);
            });
            first = round == 0 ? found : first;
            assertThat(found).hasSize(3).isEqualTo(first);
        }
    }

    private EventId only() {
        assertThat(raising.cases()).hasSize(1);
        return raising.cases().keySet().iterator().next();
    }

    private String text(String sql) {
        String text = database.inTenant(raising.tenant, c -> Sql.one(c, sql, row -> row.getString(1)));
        return text == null ? "" : text;
    }
}
