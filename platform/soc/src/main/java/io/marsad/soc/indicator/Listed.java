package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.intel.Indicator;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An indicator that a tenant keeps.
 *
 * @param number by which the stream knows it
 * @param warning the warning list that it is on, which is why it is not looked for; else null
 * @param firstSeen event time of the oldest sighting; null when it was never seen
 */
public record Listed(
        EventId id,
        int number,
        Value value,
        About about,
        @Nullable String warning,
        Made made,
        long sightings,
        @Nullable Instant firstSeen,
        @Nullable Instant lastSeen) {
    /** How long what people write about it may be, in characters. */
    static final int LONGEST_DESCRIPTION = 2_000;

    static final int LONGEST_SOURCE = 200;
    static final int LONGEST_TAG = 100;
    static final int MOST_TAGS = 50;

    /**
     * What is listed.
     *
     * @param type {@code ip}, {@code network}, {@code domain}, {@code hash}, {@code url} or {@code email}
     * @param text in the one form that values are compared in
     */
    public record Value(String type, String text) {
        /** What a network is called. */
        public static final String NETWORK = "network";

        /**
         * A value as somebody wrote it.
         *
         * @param type null or empty: whatever it looks like
         * @throws IllegalArgumentException when it is none; the message is about "the indicator"
         */
        public static Value of(@Nullable String type, String given) {
            var indicator = Indicator.listed(type == null ? "" : type, given.strip());
            if (indicator.fault() != null) {
                throw new IllegalArgumentException("the indicator " + indicator.fault());
            }
            if (indicator.kind() == Indicator.Kind.UNKNOWN) {
                throw new IllegalArgumentException(
                        "'" + type + "' is no type: ip, network, domain, hash, url or email");
            }
            return new Value(indicator.type(), indicator.value());
        }
    }

    /**
     * What is said about it.
     *
     * @param confidence that it is bad, 0 to 100
     * @param source who says so
     * @param until when it ceases to be looked for; null for never
     */
    public record About(
            int confidence,
            Tlp tlp,
            String source,
            String description,
            List<String> tags,
            Instant from,
            @Nullable Instant until,
            boolean revoked) {
        public About {
            tags = List.copyOf(tags);
        }
    }

    /**
     * Who made it and when, and how often it was changed.
     *
     * @param feed that lists it; null when somebody of the tenant does
     */
    public record Made(
            String by,
            Instant at,
            Instant changed,
            int version,
            @Nullable EventId feed) {}

    /** {@code active}, {@code expired}, {@code revoked}, {@code waiting} until it begins, or {@code warned}. */
    public String state(Instant now) {
        if (about.revoked) {
            return "revoked";
        }
        if (about.until != null && !now.isBefore(about.until)) {
            return "expired";
        }
        if (warning != null) {
            return "warned";
        }
        return now.isBefore(about.from) ? "waiting" : "active";
    }
}
