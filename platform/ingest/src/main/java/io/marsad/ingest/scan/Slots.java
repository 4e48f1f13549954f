package io.marsad.ingest.scan;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where mappings put what a report says of an event. */
final class Slots {
    static final Field RECORD_ID = Field.of("metadata.original_event_uid");
    static final Field CHANNEL = Field.of("metadata.log_name");
    static final Field EVENT_ID = Field.of("metadata.event_code");
    static final Field HOST = Field.of("device.hostname");
    static final List<Field> ALL = List.of(RECORD_ID, CHANNEL, EVENT_ID, HOST);

    private Slots() {}

    static Finding.Event event(Finding.Place place, EventBatch batch, int row) {
        return new Finding.Event(
                place,
                batch.time(row),
                text(batch, row, RECORD_ID),
                text(batch, row, CHANNEL),
                text(batch, row, EVENT_ID),
                text(batch, row, HOST));
    }

    private static @Nullable String text(EventBatch batch, int row, Field field) {
        return batch.text(row, field);
    }
}
