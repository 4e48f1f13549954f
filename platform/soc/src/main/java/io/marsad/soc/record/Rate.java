package io.marsad.soc.record;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A share of a count, with how sure it is: the Wilson score interval at 95 %, which is sound for few and for extreme counts
 * (0 of 5 is 0 to 0.43). With no count it is not measured, and the interval is everything.
 *
 * @param hits at most {@code size}
 * @param share {@code hits / size}, 0 when not measured; four decimals
 * @param low lower end of the interval, four decimals
 * @param high upper end
 */
public record Rate(long hits, long size, BigDecimal share, BigDecimal low, BigDecimal high) {
    /** The normal distribution's 97.5 % point. */
    private static final double Z = 1.959963984540054;

    private static final int SCALE = 4;

    public static Rate of(long hits, long size) {
        if (hits < 0 || hits > size) {
            throw new IllegalArgumentException(hits + " of " + size);
        }
        if (size == 0) {
            return new Rate(0, 0, decimal(0), decimal(0), decimal(1));
        }
        double p = (double) hits / size;
        double z2 = Z * Z;
        double scale = 1 + z2 / size;
        double centre = (p + z2 / (2 * size)) / scale;
        double half = Z * Math.sqrt(p * (1 - p) / size + z2 / (4.0 * size * size)) / scale;
        return new Rate(
                hits,
                size,
                BigDecimal.valueOf(hits).divide(BigDecimal.valueOf(size), SCALE, RoundingMode.HALF_UP),
                decimal(hits == 0 ? 0 : centre - half),
                decimal(hits == size ? 1 : centre + half));
    }

    public boolean measured() {
        return size > 0;
    }

    private static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(Math.clamp(value, 0, 1)).setScale(SCALE, RoundingMode.HALF_UP);
    }

    /** {@code 0.80 of 10 (0.49 to 0.94)}, or that it is not measured. */
    @Override
    public String toString() {
        return measured()
                ? short2(share) + " of " + size + " (" + short2(low) + " to " + short2(high) + ")"
                : "not measured";
    }

    private static BigDecimal short2(BigDecimal value) {
        return value.setScale(2, RoundingMode.HALF_UP);
    }
}
