package io.marsad.ingest.scan;

import io.marsad.sigma.About;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that an event fits, or a correlation that events fulfil; then the event is the last of them.
 *
 * @param event where it was found
 * @param rule what the rule says about itself
 * @param matched what in the event made it fit; of correlations the values of the group
 * @param members the events of a correlation, oldest first, the first 200; empty for a rule about single events
 */
public record Finding(Event event, About rule, List<Matched> matched, List<Place> members) {
    public Finding {
        matched = List.copyOf(matched);
        members = List.copyOf(members);
    }

    /**
     * Where a record is.
     *
     * @param file as it was found; of an archive {@code ARCHIVE!NAME}
     * @param index in the order of the file, from 0; records that could not be read do not count
     */
    public record Place(String file, long index) {}

    /**
     * What is said of an event; what it does not say is null.
     *
     * @param time epoch milliseconds
     */
    public record Event(
            Place place,
            long time,
            @Nullable String recordId,
            @Nullable String channel,
            @Nullable String eventId,
            @Nullable String host) {}

    /**
     * A comparison that held.
     *
     * @param selection the rule's name for the part
     * @param field as the rule writes it; empty for keywords
     * @param value the event's; null when the rule asks for something absent
     * @param pattern as the rule writes it, modifiers before the value
     */
    public record Matched(
            String selection, String field, @Nullable String value, String pattern) {}
}
