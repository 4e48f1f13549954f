package io.marsad.api.intel;

import io.marsad.api.http.Json;
import io.marsad.soc.indicator.IndicatorImport;
import io.marsad.soc.indicator.IndicatorPage;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.Listed;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.soc.indicator.Sighting;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Indicators as the API writes them. */
final class IndicatorJson {
    private IndicatorJson() {}

    static void page(JsonGenerator to, IndicatorPage page, Instant now) {
        to.writeStartObject();
        to.writeArrayPropertyStart("indicators");
        for (Listed one : page.indicators()) {
            to.writeStartObject();
            properties(to, one, now);
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeNumberProperty("total", page.total());
        Json.text(to, "next", page.next());
        to.writeEndObject();
    }

    static void properties(JsonGenerator to, Listed one, Instant now) {
        var about = one.about();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("type", one.value().type());
        to.writeStringProperty("value", one.value().text());
        to.writeNumberProperty("confidence", about.confidence());
        to.writeStringProperty("tlp", about.tlp().word());
        to.writeStringProperty("source", about.source());
        to.writeStringProperty("description", about.description());
        Json.texts(to, "tags", about.tags());
        Json.time(to, "valid_from", about.from());
        Json.time(to, "valid_until", about.until());
        to.writeStringProperty("state", one.state(now));
        Json.text(to, "warning", one.warning());
        to.writeStringProperty("created_by", one.made().by());
        Json.time(to, "created_at", one.made().at());
        Json.time(to, "updated_at", one.made().changed());
        to.writeNumberProperty("version", one.made().version());
        to.writeNumberProperty("sightings", one.sightings());
        Json.time(to, "first_seen", one.firstSeen());
        Json.time(to, "last_seen", one.lastSeen());
    }

    static void sightings(JsonGenerator to, String name, List<Sighting> sightings) {
        to.writeArrayPropertyStart(name);
        for (Sighting one : sightings) {
            to.writeStartObject();
            to.writeStringProperty("event_id", one.event().toString());
            Json.time(to, "time", one.time());
            to.writeStringProperty("field", one.field());
            to.writeStringProperty("value", one.value());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static void past(JsonGenerator to, PastSightings.Past past) {
        to.writeStartObject();
        to.writeNumberProperty("days", PastSightings.BACK.toDays());
        to.writeNumberProperty("events", past.events());
        to.writeBooleanProperty("partial", past.partial());
        to.writeNumberProperty("scanned", past.scanned());
        to.writeNumberProperty("took_ms", past.took().toNanos() / 1_000_000.0);
        sightings(to, "newest", past.newest());
        to.writeEndObject();
    }

    static void imported(JsonGenerator to, IndicatorImport read, Indicators.Outcome outcome) {
        outcome(to, read, outcome, false, List.of());
    }

    static void tried(JsonGenerator to, IndicatorImport read, Indicators.Trial trial) {
        outcome(to, read, trial.outcome(), true, trial.lines());
    }

    private static void outcome(
            JsonGenerator to,
            IndicatorImport read,
            Indicators.Outcome outcome,
            boolean dry,
            List<Indicators.Line> lines) {
        to.writeStartObject();
        to.writeNumberProperty("read", read.wanted().size());
        to.writeBooleanProperty("dry_run", dry);
        to.writeNumberProperty("added", outcome.added());
        to.writeNumberProperty("changed", outcome.changed());
        to.writeNumberProperty("warned", outcome.warned());
        to.writeArrayPropertyStart("lines");
        for (var line : lines) {
            to.writeStartObject();
            to.writeStringProperty("type", line.value().type());
            to.writeStringProperty("value", line.value().text());
            to.writeNumberProperty("confidence", line.confidence());
            to.writeStringProperty("what", line.added() ? "added" : "changed");
            Json.text(to, "warning", line.warning());
            to.writeEndObject();
        }
        to.writeEndArray();
        Json.texts(to, "faults", read.faults());
        to.writeEndObject();
    }
}
