package io.marsad.store.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole query as written.
 *
 * @param range null when the query does not name one
 */
public record Pipeline(@Nullable Range range, Expression filter, List<Stage> stages) {
    /** The most stages that a query has. */
    static final int MAX_STAGES = 50;

    public Pipeline {
        stages = List.copyOf(stages);
    }
}
