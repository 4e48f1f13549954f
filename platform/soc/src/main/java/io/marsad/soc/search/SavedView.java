package io.marsad.soc.search;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A search that somebody keeps under a name.
 *
 * @param owner who made it, as the audit names it
 * @param ownerName a user's or token's name; the owner as it is when that is gone
 * @param version 1 when it was made, one more with each change
 */
public record SavedView(
        EventId id,
        String owner,
        String ownerName,
        Content content,
        Instant createdAt,
        Instant updatedAt,
        int version) {

    /** How the answer is shown. */
    public enum Display {
        EVENTS,
        TABLE,
        CHART;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static Display ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What time is searched: a length counted back from now, two points, or neither: then the console's own.
     *
     * @param last such as {@code 24h}
     */
    public record Range(
            @Nullable String last,
            @Nullable Instant from,
            @Nullable Instant to) {
        public static final Range NONE = new Range(null, null, null);
    }

    /**
     * What its owner says of it.
     *
     * @param query in the search language
     * @param ruleId only events on which this rule fires, or null
     * @param columns fields shown beside the time, in this order
     * @param shared the whole tenant sees it
     */
    public record Content(
            String name,
            String description,
            String query,
            @Nullable String ruleId,
            Range range,
            List<String> columns,
            Display display,
            boolean shared) {
        public Content {
            columns = List.copyOf(columns);
        }
    }
}
