package io.marsad.soc.risk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The risk of an entity at a time. What the shares count sums exactly to the points, and the points give the score.
 *
 * @param points two decimals
 * @param score 0 to 100, one decimal
 * @param shares the largest first; what no longer counts a hundredth of a point is left out, what was withdrawn is last
 */
public record Risk(Instant at, BigDecimal points, BigDecimal score, List<Share> shares) {
    public Risk {
        shares = List.copyOf(shares);
        var sum = shares.stream().map(Share::counted).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(points) != 0) {
            throw new IllegalArgumentException("shares sum to " + sum + ", not to " + points);
        }
    }

    /** How much it is, in a word. */
    public Band band() {
        return Band.of(score);
    }

    /**
     * One alert's part.
     *
     * @param decayed the points that are left of it at that time, rounded down to two decimals
     * @param halvings how many stronger alerts of the same rule there are: each of them halves it
     * @param counted {@code decayed / 2^halvings}, rounded down to two decimals
     */
    public record Share(Contribution contribution, BigDecimal decayed, int halvings, BigDecimal counted) {}

    /** Scores as words, the worst first. */
    public enum Band {
        CRITICAL(80),
        /** One critical alert is there. */
        HIGH(50),
        MEDIUM(20),
        LOW(1),
        /** Hardly anything: not in the queue. */
        NONE(0);

        private final int from;

        Band(int from) {
            this.from = from;
        }

        /** The lowest score that is in it. */
        public int from() {
            return from;
        }

        static Band of(BigDecimal score) {
            for (Band band : values()) {
                if (score.compareTo(BigDecimal.valueOf(band.from)) >= 0) {
                    return band;
                }
            }
            return NONE;
        }

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static Band ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
