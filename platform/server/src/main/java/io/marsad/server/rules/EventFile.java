package io.marsad.server.rules;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.normalize.format.EvtxReader;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.server.node.SampleEvents;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Makes events of a file's records, one after the other, as the worker does. One thread uses it. */
public final class EventFile {
    private static final int LOOK = 64;
    private static final Field EVENT_RECORD_ID = Field.of("metadata.original_event_uid");

    private final SampleEvents events;
    private long number;

    public EventFile(MappingSet mappings) {
        events = new SampleEvents(mappings);
    }

    /** Takes events. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param record the event's EventRecordID in a Windows event log, which may differ from the number that the log
         *     file gives its record; elsewhere the record's number in the file, from 1
         * @param batch not to be kept: the next event is read into it
         */
        void event(long record, EventBatch batch, int row);
    }

    /**
     * Gives every event of the file to the sink. Records that no mapping makes an event of are passed over.
     *
     * @throws IOException when the file cannot be read or is of no known kind
     */
    public void read(InputStream file, Sink sink) throws IOException {
        var stream = new BufferedInputStream(file);
        stream.mark(LOOK);
        var start = stream.readNBytes(LOOK);
        stream.reset();
        number = 0;
        if (EvtxReader.isEvtx(start, start.length)) {
            new EvtxReader()
                    .read(
                            stream,
                            (id, written, bytes, offset, length) ->
                                    record(id, RecordFormat.WINDOWS, bytes, offset, length, sink));
        } else {
            RecordFiles.read(
                    stream, (format, bytes, offset, length) -> record(++number, format, bytes, offset, length, sink));
        }
    }

    private void record(long id, RecordFormat format, byte[] bytes, int offset, int length, Sink sink) {
        EventBatch batch;
        try {
            batch = events.normalize(format.label(), Arrays.copyOfRange(bytes, offset, offset + length));
        } catch (IOException notAnEvent) {
            return;
        }
        for (int row = 0; row < batch.rows(); row++) {
            sink.event(format == RecordFormat.WINDOWS && number == 0 ? own(id, batch, row) : id, batch, row);
        }
    }

    /** The event's own number, when it says one. */
    private static long own(long id, EventBatch batch, int row) {
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (batch.field(e) == EVENT_RECORD_ID.id() && batch.text(e).matches("\\d{1,18}")) {
                return Long.parseLong(batch.text(e));
            }
        }
        return id;
    }
}
