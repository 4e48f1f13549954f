package io.marsad.soc.decision.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.record.RuleRecord;
import io.marsad.soc.report.ReportMarkdown;
import io.marsad.soc.report.Reports;
import io.marsad.soc.report.ThresholdAdvice.Name;
import io.marsad.soc.report.WeeklyReport;
import io.marsad.soc.report.WeeklyReport.Lane;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a week says: that its parts are the whole, and when it suggests other thresholds. */
class WeeklyReportTest {
    private final TestClock clock = new TestClock("2026-03-03T00:00:00Z");
    private final Random random = new Random(Seed.of("WeeklyReportTest").value());
    private final Work work = new Work();
    private final Submissions submissions = new Submissions(work.database, clock, random);
    private final Decisions decisions = new Decisions(work.database, clock);
    private final DecisionSettings settings = new DecisionSettings(work.database, clock);
    private final Reports reports = new Reports(work.database, clock);
    private int address;

    private void closing(int samplePercent, int version) throws Exception {
        var on = new Thresholds(new BigDecimal("0.85"), new BigDecimal("0.15"), new BigDecimal("0.6"), true);
        work.as("ann", () -> settings.change(on, samplePercent, "why not", version));
    }

    private void decide() {
        work.run(new DecisionWorker(
                work.database,
                (_, indicator) -> work.ask(indicator),
                Judges.NONE,
                _ -> RuleRecord.Proof.UNKNOWN,
                clock,
                random));
    }

    private List<EventId> submit(int count, String severity, String norm) throws Exception {
        var ids = new ArrayList<EventId>();
        for (int i = 0; i < count; i++) {
            ids.add(submit("r1", severity, norm));
        }
        return ids;
    }

    private EventId submit(String rule, String severity, String norm) throws Exception {
        var ip = "198.19." + ++address / 250 + "." + (1 + address % 250);
        work.intel.put(ip, norm);
        var body = Work.body(severity, ip, "connection").replace("\"r1\"", '"' + rule + '"');
        return work.as("sender", () -> submissions.take(Work.json(body), null));
    }

    private void judge(List<EventId> ids, Verdict verdict) throws Exception {
        for (EventId id : ids) {
            work.as("ann", () -> decisions.override(id, Ruling.AUTO_CLOSE, verdict, "looked at"));
        }
    }

    private WeeklyReport report(String week) throws Exception {
        return work.as("ann", () -> reports.of(week));
    }

    /** Eighty harmless ones just above what is closed speak for closing them; one attack among them does not. */
    @Test
    void moreIsClosedOnlyWhenNoneWasAnAttack() throws Exception {
        closing(0, 0);
        var above = submit(80, "low", "0.2");
        decide();
        judge(above.subList(0, 72), Verdict.BENIGN);
        assertThat(report("2026-W10").thresholds().suggested())
                .as("72 are not enough")
                .isEmpty();
        judge(above.subList(72, 79), Verdict.FALSE_POSITIVE);
        var advice = report("2026-W10").thresholds();
        assertThat(advice.suggested()).hasSize(1);
        var close = advice.suggested().getFirst();
        assertThat(close.name()).isEqualTo(Name.CLOSE);
        assertThat(close.to()).isEqualTo("0.20");
        assertThat(close.why()).startsWith("80 more closed, 79 of these judged, attacks among them 0.00 of 79");
        // it is what the preview says, and what happens
        assertThat(work.as("ann", () -> settings.preview(close.thresholds()))).isEqualTo(close.effect());
        assertThat(close.effect().then()).containsEntry(Ruling.AUTO_CLOSE, 80);
        judge(above.subList(79, 80), Verdict.TRUE_POSITIVE);
        advice = report("2026-W10").thresholds();
        assertThat(advice.suggested()).isEmpty();
        assertThat(advice.notSuggested().getFirst().why()).endsWith("one of them was an attack");
        assertThat(ReportMarkdown.of(report("2026-W10"))).contains("- close: nothing is suggested; nearest is 0.20: ");
    }

    @Test
    void lessIsClosedWhenChecksFindAttacks() throws Exception {
        closing(100, 0);
        submit(5, "low", "0.02");
        var sampled = submit(30, "low", "0.1");
        decide();
        judge(sampled.subList(0, 24), Verdict.BENIGN);
        judge(sampled.subList(24, 30), Verdict.TRUE_POSITIVE);
        var report = report("2026-W10");
        assertThat(report.closed()).isEqualTo(new WeeklyReport.Closed(0, 0, 35, 30, 6));
        var close = report.thresholds().suggested().getFirst();
        assertThat(close.to()).isEqualTo("0.09"); // what lies lower goes on being closed
        assertThat(close.why()).startsWith("30 more closed no more, 30 of these judged");
        work.as("ann", () -> settings.stop("attacks"));
        assertThat(report("2026-W10").thresholds().notSuggested())
                .anySatisfy(one -> assertThat(one.why()).startsWith("the kill switch is thrown"));
    }

