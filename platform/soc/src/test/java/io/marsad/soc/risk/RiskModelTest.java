package io.marsad.soc.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import io.marsad.testkit.Seed;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds of risk whatever the alerts are, and examples that anybody can recompute. */
class RiskModelTest {
    private static final RiskModel MODEL = RiskModel.STANDARD;
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final BigDecimal PLAIN = BigDecimal.ZERO;
    private static final int SEQUENCES = 2_000;

    private final Seed seed = Seed.of("RiskModelTest");
    private final Random random = new Random(seed.value());
    private long serial;

    private Contribution alert(String rule, Severity severity, Duration age, BigDecimal context) {
        return alert(rule, severity, age, context, null);
    }

    private Contribution alert(
            String rule, Severity severity, Duration age, BigDecimal context, @Nullable Verdict verdict) {
        var points = RiskModel.points(severity, context, verdict);
        return new Contribution(
                new EventId(1, ++serial), rule, "Title " + rule, severity, NOW.minus(age), context, List.of(), points);
    }

    private Contribution any(int rules) {
        var verdict = random.nextInt(8) == 0 ? Verdict.values()[random.nextInt(5)] : null;
        return alert(
                "r" + random.nextInt(rules),
                Severity.values()[random.nextInt(5)],
                Duration.ofSeconds(random.nextInt(30 * 3600)),
                BigDecimal.valueOf(random.nextInt(201) - 100, 2),
                verdict);
    }

