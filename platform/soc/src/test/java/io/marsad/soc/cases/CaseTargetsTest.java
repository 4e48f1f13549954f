package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Goal;
import io.marsad.soc.cases.CaseTargets.Target;
import io.marsad.soc.cases.CaseTargets.Wanted;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Targets of a tenant's own, and breaches of them, through the real tables. */
class CaseTargetsTest {
    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Raising raising = new Raising(database, tenant, clock);
    private final CaseWork work = new CaseWork(database, clock, new Random(2));
    private final Cases cases = new Cases(database, clock);
    private final CaseTargets targets = new CaseTargets(database, clock);

    private static Wanted high(Goal goal, Duration within) {
        return new Wanted(Severity.HIGH, goal, within);
    }

    private <T> T as(Callable<T> what) throws Exception {
        return raising.as("ann", what);
    }

    private EventId open(Severity severity) throws Exception {
        return as(() -> work.open("one", severity, List.of()));
    }

    private Instant due(EventId kase, Goal goal) throws Exception {
        return as(() -> cases.find(kase)).clocks().stream()
                .filter(one -> one.goal() == goal)
                .map(CaseClocks.Clock::due)
                .findFirst()
                .orElseThrow();
    }

    private long breaches(String sql) {
        return raising.count("SELECT count(*) FROM " + sql);
    }

    @Test
    void clocksFollowAndWhatIsLeftOutIsAsThePlatformHasIt() throws Exception {
        var start = clock.instant();
        var high = open(Severity.HIGH);
        var low = open(Severity.LOW);
        var all = as(() -> targets.change(List.of(high(Goal.ACKNOWLEDGE, Duration.ofMinutes(5)))));
        assertThat(all).hasSize(15).contains(new Target(Severity.HIGH, Goal.ACKNOWLEDGE, Duration.ofMinutes(5), true));
        assertThat(all).filteredOn(Target::own).hasSize(1);
        assertThat(as(targets::all)).isEqualTo(all);
        assertThat(due(high, Goal.ACKNOWLEDGE)).as("the clock that runs").isEqualTo(start.plusSeconds(300));
        assertThat(due(low, Goal.ACKNOWLEDGE)).isEqualTo(start.plus(CaseClocks.usual(Severity.LOW, Goal.ACKNOWLEDGE)));
        assertThat(due(open(Severity.HIGH), Goal.ACKNOWLEDGE)).as("a new one").isEqualTo(start.plusSeconds(300));
        as(() -> targets.change(List.of()));
        assertThat(as(targets::all)).noneMatch(Target::own);
        assertThat(due(high, Goal.ACKNOWLEDGE)).isEqualTo(start.plus(Duration.ofMinutes(30)));
        assertThat(
                        breaches(
                                "audit_log WHERE action = 'case.targets' AND detail::jsonb->>'after' = 'high acknowledge PT5M'"))
                .isEqualTo(1);
    }

    @Test
    void whatIsLateStaysLateAndWhatIsShortenedIsLateOnce() throws Exception {
        var late = open(Severity.HIGH);
        clock.advance(Duration.ofMinutes(31)); // nobody has recorded it yet
        as(() -> targets.change(List.of(high(Goal.ACKNOWLEDGE, Duration.ofHours(2)))));
        assertThat(breaches("case_history WHERE action = 'breached'")).isEqualTo(1);
        var shortened = open(Severity.HIGH);
        clock.advance(Duration.ofMinutes(10));
        as(() -> targets.change(List.of(high(Goal.ACKNOWLEDGE, Duration.ofMinutes(5)))));
        CaseClocks.breachDue(database, clock.instant());
        assertThat(as(() -> cases.find(shortened)).sla(clock.instant())).isEqualTo(Case.Sla.BREACHED);
        assertThat(as(() -> cases.find(late)).sla(clock.instant())).isEqualTo(Case.Sla.BREACHED);
        assertThat(breaches("case_history WHERE action = 'breached'")).isEqualTo(2);
    }

    @Test
    void whatIsWrongIsSaidAndNothingIsChanged() throws Exception {
        var good = List.of(high(Goal.ACKNOWLEDGE, Duration.ofMinutes(5)));
        as(() -> targets.change(good));
        refused("invalid-target", high(Goal.RESOLVE, Duration.ofSeconds(59)));
        refused("invalid-target", high(Goal.RESOLVE, Duration.ofDays(367)));
        refused("target-twice", high(Goal.CONTAIN, Duration.ofHours(1)), high(Goal.CONTAIN, Duration.ofHours(2)));
        refused("targets-out-of-order", high(Goal.ACKNOWLEDGE, Duration.ofHours(5)));
        refused("targets-out-of-order", high(Goal.RESOLVE, Duration.ofHours(3)));
        assertThat(as(targets::all)).filteredOn(Target::own).hasSize(1);
        assertThat(breaches("audit_log WHERE action = 'case.targets'")).isEqualTo(1);
    }

    private void refused(String type, Wanted... wanted) {
        assertThatThrownBy(() -> as(() -> targets.change(List.of(wanted))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).endsWith(type));
    }

    /** Several platforms on one database, then one that was started anew: history, audit and feed have it once. */
    @Test
    void aBreachIsToldOnceWhoeverSeesItAndAfterARestart() throws Exception {
        var kase = open(Severity.CRITICAL);
        long before = breaches("live_events WHERE kind = 'case.updated'");
        clock.advance(Duration.ofMinutes(16));
        int platforms = 4;
        var start = new CyclicBarrier(platforms);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var each = IntStream.range(0, platforms)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        return CaseClocks.breachDue(SharedDatabase.database(), clock.instant());
                    }))
                    .toList();
            for (var one : each) {
                one.get();
            }
        }
        clock.advance(Duration.ofMinutes(10));
        CaseClocks.breachDue(SharedDatabase.database(), clock.instant());
        as(() -> work.comment(kase, "looked at"));
        assertThat(breaches("case_history WHERE action = 'breached'")).isEqualTo(1);
        assertThat(breaches("audit_log WHERE action = 'case.breached'")).isEqualTo(1);
        assertThat(breaches("live_events WHERE kind = 'case.updated'"))
                .as("the breach and the comment")
                .isEqualTo(before + 2);
    }
}
