package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventBatch;
import io.marsad.soc.alert.Detection;
import java.util.List;
import java.util.function.Supplier;

/**
 * A detection before it becomes an alert.
 *
 * @param events what it rests on; asked only when a condition on events has to be tested
 */
public record Firing(Detection detection, Supplier<List<Place>> events) {
    /** A row of a batch. */
    public record Place(EventBatch batch, int row) {}
}
