package io.marsad.soc.schedule;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;

/** Port: runs a schedule's search over events that came from a part of the log. Thread-safe. */
public interface Searching {
    /** Log offset up to which all events are in the store and can be found. */
    long searchable();

    /**
     * @throws io.marsad.kernel.problem.ProblemException when the query cannot be run any more
     * @throws IOException when the store cannot be read
     */
    Found search(TenantId tenant, Schedule.Content content, LogRange came) throws IOException;

    /**
     * What was found.
     *
     * @param partial the time limit came first
     * @param answer the rows that are kept, as a JSON object
     * @param evidence the newest events that the query is about, at most 50
     */
    record Found(ScheduleRun.Outcome outcome, boolean partial, String answer, EventBatch evidence) {}
}
