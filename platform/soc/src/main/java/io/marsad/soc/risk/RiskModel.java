package io.marsad.soc.risk;

import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How alerts add up to the risk of an entity that they name; all parameters are here.
 *
 * <ol>
 *   <li>An alert brings {@code weight(severity) × (1 + context)} points, none when it was found to be nothing.
 *   <li>Its points halve with every half-life since its time, and are gone after the window.
 *   <li>Of one rule the strongest alert counts in full, the second half, the third a quarter: together less than twice the
 *       strongest, however many they are.
 *   <li>{@code score = 100 × (1 − 5^(−points / 80))}: 80 points are a score of 80, 160 are 96, 40 are 55.3.
 * </ol>
 *
 * <p>The result depends on the contributions and the time alone, not on their order, and never falls when one is added or
 * grows. Immutable.
 *
 * @param promoteAt the score from which on an entity becomes a case
 * @param rise how much higher than what is left of the last promotion the score has to be for another one
 */
public record RiskModel(Duration halfLife, Duration window, BigDecimal promoteAt, BigDecimal rise) {
    public static final RiskModel STANDARD =
            new RiskModel(Duration.ofHours(4), Duration.ofHours(24), BigDecimal.valueOf(80), BigDecimal.TEN);

    /** The most alerts of one rule that can count a hundredth of a point: more need not be read. */
    static final int MOST_OF_RULE = 16;

    static final int POINT_SCALE = 2;

    private static final int SCORE_SCALE = 1;
    /** So many points are a score of as many. */
    private static final double FIXED_POINT = 80;

    private static final double LN2 = StrictMath.log(2);
    private static final double LN5 = StrictMath.log(5);

    private static final Comparator<Contribution> STRONGEST_FIRST =
            Comparator.comparing(Contribution::alert, Comparator.comparing(Object::toString));

    /** Points of a severity: E9's table. */
    public static int weight(Severity severity) {
        return switch (severity) {
            case CRITICAL -> 40;
            case HIGH -> 20;
            case MEDIUM -> 8;
            case LOW -> 3;
            case INFORMATIONAL -> 1;
        };
    }

    /**
     * What an alert brings before any decay.
     *
     * @param context −1 (of no interest) to 1 (twice as bad); what is beyond is taken as these
     */
    public static BigDecimal points(Severity severity, BigDecimal context, @Nullable Verdict verdict) {
        if (verdict != null && verdict != Verdict.TRUE_POSITIVE) {
            return BigDecimal.ZERO.setScale(POINT_SCALE);
        }
        var bounded = context.max(BigDecimal.ONE.negate()).min(BigDecimal.ONE);
        return BigDecimal.valueOf(weight(severity))
                .multiply(BigDecimal.ONE.add(bounded))
                .setScale(POINT_SCALE, RoundingMode.HALF_UP);
    }

    /** The risk at a time, of all that is known of an entity; what happens later does not count yet. */
    public Risk at(Instant time, Collection<Contribution> all) {
        var byRule = new TreeMap<String, List<Faded>>();
        var withdrawn = new ArrayList<Risk.Share>();
        for (Contribution one : all) {
            if (one.at().isAfter(time) || one.at().isBefore(time.minus(window))) {
                continue;
            }
            if (one.withdrawn()) {
                withdrawn.add(new Risk.Share(one, one.points(), 0, one.points()));
            } else {
                byRule.computeIfAbsent(one.ruleId(), _ -> new ArrayList<>()).add(new Faded(one, left(one, time)));
            }
        }
        var shares = new ArrayList<Risk.Share>();
        for (var ofRule : byRule.values()) {
            ofRule.sort(Comparator.comparingDouble(Faded::points)
                    .reversed()
                    .thenComparing(Faded::contribution, STRONGEST_FIRST));
            for (int rank = 0; rank < ofRule.size() && rank < MOST_OF_RULE; rank++) {
                var share = ofRule.get(rank).share(rank);
                if (share.counted().signum() > 0) {
                    shares.add(share);
                }
            }
        }
        shares.sort(Comparator.comparing(Risk.Share::counted)
                .reversed()
                .thenComparing(Risk.Share::contribution, STRONGEST_FIRST));
        withdrawn.sort(Comparator.comparing(Risk.Share::contribution, STRONGEST_FIRST));
        var points =
                shares.stream().map(Risk.Share::counted).reduce(BigDecimal.ZERO.setScale(POINT_SCALE), BigDecimal::add);
        shares.addAll(withdrawn);
        return new Risk(time, points, score(points), shares);
    }

    private record Faded(Contribution contribution, double points) {
        Risk.Share share(int rank) {
            var decayed = rounded(points);
            var counted = decayed.divide(BigDecimal.valueOf(1L << rank), POINT_SCALE, RoundingMode.FLOOR);
            return new Risk.Share(contribution, decayed, rank, counted);
        }
    }

    private double left(Contribution one, Instant time) {
        return one.points().doubleValue() * halved(Duration.between(one.at(), time));
    }

    /** What of 1 is left after this long. */
    private double halved(Duration age) {
        return StrictMath.pow(2, -(double) age.toMillis() / halfLife.toMillis());
    }

    /** What so many points are worth, rounded down to one decimal. */
    static BigDecimal score(BigDecimal points) {
        double score = 100 * (1 - StrictMath.exp(-LN5 * points.doubleValue() / FIXED_POINT));
        // First to what the arithmetic is good for: 80 points are 80, not 79.999…
        return BigDecimal.valueOf(score).setScale(6, RoundingMode.HALF_UP).setScale(SCORE_SCALE, RoundingMode.FLOOR);
    }

    /** How many points a score takes; endless for 100. */
    static double pointsOf(double score) {
        return -FIXED_POINT * StrictMath.log(1 - score / 100) / LN5;
    }

    /**
     * Where an entity stands among all, whatever the time: points fade alike, so who has more has more an hour later, until
     * something leaves the window. A power of two: each half-life is worth one.
     */
    double heat(double points, Instant at) {
        return StrictMath.log(points) / LN2 + (double) at.toEpochMilli() / halfLife.toMillis();
    }

    /**
     * Whether an entity becomes a case (again).
     *
     * @param before when it last became one and with how many points; null when it never did
     */
    boolean promotes(Risk now, @Nullable Promoted before) {
        if (now.score().compareTo(promoteAt) < 0) {
            return false;
        }
        return before == null
                || now.score().compareTo(score(left(before, now.at())).add(rise)) >= 0;
    }

    /** What is left of a promotion's points. */
    private BigDecimal left(Promoted before, Instant time) {
        var age = Duration.between(before.at(), time);
        return rounded(before.points().doubleValue() * halved(age.isNegative() ? Duration.ZERO : age));
    }

    /** A promotion that was. */
    record Promoted(Instant at, BigDecimal points) {}

    /** Down, so that halves never sum to the whole. */
    private static BigDecimal rounded(double points) {
        return BigDecimal.valueOf(points).setScale(POINT_SCALE, RoundingMode.FLOOR);
    }
}
