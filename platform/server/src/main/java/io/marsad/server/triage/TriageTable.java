package io.marsad.server.triage;

import io.marsad.server.client.Terminal;
import java.io.PrintWriter;
import java.util.Locale;

/** For people: a line a decision, and what it came to. */
public final class TriageTable implements TriageReport {
    private static final String ROW = "%-12s  %6s  %-8s  %-13s  %-29s  %-32s  %s%n";

    private final PrintWriter out;
    private boolean begun;

    public TriageTable(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void result(OfflineTriage.Result result) {
        if (!begun) {
            out.printf(Locale.ROOT, ROW, "decision", "score", "label", "severity", "because of", "indicator", "input");
            begun = true;
        }
        var decision = result.decision();
        var confidence = decision.confidence();
        var explanation = decision.explanation();
        var review = explanation.reviewReason();
        var rule = explanation.ruleTriggered();
        var because = review != null ? review.word() : rule != null ? rule.word() : "llm";
        var name = result.one().name();
        out.printf(
                Locale.ROOT,
                ROW,
                decision.ruling().word(),
                confidence.score().toPlainString(),
                confidence.label().word(),
                result.one().alert().severity().word(),
                because,
                Terminal.plain(decision.indicator().value(), 32),
                Terminal.plain(result.one().where() + (name.isEmpty() ? "" : "  " + name), 200));
        result.broken().forEach(broken -> out.println("  NOT AS EXPECTED: " + Terminal.plain(broken, 200)));
    }

    @Override
    public void fault(String where, String reason) {
        out.println("  NOT READ: " + Terminal.plain(where + ": " + reason, 500));
    }

    @Override
    public void end(TriageSummary summary) {
        out.println((begun ? System.lineSeparator() : "") + summary.text());
        out.flush();
    }
}
