package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import java.time.Instant;

/**
 * An indicator was seen.
 *
 * @param time of the event
 * @param field of the event, an OCSF path
 * @param value as the event has it
 */
public record Sighting(EventId event, Instant time, String field, String value) {}
