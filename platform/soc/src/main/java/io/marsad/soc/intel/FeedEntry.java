package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One indicator of a feed.
 *
 * @param confidence 0 to 100; 0 is known to be good
 * @param description for people; may be empty
 * @param from since when it holds, inclusive; null for always
 * @param until when it ceases to, exclusive; null for never
 * @param raw what it was read from: the line, or the STIX object
 */
public record FeedEntry(
        Indicator indicator,
        BigDecimal confidence,
        String description,
        @Nullable Instant from,
        @Nullable Instant until,
        String raw) {
    /** What somebody who lists an indicator without a number is taken to say. */
    public static final BigDecimal CERTAIN = BigDecimal.valueOf(100);

    static final int LONGEST_RAW = 8_192;
    private static final int LONGEST_DESCRIPTION = 512;

    public FeedEntry {
        if (confidence.signum() < 0 || confidence.compareTo(CERTAIN) > 0 || confidence.scale() > 2) {
            throw new IllegalArgumentException("a confidence is 0 to 100, with two decimals at most");
        }
        description = cut(description, LONGEST_DESCRIPTION);
        raw = cut(raw, LONGEST_RAW);
    }

    boolean holds(Instant at) {
        return (from == null || !at.isBefore(from)) && (until == null || at.isBefore(until));
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most - 1) + '…' : text;
    }
}
