package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;

/** Follows a search while it runs, and may end it. Called in the searching thread, some times a second. */
public interface SearchWatch {
    /** Follows nothing, ends nothing. */
    SearchWatch NONE = progress -> true;

    /** Returns false to end the search here: what was found so far is the answer, marked partial. */
    boolean goOn(SearchProgress progress);

    /**
     * Rows whose place in the answer is settled: newer than all that is still to be looked at. They come in order, each
     * once, and are part of the page that the search returns too. Not to be kept or changed.
     */
    default void settled(EventBatch rows) {}
}
