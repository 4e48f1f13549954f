package io.marsad.fleet.osquery;

import io.marsad.kernel.content.ContentProblem;

/**
 * What can be said against a pack.
 *
 * @param error whether it is refused for that
 */
public record PackFinding(boolean error, ContentProblem problem) {
    static PackFinding error(String file, int line, String reason) {
        return new PackFinding(true, new ContentProblem(file, line, reason));
    }

    static PackFinding warning(String file, int line, String reason) {
        return new PackFinding(false, new ContentProblem(file, line, reason));
    }

    /** {@code error} or {@code warning}. */
    public String severity() {
        return error ? "error" : "warning";
    }
}
