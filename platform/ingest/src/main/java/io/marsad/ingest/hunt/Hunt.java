package io.marsad.ingest.hunt;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A hunt as its tenant sees it.
 *
 * @param progress share of the stored bytes that are done, 0 to 1
 * @param rules what fired, most hits first; empty in lists and until the hunt has ended
 * @param note what a reader has to know: why it failed, what is not whole
 */
public record Hunt(
        EventId id,
        String title,
        Asked asked,
        State state,
        String createdBy,
        Instant createdAt,
        @Nullable Instant endedAt,
        double progress,
        long scannedEvents,
        long hits,
        List<RuleHits> rules,
        @Nullable String note) {
    public Hunt {
        rules = List.copyOf(rules);
    }

    /**
     * What is asked.
     *
     * @param ruleText Sigma YAML; null: known rules
     * @param ruleIds known rules or correlations; empty with a text, or for all
     * @param from event time, inclusive
     * @param to event time, exclusive
     * @param raise whether what is found becomes alerts; what the stream raised already stays one alert
     */
    public record Asked(@Nullable String ruleText, List<String> ruleIds, Instant from, Instant to, boolean raise) {
        public Asked {
            ruleIds = List.copyOf(ruleIds);
        }
    }

    /** How far it is. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        CANCELLED,
        FAILED,
        /** The platform stopped while it ran. */
        INTERRUPTED;

        /** As the API and the database write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
