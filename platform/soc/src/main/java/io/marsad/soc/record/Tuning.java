package io.marsad.soc.record;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What should be done about a version of a rule, going by its record. It only suggests: nothing is switched off by itself.
 *
 * @param why with the numbers that it rests on
 */
public record Tuning(Lane lane, String why) {
    private static final Duration STALE = Duration.ofDays(30);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal FIFTH = new BigDecimal("0.2");
    private static final BigDecimal TENTH = new BigDecimal("0.1");
    private static final BigDecimal DOUBTFUL = new BigDecimal("0.4");

    /** The lanes, the most pressing first. */
    public enum Lane {
        /** At least half of at least 20 were false, and its word counts for less than 40 of 100. */
        DISABLE,
        /** At least a fifth of at least 20 were false: hide what is known to be harmless. */
        SUPPRESS,
        /** At least a tenth of at least 20 were false. */
        THRESHOLD,
        /** At least a fifth of fewer than 20 were false: look at it, it is early. */
        TUNE,
        /** It has not fired for 30 days. */
        STALE,
        /** Nobody has judged an alert of it. */
        NOT_MEASURED,
        HEALTHY;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param last when it fired last
     * @param now the time at which it is asked
     */
    public static Tuning of(Outcomes outcomes, Instant last, Instant now) {
        var rate = Rate.of(outcomes.falsePositives(), outcomes.size());
        var falseOnes = outcomes.falsePositives() + " of " + outcomes.size() + " were false: " + rate;
        if (!rate.measured()) {
            return last.isBefore(now.minus(STALE))
                    ? new Tuning(Lane.STALE, "it has not fired for " + STALE.toDays() + " days")
                    : new Tuning(Lane.NOT_MEASURED, "nobody has judged one of its alerts yet");
        }
        boolean enough = outcomes.size() >= RuleRecord.ENOUGH;
        var worth = new Prior(1, 1).mean(outcomes);
        if (enough && rate.share().compareTo(HALF) >= 0 && worth.compareTo(DOUBTFUL) < 0) {
            return new Tuning(Lane.DISABLE, falseOnes);
        }
        if (enough && rate.share().compareTo(FIFTH) >= 0) {
            return new Tuning(Lane.SUPPRESS, falseOnes);
        }
        if (enough && rate.share().compareTo(TENTH) >= 0) {
            return new Tuning(Lane.THRESHOLD, falseOnes);
        }
        if (!enough && rate.share().compareTo(FIFTH) >= 0) {
            return new Tuning(Lane.TUNE, falseOnes + ", which is fewer than " + RuleRecord.ENOUGH);
        }
        if (last.isBefore(now.minus(STALE))) {
            return new Tuning(Lane.STALE, "it has not fired for " + STALE.toDays() + " days; " + falseOnes);
        }
        return new Tuning(Lane.HEALTHY, falseOnes);
    }
}
