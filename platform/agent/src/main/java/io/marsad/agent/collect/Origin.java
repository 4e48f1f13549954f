package io.marsad.agent.collect;

import java.time.InstantSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where and when records are made.
 *
 * @param os as it stands in records; empty: Linux, which they do not say
 */
public record Origin(String os, InstantSource clock) {
    static Origin linux(InstantSource clock) {
        return new Origin("", clock);
    }

    /** A record of now. */
    public ObjectNode record(String source, String activity) {
        return record(source, activity, clock.millis());
    }

    /** @param time milliseconds since 1970, UTC */
    public ObjectNode record(String source, String activity, long time) {
        var found = Found.of(source, activity, time);
        return os.isEmpty() ? found : found.put("os", os);
    }
}