    @Test
    void moreIsEscalatedWhenHalfWereAttacks() throws Exception {
        var below = submit(24, "high", "0.7");
        decide();
        judge(below.subList(0, 5), Verdict.FALSE_POSITIVE);
        judge(below.subList(5, 24), Verdict.TRUE_POSITIVE);
        var advice = report("2026-W10").thresholds();
        assertThat(advice.suggested()).hasSize(1);
        assertThat(advice.suggested().getFirst().name()).isEqualTo(Name.ESCALATE);
        assertThat(advice.suggested().getFirst().to()).isEqualTo("0.70");
    }

    /** Closing is off, and nobody has a reason yet to have it on. */
    @Test
    void switchingOnIsSuggestedWithTheThresholdThatIsSet() throws Exception {
        var low = submit(75, "low", "0.05");
        decide();
        judge(low, Verdict.BENIGN);
        var report = report("2026-W10");
        var close = report.thresholds().suggested().getFirst();
        assertThat(close.to()).isEqualByComparingTo("0.15");
        assertThat(close.thresholds().autoClose()).isTrue();
        assertThat(ReportMarkdown.of(report)).contains("with closing switched on");
    }

    @Test
    void thePartsAreTheWhole() throws Exception {
        closing(30, 0);
        var severities = List.of("informational", "low", "medium", "high", "critical");
        var ids = new ArrayList<EventId>();
        for (int i = 0; i < 240; i++) {
            clock.advance(Duration.ofMinutes(random.nextInt(140)));
            var norm = new BigDecimal(random.nextInt(101)).movePointLeft(2).toPlainString();
            ids.add(submit("r" + random.nextInt(200), severities.get(random.nextInt(5)), norm));
            if (random.nextInt(4) == 0) {
                decide();
            }
        }
        decide();
        for (EventId id : ids) {
            if (random.nextInt(3) == 0) {
                var ruling = Ruling.values()[random.nextInt(3)];
                var verdict = ruling == Ruling.AUTO_CLOSE ? Verdict.values()[random.nextInt(5)] : null;
                work.as("ann", () -> decisions.override(id, ruling, verdict, "so"));
            }
        }
        clock.advance(Duration.ofDays(14));
        for (var week : List.of("2026-W10", "2026-W11", "2026-W12")) {
            var report = report(week);
            var in =
                    " WHERE d.tenant_id = ? AND decided_at >= '" + report.week().from() + "' AND decided_at < '"
                            + report.week().to() + "'";
            var of = " FROM decisions d" + in;
            var decided = report.decided();
            long all = decided.sum(null, Lane::count);
            assertThat(all).isEqualTo(work.count("SELECT count(*)" + of));
            long kinds = 0;
            for (Ruling ruling : Ruling.values()) {
                long one = decided.sum(ruling, Lane::count);
                assertThat(one)
                        .isEqualTo(work.count("SELECT count(*)" + of + " AND decision = '" + ruling.word() + "'"));
                kinds += one;
            }
            assertThat(kinds).isEqualTo(all);
            assertThat(decided.sum(null, Lane::changed))
                    .isEqualTo(work.count("SELECT count(*)" + of + " AND decision <> (SELECT o.decision FROM"
                            + " decision_overrides o WHERE o.tenant_id = d.tenant_id AND o.alert_id = d.alert_id"
                            + " ORDER BY seq DESC LIMIT 1)"));
            assertThat(report.closed().closed() + report.closed().sampled())
                    .isEqualTo(decided.sum(Ruling.AUTO_CLOSE, Lane::count));
            var rules = report.rules();
            assertThat(rules.shown()).hasSizeLessThanOrEqualTo(100);
            assertThat(rules.week().fired())
                    .isEqualTo(rules.othersInWeek().fired()
                            + rules.shown().stream()
                                    .mapToLong(row -> row.week().fired())
                                    .sum());
            assertThat(rules.days().outcomes().falsePositives())
                    .isEqualTo(rules.others().outcomes().falsePositives()
                            + rules.shown().stream()
                                    .mapToLong(row -> row.days().outcomes().falsePositives())
                                    .sum());
            assertThat(rules.others().fired()).isNotNegative();
            assertThat(ReportMarkdown.of(report)).isEqualTo(ReportMarkdown.of(report(week)));
        }
    }
}
