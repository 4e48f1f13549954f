package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import java.util.List;

/** Looks for values that the events' tenant lists. What is listed may change at any time. One thread uses it. */
@FunctionalInterface
public interface Listing {
    /** Nothing is listed. */
    Listing NONE = (_, _, _) -> {};

    /** Adds what of the rows from this one on is listed. */
    void look(EventBatch events, int from, List<Finding> out);
}
