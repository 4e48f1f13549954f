package io.marsad.soc.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.record.RuleRecord.Proof;
import io.marsad.testkit.Seed;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How good a rule is, and how sure that is. */
class RuleRecordTest {
    @ParameterizedTest
    @CsvSource({
        "8, 10, 0.8000, 0.4902, 0.9433",
        "0, 5, 0.0000, 0.0000, 0.4345",
        "95, 100, 0.9500, 0.8882, 0.9785",
        "1, 1, 1.0000, 0.2065, 1.0000",
        "500000, 1000000, 0.5000, 0.4990, 0.5010"
    })
    void wilson(long hits, long size, String share, String low, String high) {
        var rate = Rate.of(hits, size);
        assertThat(rate.share()).isEqualTo(share);
        assertThat(rate.low()).isEqualTo(low);
        assertThat(rate.high()).isEqualTo(high);
    }

    @Test
    void nothingIsNotMeasured() {
        var none = Rate.of(0, 0);
        assertThat(none.measured()).isFalse();
        assertThat(none).hasToString("not measured");
        assertThat(none.low()).isEqualByComparingTo("0");
        assertThat(none.high()).isEqualByComparingTo("1");
        assertThat(Rate.of(8, 10)).hasToString("0.80 of 10 (0.49 to 0.94)");
        assertThatThrownBy(() -> Rate.of(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theShareIsInItsIntervalWhichShrinks() {
        var random = Seed.of("RuleRecordTest").random();
        for (int i = 0; i < 2_000; i++) {
            long size = 1 + random.nextInt(5_000);
            long hits = random.nextLong(size + 1);
            var rate = Rate.of(hits, size);
            assertThat(rate.share()).isBetween(rate.low(), rate.high());
            var more = Rate.of(hits * 4, size * 4);
            assertThat(more.high().subtract(more.low()))
                    .isLessThanOrEqualTo(rate.high().subtract(rate.low()));
        }
    }

    @Test
    void aPriorGivesWayToTheRecord() {
        var prior = new Prior(3, 2);
        assertThat(prior.mean(Outcomes.NONE)).isEqualTo("0.6000");
        assertThat(prior.mean(new Outcomes(8, 0, 2))).isEqualTo("0.7333");
        assertThat(prior.mean(new Outcomes(0, 0, 995))).isEqualTo("0.0030");
    }

    @Test
    void benignIsNoAttackAndNotFalse() {
        var record = new RuleRecord("r", "2", Proof.TESTED, new Outcomes(6, 3, 1));
        assertThat(record.key()).isEqualTo("r@2");
        assertThat(record.precision().share()).isEqualTo("0.6000");
        assertThat(record.falsePositiveRate().share()).isEqualTo("0.1000");
        assertThat(new Outcomes(1, 2, 3).plus(new Outcomes(4, 5, 6))).isEqualTo(new Outcomes(5, 7, 9));
        assertThatThrownBy(() -> new Outcomes(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tuningIsAskedForFromTwentyOn() {
        var limit = new BigDecimal("0.5");
        assertThat(new RuleRecord("r", "", Proof.TESTED, new Outcomes(0, 0, 19)).asksForTuning(limit))
                .isFalse();
        assertThat(new RuleRecord("r", "", Proof.TESTED, new Outcomes(10, 0, 10)).asksForTuning(limit))
                .isFalse();
        assertThat(new RuleRecord("r", "", Proof.TESTED, new Outcomes(9, 0, 11)).asksForTuning(limit))
                .isTrue();
    }
}
