package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An event that an alert rests on.
 *
 * @param time when the event happened; kept in milliseconds
 * @param matches why the rule fired on it; at most 50 are kept
 * @param facts what the narrative tells of it ({@link EventFacts}), by name
 */
public record Evidence(EventId event, Instant time, List<Match> matches, Map<String, String> facts) {
    private static final int MAX_MATCHES = 50;

    public Evidence {
        time = Instant.ofEpochMilli(time.toEpochMilli());
        matches = List.copyOf(matches.subList(0, Math.min(MAX_MATCHES, matches.size())));
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
}
