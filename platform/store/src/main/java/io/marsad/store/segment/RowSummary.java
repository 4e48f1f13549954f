package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;

/**
 * Groups and measures rows that are given to it as the store does with its own, so that both answer alike: for rows that a
 * query has computed. Takes the rows as they are: the summary's range and predicate are not looked at.
 *
 * <p>Belongs to one thread.
 */
public final class RowSummary {
    private final Summary summary;
    private final Pace pace;

    /** @throws IOException when the thread was interrupted */
    public RowSummary(EventSummary summary) throws IOException {
        pace = new Pace(SearchWatch.NONE, Duration.ofDays(1), new Turns(1).take(summary.tenant()));
        this.summary = new Summary(summary, pace);
    }

    /** Adds all rows. Returns false when the memory that one summary may have is used up: no more is wanted. */
    public boolean add(EventBatch rows) throws IOException {
        var all = new BitSet(rows.rows());
        all.set(0, rows.rows());
        summary.open(rows, all);
        summary.done();
        return !pace.ended();
    }

    public SummaryTable table() {
        return summary.table();
    }
}
