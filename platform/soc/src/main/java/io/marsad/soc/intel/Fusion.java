package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;

/**
 * One number out of many signals: {@code Σ(norm × weight) / Σ weight}. Exact but for the division, which is rounded up in
 * the fourth decimal, so that whoever divides by hand gets the same, and no rounding makes anything look better.
 */
public final class Fusion {
    /** Decimals of a confidence. */
    public static final int SCALE = 4;

    private Fusion() {}

    /** Of no signals it is 0. */
    public static BigDecimal confidence(Collection<Signal> signals) {
        var sum = BigDecimal.ZERO;
        var weights = BigDecimal.ZERO;
        for (Signal signal : signals) {
            sum = sum.add(signal.norm().multiply(signal.weight()));
            weights = weights.add(signal.weight());
        }
        return weights.signum() == 0 ? zero() : sum.divide(weights, SCALE, RoundingMode.CEILING);
    }

    private static BigDecimal zero() {
        return BigDecimal.ZERO.setScale(SCALE);
    }
}
