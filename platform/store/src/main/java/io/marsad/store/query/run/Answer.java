package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventSearch.Position;
import io.marsad.kernel.store.SearchProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query found.
 *
 * @param columns of a table; of events those that were computed
 * @param next where the next page starts, or null when there is none
 * @param partial not all of the range was looked at
 * @param cut what is missing and why, for people
 */
public record Answer(
        Rows rows,
        List<Column> columns,
        @Nullable Position next,
        boolean partial,
        List<String> cut,
        SearchProgress progress,
        long tookNanos) {
    public Answer {
        columns = List.copyOf(columns);
        cut = List.copyOf(cut);
    }

    public sealed interface Rows {}

    /** @param computed for each event a value for each column */
    public record Events(EventBatch events, List<List<@Nullable Object>> computed) implements Rows {}

    public record Table(List<List<@Nullable Object>> rows) implements Rows {}
}
