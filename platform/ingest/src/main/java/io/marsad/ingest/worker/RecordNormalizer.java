package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Makes an event of a record; {@code Normalizer} of module normalize does. One thread uses it. */
@FunctionalInterface
public interface RecordNormalizer {
    /** Returns null when a row was added, else why the record is not an event (then the batch is as before). */
    @Nullable
    String normalize(RecordBatch records, int index, EventBatch out);
}
