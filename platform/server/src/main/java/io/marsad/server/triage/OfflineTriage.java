package io.marsad.server.triage;

import io.marsad.soc.decision.Decision;
import io.marsad.soc.decision.DecisionEngine;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelFiles.Library;
import io.marsad.soc.intel.IntelResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/** Decides recorded cases one by one, in their order. */
public final class OfflineTriage {
    private final Thresholds thresholds;
    private final Library library;
    private final Instant at;

    /**
     * With these thresholds.
     *
     * @param library what is asked beside what a case has recorded; a case's own answer of a source counts
     * @param at the time of every decision, and the one at which feeds have to hold
     */
    public OfflineTriage(Thresholds thresholds, Library library, Instant at) {
        this.thresholds = thresholds;
        this.library = library;
        this.at = at;
    }

    /** One decision. @param broken in what it is not as its case expects */
    record Result(RecordedCase one, Decision decision, List<String> broken) {}

    /** Reads the cases and reports each as it is decided; does not close the stream. */
    public TriageSummary run(String file, InputStream cases, TriageReport report) throws IOException {
        var summary = new TriageSummary();
        library.faults().forEach(fault -> {
            summary.fault();
            report.fault("intel", fault);
        });
        CaseFile.read(file, cases, new CaseFile.Sink() {
            @Override
            public void found(RecordedCase one) {
                var result = decide(one);
                summary.add(result);
                report.result(result);
            }

            @Override
            public void fault(String where, String reason) {
                summary.fault();
                report.fault(where, reason);
            }
        });
        report.end(summary);
        return summary;
    }

    private Result decide(RecordedCase one) {
        var bySource = new LinkedHashMap<String, IntelAnswer>();
        for (IntelAnswer answer : library.answers(one.alert().indicator(), at)) {
            bySource.put(answer.source(), answer);
        }
        one.answers().forEach(answer -> bySource.put(answer.source(), answer));
        var intel = IntelResult.of(one.alert().indicator(), List.copyOf(bySource.values()));
        var decision = new DecisionEngine(thresholds, one.judge()).decide(one.alert(), intel, one.rule(), at);
        return new Result(one, decision, one.expectation().broken(decision));
    }
}
