package io.marsad.ingest.intake;

import io.marsad.kernel.event.EventId;
import java.util.List;

/**
 * What became of a batch that was sent.
 *
 * @param accepted how many of the sender's records are durable now
 * @param ids of the accepted, in order; fewer than accepted when audit lines were joined into whole events
 * @param errors why each other one was not taken, by its index
 */
public record IntakeResult(int accepted, List<EventId> ids, List<Rejection> errors) {
    public IntakeResult {
        ids = List.copyOf(ids);
        errors = List.copyOf(errors);
    }

    public int rejected() {
        return errors.size();
    }

    /** One record that was not taken; the index counts from 0. */
    public record Rejection(int index, String reason) {}
}
