package io.marsad.kernel.problem;

import java.util.List;

/**
 * What went wrong, as RFC 9457 (problem+json) has it.
 *
 * @param type a short stable kebab-case name, e.g. {@code invalid-query}; the API prints it as {@code urn:marsad:problem:TYPE}
 * @param status the HTTP status, 400 to 599
 * @param title what kind of problem, the same for every occurrence
 * @param detail what happened this time and what helps; never holds secrets or internals
 * @param errors single faults, each with where it is
 */
public record Problem(String type, int status, String title, String detail, List<Fault> errors) {
    public Problem {
        errors = List.copyOf(errors);
    }

    /**
     * One fault.
     *
     * @param where a JSON pointer, a {@code file:line}, a column or an index
     */
    public record Fault(String where, String reason) {}

    public static Problem badRequest(String type, String detail) {
        return new Problem(type, 400, "Bad request", detail, List.of());
    }

    public static Problem unauthorized(String detail) {
        return new Problem("unauthorized", 401, "Unauthorized", detail, List.of());
    }

    public static Problem forbidden(String detail) {
        return new Problem("forbidden", 403, "Forbidden", detail, List.of());
    }

    public static Problem notFound(String detail) {
        return new Problem("not-found", 404, "Not found", detail, List.of());
    }

    public static Problem conflict(String type, String detail) {
        return new Problem(type, 409, "Conflict", detail, List.of());
    }

    public static Problem tooLarge(String detail) {
        return new Problem("too-large", 413, "Content too large", detail, List.of());
    }

    public static Problem unprocessable(String type, String detail) {
        return new Problem(type, 422, "Unprocessable content", detail, List.of());
    }

    public static Problem overloaded(String detail) {
        return new Problem("overloaded", 429, "Too many requests", detail, List.of());
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }
}
