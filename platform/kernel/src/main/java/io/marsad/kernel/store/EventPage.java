package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;
import org.jspecify.annotations.Nullable;

/**
 * Rows that fit, newest first.
 *
 * @param next where the next page starts, or null when this was the last
 * @param partial the time limit came first: there may be more that fits, also in between
 * @param scannedEvents how many rows had to be looked at
 */
public record EventPage(
        EventBatch events, EventSearch.@Nullable Position next, boolean partial, long scannedEvents, long tookNanos) {}
