package io.marsad.api.suppressions;

import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.suppression.Conditions;
import io.marsad.store.query.Query;

/** Conditions in the language of the search bar. Thread-safe. */
public final class QueryConditions implements Conditions {
    @Override
    public Predicate read(String text) {
        var query = Query.parse(text);
        if (!query.isFilter() || query.range(0) != null) {
            throw Problem.badRequest(
                            "invalid-query",
                            "A condition asks about one event or alert: without stages (|) and without a range of time.")
                    .asException();
        }
        return query.predicate();
    }
}