    private List<Contribution> some(int most, int rules) {
        var some = new ArrayList<Contribution>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            some.add(any(rules));
        }
        return some;
    }

    @Test
    void itIsComputedByHand() {
        var all = List.of(
                alert("encoded", Severity.CRITICAL, Duration.ZERO, PLAIN), // 40
                alert("encoded", Severity.CRITICAL, Duration.ofHours(4), PLAIN), // 40 / 2, half of that: 10
                alert("logon", Severity.HIGH, Duration.ofHours(8), BigDecimal.ONE), // 20 × 2 / 4: 10
                alert("scan", Severity.MEDIUM, Duration.ofHours(25), PLAIN), // gone
                alert("noise", Severity.HIGH, Duration.ZERO, PLAIN, Verdict.FALSE_POSITIVE));
        var risk = MODEL.at(NOW, all);
        assertThat(risk.shares())
                .extracting(share -> share.counted().toPlainString())
                .containsExactly("40.00", "10.00", "10.00", "0.00");
        assertThat(risk.points()).isEqualByComparingTo("60");
        assertThat(risk.score()).isEqualByComparingTo("70.0"); // 100 × (1 − 5^(−60/80))
        assertThat(risk.band()).isEqualTo(Risk.Band.HIGH);
    }

    @Test
    void theTableOfPoints() {
        assertThat(Severity.values()).extracting(RiskModel::weight).containsExactly(1, 3, 8, 20, 40);
        for (var verdict : List.of(Verdict.FALSE_POSITIVE, Verdict.BENIGN, Verdict.TEST, Verdict.DUPLICATE)) {
            assertThat(RiskModel.points(Severity.CRITICAL, PLAIN, verdict)).isZero();
        }
        assertThat(RiskModel.points(Severity.CRITICAL, PLAIN, Verdict.TRUE_POSITIVE))
                .isEqualByComparingTo("40");
        assertThat(RiskModel.points(Severity.HIGH, new BigDecimal("-0.75"), null))
                .isEqualByComparingTo("5");
        assertThat(RiskModel.points(Severity.HIGH, new BigDecimal("7"), null)).isEqualByComparingTo("40");
        for (var pair : List.of(List.of("80", "80.0"), List.of("40", "55.2"), List.of("160", "96.0"))) {
            assertThat(RiskModel.score(new BigDecimal(pair.getFirst()))).isEqualByComparingTo(pair.getLast());
            var back = RiskModel.pointsOf(Double.parseDouble(pair.getLast()));
            assertThat(back).isCloseTo(Double.parseDouble(pair.getFirst()), org.assertj.core.data.Offset.offset(0.3));
        }
    }

    @Test
    void itNeverFallsWhenAnAlertIsAddedOrGrows() {
        for (int i = 0; i < SEQUENCES; i++) {
            var all = some(30, 6);
            var before = MODEL.at(NOW, all);
            var more = new ArrayList<>(all);
            more.add(any(6));
            assertNotLess(before, MODEL.at(NOW, more));
            var grown = new ArrayList<>(all);
            int at = random.nextInt(all.size());
            var one = all.get(at);
            var later = one.at().plusSeconds(random.nextInt(3600));
            grown.set(
                    at,
                    new Contribution(
                            one.alert(),
                            one.ruleId(),
                            one.title(),
                            one.severity(),
                            later.isAfter(NOW) ? NOW : later,
                            one.context(),
                            one.facts(),
                            one.points().add(BigDecimal.valueOf(random.nextInt(2_000), 2))));
            assertNotLess(before, MODEL.at(NOW, grown));
        }
    }

    private void assertNotLess(Risk before, Risk after) {
        assertThat(after.points()).as("seed " + seed).isGreaterThanOrEqualTo(before.points());
        assertThat(after.score()).as("seed " + seed).isGreaterThanOrEqualTo(before.score());
        assertThat(after.score()).isLessThanOrEqualTo(BigDecimal.valueOf(100));
    }

    @Test
    void theOrderDoesNotMatter() {
        for (int i = 0; i < SEQUENCES; i++) {
            var all = some(60, 4);
            var shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, random);
            assertThat(MODEL.at(NOW, shuffled)).as("seed " + seed).isEqualTo(MODEL.at(NOW, all));
        }
    }

    @Test
    void afterSevenHalfLivesItIsBelowOneAndOnTheWayItOnlyFalls() {
        for (int i = 0; i < SEQUENCES; i++) {
            var all = some(200, 50);
            var before = MODEL.at(NOW, all);
            for (int hours = 1; hours <= 28; hours++) {
                var after = MODEL.at(NOW.plus(Duration.ofHours(hours)), all);
                assertThat(after.points()).as("seed " + seed).isLessThanOrEqualTo(before.points());
                before = after;
            }
            assertThat(before.score()).as("seed " + seed).isLessThan(BigDecimal.ONE);
        }
    }

    /** The window is not needed for it where an entity has not much more than one critical alert. */
    @Test
    void withoutTheWindowTooOneAlertIsBelowOneByThen() {
        var endless = new RiskModel(MODEL.halfLife(), Duration.ofDays(365), MODEL.promoteAt(), MODEL.rise());
        for (var severity : Severity.values()) {
            var alone = List.of(alert("r", severity, Duration.ZERO, PLAIN));
            assertThat(endless.at(NOW.plus(Duration.ofHours(28)), alone).score())
                    .isLessThan(BigDecimal.ONE);
        }
        var many = new ArrayList<Contribution>();
        for (int i = 0; i < 2; i++) {
            many.add(alert("r" + i, Severity.HIGH, Duration.ZERO, PLAIN));
        }
        assertThat(endless.at(NOW.plus(Duration.ofHours(28)), many).score()).isLessThan(BigDecimal.ONE);
    }

    @Test
    void aFloodOfOneRuleStaysUnderItsCap() {
        for (int size : List.of(2, 10, 1_000, 100_000)) {
            var flood = new ArrayList<Contribution>();
            var strongest = BigDecimal.ZERO;
            for (int i = 0; i < size; i++) {
                var one = alert(
                        "flood",
                        Severity.values()[random.nextInt(5)],
                        Duration.ofSeconds(random.nextInt(60)),
                        BigDecimal.valueOf(random.nextInt(100) - 99, 2));
                flood.add(one);
                strongest = strongest.max(one.points());
            }
            var risk = MODEL.at(NOW, flood);
            assertThat(risk.points()).as("seed " + seed).isLessThan(strongest.multiply(BigDecimal.TWO));
            assertThat(risk.shares()).hasSizeLessThanOrEqualTo(RiskModel.MOST_OF_RULE);
        }
        var worst = Collections.nCopies(5_000, alert("flood", Severity.CRITICAL, Duration.ZERO, PLAIN));
        var risk = MODEL.at(NOW, worst);
        assertThat(risk.points()).isLessThan(BigDecimal.valueOf(80));
        assertThat(MODEL.promotes(risk, null))
                .as("one rule alone makes no case")
                .isFalse();
    }

    /** As many as the database gives of a rule are all that count. */
    @Test
    void moreOfARuleThanAreReadCountNothing() {
        var strongest =
                RiskModel.points(Severity.CRITICAL, BigDecimal.ONE, null).doubleValue();
        assertThat(StrictMath.scalb(strongest, -RiskModel.MOST_OF_RULE)).isLessThan(0.01);
    }

    @Test
    void itIsPromotedAgainOnlyWhenItRisesByTen() {
        var points = new BigDecimal("80.00");
        var first = new Risk(NOW, points, RiskModel.score(points), List.of(share(points)));
        assertThat(MODEL.promotes(first, null)).isTrue();
        var promoted = new RiskModel.Promoted(NOW, points);
        assertThat(MODEL.promotes(first, promoted)).isFalse();
        assertThat(MODEL.promotes(risk(NOW, "110.00"), promoted))
                .as("89.1 of 90")
                .isFalse();
        assertThat(MODEL.promotes(risk(NOW, "116.00"), promoted)).as("90.3").isTrue();
        // Four hours later 40 points are left of it, a score of 55.3: 80 are enough again.
        var later = NOW.plus(Duration.ofHours(4));
        assertThat(MODEL.promotes(risk(later, "79.00"), promoted)).isFalse();
        assertThat(MODEL.promotes(risk(later, "80.00"), promoted)).isTrue();
    }

    private Risk risk(Instant at, String points) {
        var value = new BigDecimal(points);
        return new Risk(at, value, RiskModel.score(value), List.of(share(value)));
    }

    private Risk.Share share(BigDecimal points) {
        var one = new Contribution(new EventId(1, 1), "r", "t", Severity.CRITICAL, NOW, PLAIN, List.of(), points);
        return new Risk.Share(one, points, 0, points);
    }

    @Test
    void heatKeepsTheOrderOfPointsAsTimePasses() {
        for (int i = 0; i < SEQUENCES; i++) {
            double a = 1 + random.nextInt(300);
            double b = 1 + random.nextInt(300);
            var age = Duration.ofSeconds(random.nextInt(40_000));
            double left = a
                    * StrictMath.pow(
                            2, -age.toMillis() / (double) MODEL.halfLife().toMillis());
            assertThat(Math.signum(MODEL.heat(a, NOW.minus(age)) - MODEL.heat(b, NOW)))
                    .as("seed " + seed)
                    .isEqualTo(Math.abs(left - b) < 1e-9 ? 0 : Math.signum(left - b));
        }
    }
}
