package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;

/** Follows a search while it runs, and may end it. Called in the searching thread, every 50 ms or so. */
public interface SearchWatch {
    /** Follows nothing, ends nothing. */
    SearchWatch NONE = progress -> true;

    /** Returns false to end the search here: what was found so far is the answer, marked partial. */
    boolean goOn(SearchProgress progress);

    /**
     * Rows whose place in the answer is settled: newer than all that is still to be looked at. Every row of the page comes
     * here once and in order, some early, the rest just before the search returns; the page has them too. The batch is
     * used again after the call.
     */
    default void settled(EventBatch rows) {}
}
