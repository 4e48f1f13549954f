package io.marsad.api.searches;

import io.marsad.api.http.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks at queries before they are kept. Thread-safe. */
@FunctionalInterface
public interface KeptQueries {
    /**
     * In the scope of the caller.
     *
     * @param rule the id of a rule that the query is asked of, or null
     * @throws io.marsad.kernel.problem.ProblemException 400 when the query cannot be run; 404 when there is no such rule; 409
     *     when it cannot be searched with
     */
    void check(String query, @Nullable String rule);

    /** A text that may be left out. */
    static String text(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? "" : text;
    }
}
