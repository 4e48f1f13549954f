package io.marsad.store.query;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import java.util.List;

/** The text is no query: what is wrong, and at which character (from 0). */
final class Invalid extends Exception {
    private final int at;
    private final String reason;

    Invalid(int at, String reason) {
        super(reason, null, false, false);
        this.at = at;
        this.reason = reason;
    }

    ProblemException asProblem() {
        var where = "column " + (at + 1);
        var fault = new Problem.Fault(where, reason);
        return new Problem("invalid-query", 400, "Bad request", where + ": " + reason, List.of(fault)).asException();
    }
}
