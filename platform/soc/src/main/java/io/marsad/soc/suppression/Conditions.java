package io.marsad.soc.suppression;

import io.marsad.kernel.predicate.Predicate;

/** Reads the search language, which is not this module's. */
@FunctionalInterface
public interface Conditions {
    /**
     * What an event has to fulfil.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-query} with where the fault is; also for a query
     *     that does more than filter, or names a time
     */
    Predicate read(String query);
}
