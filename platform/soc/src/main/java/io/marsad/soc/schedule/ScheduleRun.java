package io.marsad.soc.schedule;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of a schedule.
 *
 * @param from events that came in from then
 * @param to until then
 * @param missed points of time that had passed without a run, as the platform stood still; this run makes up for them
 * @param error why it failed: the next run looks at its events again
 * @param alert that it raised, or null
 */
public record ScheduleRun(
        EventId id,
        EventId schedule,
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        Instant from,
        Instant to,
        Outcome outcome,
        int missed,
        @Nullable String error,
        @Nullable EventId alert) {
    /** Where it stands. */
    public enum State {
        RUNNING,
        DONE,
        /** The time limit came before the end: there may be more hits. */
        PARTIAL,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What it found.
     *
     * @param exact else there are at least so many hits
     * @param kept rows that were kept
     */
    public record Outcome(long hits, boolean exact, int kept, long scannedEvents, double tookMillis) {
        static final Outcome NONE = new Outcome(0, true, 0, 0, 0);
    }
}
