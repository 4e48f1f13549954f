package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.store.query.run.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Events and values as the contract writes them. */
final class EventLines {
    private static final Field LABELS = Field.of("metadata.labels");

    private final EventJson events;

    EventLines(EventJson events) {
        this.events = events;
    }

    void event(JsonGenerator to, EventBatch batch, int row) {
        event(to, batch, row, List.of(), List.of());
    }

    /** @param values of the computed columns */
    void event(
            JsonGenerator to,
            EventBatch batch,
            int row,
            List<Column> computed,
            List<? extends @Nullable Object> values) {
        to.writeStartObject();
        properties(to, batch, row);
        if (!computed.isEmpty()) {
            to.writeObjectPropertyStart("computed");
            for (int i = 0; i < computed.size(); i++) {
                to.writeName(computed.get(i).name());
                value(to, computed.get(i), values.get(i));
            }
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    void properties(JsonGenerator to, EventBatch batch, int row) {
        to.writeStringProperty("id", batch.id(row).toString());
        to.writeStringProperty("time", Json.time(batch.time(row)));
        to.writeStringProperty("received_at", Json.time(batch.received(row)));
        to.writeStringProperty("origin", batch.origin(row));
        to.writeStringProperty("log_source", batch.source(row).toString());
        to.writeBooleanProperty("synthetic", isSynthetic(batch, row));
        to.writeName("fields");
        Json.value(to, events.flat(batch, row));
    }

    Map<String, @Nullable Object> flat(EventBatch batch, int row) {
        return events.flat(batch, row);
    }

    Map<String, @Nullable Object> nested(EventBatch batch, int row) {
        return events.nested(batch, row, false);
    }

    static void columns(JsonGenerator to, List<Column> columns) {
        to.writeArrayPropertyStart("columns");
        for (var column : columns) {
            to.writeStartObject();
            to.writeStringProperty("name", column.name());
            to.writeStringProperty("type", column.type().word());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static void rows(JsonGenerator to, List<Column> columns, List<? extends List<? extends @Nullable Object>> rows) {
        to.writeArrayPropertyStart("rows");
        for (var row : rows) {
            to.writeStartArray();
            for (int i = 0; i < columns.size(); i++) {
                value(to, columns.get(i), row.get(i));
            }
            to.writeEndArray();
        }
        to.writeEndArray();
    }

    /** Numbers that are whole are written so. */
    static void value(JsonGenerator to, Column column, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case Number number
            when column.type() == Column.Type.TIME && isTime(number) -> to.writeString(Json.time(number.longValue()));
            case Double number -> number(to, number);
            case Long number -> to.writeNumber(number);
            case Boolean bool -> to.writeBoolean(bool);
            case List<?> list -> {
                to.writeStartArray();
                for (var item : list) {
                    value(to, column, item);
                }
                to.writeEndArray();
            }
            default -> to.writeString(value.toString());
        }
    }

    /** Years of four digits: what RFC 3339 can write. */
    static boolean isTime(Number millis) {
        return millis.doubleValue() >= -62_135_596_800_000d && millis.doubleValue() <= 253_402_300_799_999d;
    }

    private static void number(JsonGenerator to, double number) {
        if (!Double.isFinite(number)) {
            to.writeNull();
        } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            to.writeNumber((long) number);
        } else {
            to.writeNumber(number);
        }
    }

    /** The worker labels what came in as synthetic. */
    private static boolean isSynthetic(EventBatch batch, int row) {
        for (int entry = batch.first(row), end = batch.end(row); entry < end; entry++) {
            if (batch.field(entry) == LABELS.id() && batch.text(entry).equals("synthetic")) {
                return true;
            }
        }
        return false;
    }
}
