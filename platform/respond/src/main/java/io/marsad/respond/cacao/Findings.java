package io.marsad.respond.cacao;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.respond.cacao.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what can be said against one file. */
final class Findings {
    private final String file;
    private final List<Finding> found = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    void error(int line, String reason) {
        found.add(new Finding(Severity.ERROR, new ContentProblem(file, line, reason)));
    }

    void warning(int line, String reason) {
        found.add(new Finding(Severity.WARNING, new ContentProblem(file, line, reason)));
    }

    boolean hasErrors() {
        return found.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** In the order of lines. */
    List<Finding> sorted() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(finding -> finding.problem().line()))
                .toList();
    }
}
