package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.SearchProgress;

/** Follows a query while it runs, and may end it. Called in the thread that runs it; must not wait for anybody. */
public interface Follower {
    /** Follows nothing, ends nothing. */
    Follower NONE = progress -> true;

    /** Some times a second. Returns false to end the query: what was found so far is the answer. */
    boolean goOn(SearchProgress progress);

    /**
     * Events whose place in the answer is settled, where the answer is the store's own events: in order, each once, all of
     * them; they are part of the answer too. The batch is used again after the call.
     */
    default void settled(EventBatch events) {}
}
