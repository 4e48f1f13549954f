package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.Locale;

/**
 * One thing that a source says, with what it counts.
 *
 * @param source who says it
 * @param field what it is called
 * @param value as the source gives it, in JSON: {@code 87}, {@code true}, {@code "malicious"}
 * @param scale how the value becomes {@code norm}
 * @param norm the value between 0 (nothing bad) and 1 (certainly bad), four decimals
 * @param weight how much it counts, above 0; at most four decimals
 * @param raw what it was read from, in JSON
 */
public record Signal(
        String source, String field, String value, Scale scale, BigDecimal norm, BigDecimal weight, String raw) {
    /** Decimals of a norm. */
    public static final int SCALE = 4;

    /** The one order of signals, whatever order they came in. */
    public static final Comparator<Signal> ORDER = Comparator.comparing(Signal::source)
            .thenComparing(Signal::field)
            .thenComparing(Signal::value)
            .thenComparing(Signal::norm)
            .thenComparing(Signal::weight)
            .thenComparing(Signal::raw);

    /** How a value becomes a number between 0 and 1. */
    public enum Scale {
        /** True is 1, false is 0. */
        BOOLEAN,
        /** Divided by 100. */
        SCORE_100,
        /** How many engines of those that answered: divided by ten, or by their number when fewer answered. */
        ENGINES,
        /** Below zero is bad: its negative divided by 100, above zero is 0. */
        REPUTATION,
        /** {@code malicious} is 1, {@code suspicious} 0.5, {@code benign} 0. */
        CLASSIFICATION,
        /** A share as it is. */
        SHARE;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Signal {
        // Rounded up: a rounding must not make anything look better than it is.
        norm = norm.setScale(SCALE, RoundingMode.CEILING);
        if (norm.signum() < 0 || norm.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a norm is between 0 and 1, not " + norm);
        }
        if (weight.signum() <= 0 || weight.compareTo(BigDecimal.TEN) > 0 || weight.scale() > SCALE) {
            throw new IllegalArgumentException("a weight is above 0 and at most 10 with four decimals, not " + weight);
        }
        weight = weight.stripTrailingZeros();
    }
}
