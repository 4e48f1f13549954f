package io.marsad.kernel.store;

import io.marsad.kernel.event.Field;
import java.util.List;

/**
 * Which fields events have.
 *
 * @param fields most events first, then by path
 * @param events how many events fit in all
 * @param partial the time limit came first, or the watch ended it
 */
public record FieldCounts(List<Count> fields, long events, boolean partial, long scannedEvents, long tookNanos) {
    public FieldCounts {
        fields = List.copyOf(fields);
    }

    /** A field and how many events have a value of it that is not null. */
    public record Count(Field field, long events) {}
}
