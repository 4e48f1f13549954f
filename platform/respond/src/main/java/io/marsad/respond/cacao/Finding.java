package io.marsad.respond.cacao;

import io.marsad.kernel.content.ContentProblem;

/**
 * What can be said against a playbook.
 *
 * @param severity whether it can be run nevertheless
 */
public record Finding(Severity severity, ContentProblem problem) {
    /** How much it matters. */
    public enum Severity {
        /** It cannot be run so. */
        ERROR,
        /** It can be run; some of it will not do what it says, or other engines read it differently. */
        WARNING
    }

    @Override
    public String toString() {
        return problem + (severity == Severity.WARNING ? " (warning)" : "");
    }
}
