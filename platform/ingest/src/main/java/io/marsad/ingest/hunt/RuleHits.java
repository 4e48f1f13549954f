package io.marsad.ingest.hunt;

import io.marsad.kernel.event.EventId;
import io.marsad.sigma.Level;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;

/**
 * How often a rule or correlation would have fired.
 *
 * @param days per UTC day of the (newest) event; days without hits are absent
 * @param newest the newest hits, newest first, at most {@value RetroHunt#MOST_SAMPLES}
 */
public record RuleHits(
        String id, String title, Level level, long hits, SortedMap<LocalDate, Long> days, List<Hit> newest) {

    /** An event on which it fires; of a correlation the newest that was counted. */
    public record Hit(EventId event, Instant time) {}
}
