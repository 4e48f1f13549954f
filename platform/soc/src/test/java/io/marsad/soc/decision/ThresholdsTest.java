package io.marsad.soc.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds as people give them. */
class ThresholdsTest {
    @Test
    void whatIsNotNamedStays() {
        assertThat(Thresholds.parse("close=.1")).satisfies(thresholds -> {
            assertThat(thresholds.close()).isEqualByComparingTo("0.1");
            assertThat(thresholds.escalate()).isEqualByComparingTo("0.85");
            assertThat(thresholds.model()).isEqualByComparingTo("0.6");
            assertThat(thresholds.autoClose()).isTrue();
        });
        assertThat(Thresholds.parse("escalate=1, close=0, model=0.9999").model())
                .isEqualByComparingTo("0.9999");
        assertThat(Thresholds.DEFAULT.withoutAutoClose().autoClose()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "escalate=1.01|the threshold escalate is a number from 0.35 to 1 with at most four decimals",
                "escalate=0.3|the threshold escalate is a number from 0.35 to 1 with at most four decimals",
                "close=0.35|the threshold close is a number from 0 to 0.34 with at most four decimals",
                "model=0.49|the threshold model is a number from 0.50 to 1 with at most four decimals",
                "close=0.12345|the threshold close is a number from 0 to 0.34 with at most four decimals",
                "close=NaN|the threshold close is no number",
                "close=-0.1|the threshold close is no number",
                "close=1e-1|the threshold close is no number",
                "close=|the threshold close is no number",
                "close=0.1,close=0.1|the threshold close is given twice",
                "closed=0.1|thresholds are escalate=, close= and model=, with a comma between",
                "0.1|thresholds are escalate=, close= and model=, with a comma between",
            })
    void whatIsNotSoundIsNamed(String text, String message) {
        assertThatThrownBy(() -> Thresholds.parse(text)).hasMessage(message);
    }
}
