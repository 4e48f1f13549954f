package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Goal;
import io.marsad.soc.cases.CaseMetrics.Measure;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is measured of cases, through the real tables; Monday is 2026-03-02. */
class CaseMetricsTest {
    private static final String ANN = "ann";

    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final TestClock clock = new TestClock("2026-03-01T23:00:00Z");
    private final Raising raising = new Raising(database, tenant, clock);
    private final CaseWork work = new CaseWork(database, clock, new Random(3));
    private final CaseMetrics metrics = new CaseMetrics(database, clock);
    private int rule;

    /** A case whose alert was raised so long after its event. */
    private EventId open(Severity severity, Duration detected) throws Exception {
        var alert = raising.raise("r" + ++rule, "high", clock.instant().minus(detected), "ws-" + rule, "");
        return raising.as(ANN, () -> work.open("Case " + rule, severity, List.of(alert)));
    }

    private void move(EventId kase, CaseStatus to) throws Exception {
        raising.as(ANN, () -> work.move(kase, to, "", null));
    }

    private CaseMetrics.Report report(int weeks) throws Exception {
        return raising.as(ANN, () -> metrics.of(weeks));
    }

    @Test
    void eachMeasureIsOfWhatItSays() throws Exception {
        var before = open(Severity.HIGH, Duration.ofSeconds(7)); // on Sunday, in the week before
        move(before, CaseStatus.INVESTIGATING);
        clock.advance(Duration.ofHours(2));
        for (int seconds : new int[] {60, 120, 180}) {
            var kase = open(Severity.HIGH, Duration.ofSeconds(seconds));
            clock.advance(Duration.ofSeconds(seconds));
            move(kase, CaseStatus.INVESTIGATING);
            clock.advance(Duration.ofSeconds(seconds));
            move(kase, CaseStatus.CONTAINED);
            clock.advance(Duration.ofSeconds(seconds));
            move(kase, CaseStatus.RESOLVED);
        }
        move(open(Severity.HIGH, Duration.ofSeconds(9_000)), CaseStatus.FALSE_POSITIVE);
        open(Severity.LOW, Duration.ofSeconds(10));
        var rows = report(2).rows();
        assertThat(rows).extracting(CaseMetrics.Row::week).containsExactly(monday(2), monday(2), monday(-5));
        var high = rows.getFirst();
        assertThat(high.severity()).isEqualTo(Severity.HIGH);
        assertThat(high.opened()).isEqualTo(4);
        assertThat(high.detect()).as("of those that were one").isEqualTo(new Measure(3, 120L, 168L));
        assertThat(high.acknowledge()).as("false positives, too").isEqualTo(new Measure(4, 90L, 162L));
        assertThat(high.contain()).isEqualTo(new Measure(3, 240L, 336L));
        assertThat(high.resolve()).isEqualTo(new Measure(3, 360L, 504L));
        assertThat(rows.get(1).resolve()).as("of none").isEqualTo(new Measure(0, null, null));
        assertThat(rows.get(2).detect()).isEqualTo(new Measure(1, 7L, 7L));
        assertThat(report(1).rows()).as("this week only").hasSize(2);
        assertThat(report(1).from()).isEqualTo(monday(2));
    }

    private static LocalDate monday(int day) {
        return LocalDate.of(2026, 3, 1).plusDays(day - 1L);
    }

    @Test
    void theLogSaysWhatWasLateAndWhenItWasDone() throws Exception {
        clock.advance(Duration.ofHours(3));
        var kase = open(Severity.CRITICAL, Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(16));
        CaseClocks.breachDue(database, clock.instant());
        move(kase, CaseStatus.INVESTIGATING);
        clock.advance(Duration.ofHours(1));
        CaseClocks.breachDue(database, clock.instant());
        var report = report(1);
        assertThat(report.breaches()).isEqualTo(2);
        assertThat(report.late()).extracting(CaseMetrics.Breach::goal).containsExactly(Goal.CONTAIN, Goal.ACKNOWLEDGE);
        var late = report.late().getLast();
        assertThat(late.kase()).isEqualTo(kase);
        assertThat(late.met()).isEqualTo(late.due().plus(Duration.ofMinutes(1)));
        assertThat(report.late().getFirst().met()).isNull();
    }
}
