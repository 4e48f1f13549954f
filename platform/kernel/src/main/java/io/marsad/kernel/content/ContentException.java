package io.marsad.kernel.content;

import java.util.List;
import java.util.stream.Collectors;

/** A content file is refused; says every fault at once. */
public final class ContentException extends Exception {
    private final transient List<ContentProblem> problems;

    public ContentException(List<ContentProblem> problems) {
        super(problems.stream().map(ContentProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public ContentException(String file, int line, String reason) {
        this(List.of(new ContentProblem(file, line, reason)));
    }

    public List<ContentProblem> problems() {
        return problems;
    }
}
