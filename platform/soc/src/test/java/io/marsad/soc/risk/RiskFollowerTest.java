package io.marsad.soc.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.alert.Verdict;
import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Alerts as they come, against the real database. */
class RiskFollowerTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock(START.toString());
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alerts alerts = new Alerts(database, clock, Duration.ZERO);
    private final Triage triage = new Triage(database, clock);
    private final RiskFollower follower =
            new RiskFollower(RiskModel.STANDARD, Weighing.NOTHING, Promotions.NONE, clock);
    private final RiskQueue queue = new RiskQueue(database, RiskModel.STANDARD, follower, clock);

    private EventId raise(String rule, Severity severity, Instant time, String... hosts) {
        return RiskAlerts.raise(database, alerts, tenant, RiskAlerts.alert(rule, severity, time, hosts));
    }

    private void follow(List<EventId> ids) {
        database.inTenant(tenant, connection -> {
            follower.follow(connection, tenant, ids);
            return true;
        });
    }

    private List<RiskQueue.Row> top() {
        return as(() -> queue.list(RiskQueue.Filter.ALL, 100, null)).rows();
    }

    private <T> T as(java.util.concurrent.Callable<T> work) {
        try {
            return CallerScope.callAs(Caller.system(tenant, "test"), work::call);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theQueueHasTheWorstFirstAndEachAddsUp() {
        var ids = List.of(
                raise("a", Severity.CRITICAL, START.minusSeconds(60), "ws-1"),
                raise("b", Severity.CRITICAL, START.minusSeconds(60), "ws-1", "WS-2"),
                raise("c", Severity.HIGH, START.minusSeconds(60), "ws-2"),
                raise("d", Severity.LOW, START.minusSeconds(60), "ws-3"));
        follow(ids);
        var rows = top();
        assertThat(rows).extracting(row -> row.entity().key()).containsExactly("ws-1", "ws-2", "ws-3");
        assertThat(rows.get(1).value()).isEqualToIgnoringCase("ws-2"); // as one of its alerts writes it
        assertThat(rows).extracting(row -> row.risk().band().word()).containsExactly("high", "high", "low");
        assertThat(rows.getFirst().alerts()).isEqualTo(2);
        assertThat(rows.getFirst().risk().shares())
                .extracting(share -> share.contribution().title())
                .containsExactlyInAnyOrder("Title a", "Title b");
    }

    @Test
    void againAndInAnyOrderNothingChanges() {
        var random = new Random(Seed.of("RiskFollowerTest").value());
        var ids = new ArrayList<EventId>();
        for (int i = 0; i < 60; i++) {
            var time = START.minusSeconds(random.nextInt(40_000));
            ids.add(raise("r" + i % 7, Severity.values()[i % 5], time, "host-" + i % 6, "host-" + i % 4));
        }
        follow(ids);
        var once = top();
        assertThat(once).hasSize(6);
        for (int round = 0; round < 5; round++) {
            Collections.shuffle(ids, random);
            ids.forEach(id -> follow(List.of(id)));
            assertThat(top()).isEqualTo(once);
        }
    }

    @Test
    void whatWasFoundToBeNothingWeighsNothingAndIsShown() {
        var one = raise("a", Severity.CRITICAL, START, "ws-1");
        var two = raise("b", Severity.HIGH, START, "ws-1");
        follow(List.of(one, two));
        assertThat(top().getFirst().risk().points()).isEqualByComparingTo("60");
        close(one, Verdict.FALSE_POSITIVE);
        follow(List.of(one));
        var risk = top().getFirst().risk();
        assertThat(risk.points()).isEqualByComparingTo("20");
        assertThat(risk.shares().getLast().contribution().withdrawn()).isTrue();
        close(two, Verdict.BENIGN);
        follow(List.of(two));
        assertThat(top()).isEmpty();
        as(() -> triage.act(one, new Act.Move(AlertStatus.IN_PROGRESS, null, null, null), null, null));
        follow(List.of(one));
        assertThat(top().getFirst().risk().points()).as("opened again").isEqualByComparingTo("40");
    }

    private void close(EventId id, Verdict verdict) {
        as(() -> triage.act(id, new Act.Move(AlertStatus.RESOLVED, verdict, null, null), null, null));
    }

    @Test
    void withTimeItFadesLeavesTheWindowAndIsGone() {
        follow(List.of(
                raise("a", Severity.CRITICAL, START.minus(Duration.ofHours(20)), "ws-1"),
                raise("b", Severity.CRITICAL, START, "ws-1")));
        assertThat(top().getFirst().alerts()).isEqualTo(2);
        clock.advance(Duration.ofHours(5));
        var later = top().getFirst();
        assertThat(later.alerts()).as("one has left the window").isEqualTo(1);
        assertThat(later.risk().points()).isEqualByComparingTo("16.81"); // 40 × 2^(−5/4)
        clock.advance(Duration.ofHours(20));
        assertThat(top()).isEmpty();
    }

    @Test
    void oneRuleAloneMakesNoCaseTwoDoAndAgainOnlyWhenItRises() {
        for (int i = 0; i < 30; i++) {
            follow(List.of(raise("flood", Severity.CRITICAL, START.minusSeconds(i), "ws-1")));
        }
        assertThat(promotions("ws-1")).isEmpty();
        var other = raise("other", Severity.CRITICAL, START, "ws-1");
        follow(List.of(other));
        assertThat(promotions("ws-1")).hasSize(1);
        var kept = promotions("ws-1").getFirst();
        assertThat(kept.score()).isGreaterThanOrEqualTo(BigDecimal.valueOf(80));
        assertThat(kept.alerts()).contains(other);
        follow(List.of(other));
        follow(List.of(raise("other", Severity.LOW, START, "ws-1")));
        assertThat(promotions("ws-1")).as("it rose by less than ten").hasSize(1);
        clock.advance(Duration.ofHours(4));
        follow(List.of(raise("third", Severity.CRITICAL, clock.instant(), "ws-1")));
        assertThat(promotions("ws-1")).as("risen again").hasSize(2);
    }

    private List<Promotion> promotions(String host) {
        return as(() -> queue.promotions(new EntityKey(Entity.Kind.HOST, host)));
    }

    @Test
    void everybodysNamesBearNoRisk() {
        for (var name : List.of("NT AUTHORITY\\SYSTEM", "root")) {
            assertThat(new EntityKey(Entity.Kind.USER, name).bearsRisk())
                    .as(name)
                    .isFalse();
        }
        assertThat(new EntityKey(Entity.Kind.IP, "127.0.0.1").bearsRisk()).isFalse();
        assertThat(new EntityKey(Entity.Kind.IP, "8.8.8.8").bearsRisk()).isFalse();
        assertThat(new EntityKey(Entity.Kind.IP, "203.0.113.7").bearsRisk()).isTrue();
        assertThat(new EntityKey(Entity.Kind.USER, "CORP\\alice").bearsRisk()).isTrue();
        assertThat(new EntityKey(Entity.Kind.PROCESS, "cmd.exe").bearsRisk()).isFalse();
    }

    @Test
    void pagesFollowEachOtherWithoutAGap() {
        var ids = new ArrayList<EventId>();
        for (int i = 0; i < 25; i++) {
            ids.add(raise("r", Severity.HIGH, START.minusSeconds(60L * (i / 3)), "host-" + i));
        }
        follow(ids);
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var at = cursor;
            var page = as(() -> queue.list(RiskQueue.Filter.ALL, 4, at));
            page.rows().forEach(row -> seen.add(row.entity().key()));
            assertThat(page.total()).isEqualTo(25);
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).doesNotHaveDuplicates().hasSize(25);
    }
}
