package io.marsad.soc.record;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What is believed of a rule before its record says anything: a Beta distribution, as if so many of its alerts had been
 * right and wrong before.
 */
public record Prior(int right, int wrong) {
    public Prior {
        if (right < 1 || wrong < 1) {
            throw new IllegalArgumentException("a prior has at least one of each");
        }
    }

    /** The mean of the belief after these outcomes: {@code (TP + right) / (n + right + wrong)}, four decimals. */
    public BigDecimal mean(Outcomes outcomes) {
        return BigDecimal.valueOf(outcomes.truePositives() + right)
                .divide(BigDecimal.valueOf(outcomes.size() + right + wrong), 4, RoundingMode.HALF_UP);
    }
}
