package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of detections.
 *
 * @param created new alerts, in the order of the detections
 * @param grown those that were open already and have more firings now
 * @param revised those that rest on other evidence now
 * @param counted by the id of a firing, which alert it was counted into instead of making one
 */
public record Intake(List<Alert> created, List<Alert> grown, List<Alert> revised, Map<EventId, EventId> counted) {
    static final Intake NOTHING = new Intake(List.of(), List.of(), List.of(), Map.of());

    public Intake {
        created = List.copyOf(created);
        grown = List.copyOf(grown);
        revised = List.copyOf(revised);
        counted = Map.copyOf(counted);
    }

    /** The alert that a firing is in: the one that it made, or the one that it was counted into. */
    public EventId alertOf(EventId firing) {
        @Nullable EventId alert = counted.get(firing);
        return alert == null ? firing : alert;
    }
}
