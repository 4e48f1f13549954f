package io.marsad.store.query;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import java.util.List;

/** The text is no query: what is wrong, and from which character (from 0) to which. */
final class Invalid extends Exception {
    private final int at;
    private final int length;
    private final String reason;

    Invalid(int at, String reason) {
        this(at, 1, reason);
    }

    Invalid(int at, int length, String reason) {
        super(reason, null, false, false);
        this.at = at;
        this.length = Math.max(1, length);
        this.reason = reason;
    }

    Invalid(Lexer.Token at, String reason) {
        this(at.start(), at.length(), reason);
    }

    Invalid(Tokens.Token at, String reason) {
        this(at.start(), at.end() - at.start(), reason);
    }

    ProblemException asProblem() {
        var where = "column " + (at + 1);
        var fault = new Problem.Fault(length == 1 ? where : where + "-" + (at + length), reason);
        return new Problem("invalid-query", 400, "Bad request", where + ": " + reason, List.of(fault)).asException();
    }
}
