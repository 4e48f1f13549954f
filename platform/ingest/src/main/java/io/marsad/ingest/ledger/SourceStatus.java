package io.marsad.ingest.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source's records of one format.
 *
 * @param logSources what its events were recognised as, {@code windows/process_creation/sysmon}
 * @param lastEventAt the newest time that an event of it names
 * @param lastError why the last record died or a rule failed on it
 */
public record SourceStatus(
        String origin,
        String format,
        List<String> logSources,
        Balance balance,
        long bytes,
        double eventsPerMinute,
        Instant firstReceivedAt,
        Instant lastReceivedAt,
        @Nullable Instant lastEventAt,
        @Nullable String lastError,
        State state) {
    /** How it is: in order, silent for ten minutes, or with dead letters in the last minute. */
    public enum State {
        OK,
        QUIET,
        FAILING
    }
}
