package io.marsad.api.http;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The alerts that a preview names: each with its id, time and title, and what the preview is about. */
public final class PreviewJson {
    private PreviewJson() {}

    /** Which alert one is of. */
    public record Of(EventId id, Instant time, String title) {}

    /** Reads one. */
    @FunctionalInterface
    public interface Reader<T> {
        Of of(T one);
    }

    /** Writes what else there is of one. */
    @FunctionalInterface
    public interface More<T> {
        void write(JsonGenerator to, T one);
    }

    public static <T> void alerts(JsonGenerator to, String name, List<T> all, Reader<T> reader, More<T> more) {
        to.writeArrayPropertyStart(name);
        for (T one : all) {
            var of = reader.of(one);
            to.writeStartObject();
            to.writeStringProperty("id", of.id.toString());
            Json.time(to, "time", of.time);
            to.writeStringProperty("title", of.title);
            more.write(to, one);
            to.writeEndObject();
        }
        to.writeEndArray();
    }
}
