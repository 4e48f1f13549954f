package io.marsad.ingest.ledger;

import io.marsad.kernel.event.EventId;
import java.time.Instant;

/**
 * A record that could not become an event.
 *
 * @param id the record's
 * @param sample its first 2000 characters
 * @param replayed it was sent again; should it die again, it is dead again
 */
public record DeadLetter(
        EventId id, Instant receivedAt, String origin, String format, String reason, String sample, boolean replayed) {
    /** A letter's place in the order newest first. */
    public record Position(Instant receivedAt, EventId id) {}

    public Position position() {
        return new Position(receivedAt, id);
    }
}
