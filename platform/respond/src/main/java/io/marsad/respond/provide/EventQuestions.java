package io.marsad.respond.provide;

import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;

/** Port: asks the stored events of a tenant in the search language. Thread-safe. */
public interface EventQuestions {
    /**
     * @param back how far, unless the query says a time itself
     * @param limit 1 or more
     * @throws io.marsad.kernel.problem.ProblemException 400 when the query is none
     * @throws IOException when the store cannot be read
     */
    Found ask(TenantId tenant, String query, Duration back, int limit) throws IOException;

    /**
     * What was found.
     *
     * @param count of the rows that there were, or as many as were wanted
     * @param rows a JSON array of them, or of as many as a playbook can hold: events, or objects by column
     * @param whole whether nothing was left out, by the limit, by size or by time
     */
    record Found(long count, String rows, boolean whole) {}
}
