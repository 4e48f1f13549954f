package io.marsad.soc.stage;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What a rule has found since it went into the shadow; what it found stays to be seen after it left.
 *
 * @param firings all
 * @param kept the newest firings that are kept, by which the next three are counted
 * @param alerts that the kept ones would have made: firings of the same thing within minutes are one
 * @param days newest first
 * @param entities whom most of the kept ones are about
 * @param newest newest first
 */
public record Shadow(
        long firings, long kept, long alerts, List<Day> days, List<OfEntity> entities, List<Firing> newest) {
    public Shadow {
        days = List.copyOf(days);
        entities = List.copyOf(entities);
        newest = List.copyOf(newest);
    }

    /** @param day UTC */
    public record Day(LocalDate day, long firings) {}

    public record OfEntity(String type, String value, long firings) {}

    /**
     * A firing that made no alert.
     *
     * @param id that the alert would have had, and has when a hunt raises it later
     * @param event the first that it rests on
     */
    public record Firing(EventId id, Instant time, String title, String level, List<Named> entities, EventId event) {
        public Firing {
            entities = List.copyOf(entities);
        }
    }

    public record Named(String type, String value) {}
}
