package io.marsad.server.triage;

import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.Ruling;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Prints decisions as they are made. */
public sealed interface TriageReport permits TriageReport.Lines, TriageReport.Document, TriageTable {
    /** One decision. */
    void result(OfflineTriage.Result result);

    /** What could not be read. @param where {@code FILE:LINE} */
    void fault(String where, String reason);

    /** There are no more. */
    void end(TriageSummary summary);

    /** A decision on each line; the table goes to the other writer. */
    record Lines(PrintWriter out, TriageReport people) implements TriageReport {
        @Override
        public void result(OfflineTriage.Result result) {
            out.println(DecisionJson.build(to -> decision(to, result)));
            people.result(result);
        }

        @Override
        public void fault(String where, String reason) {
            people.fault(where, reason);
        }

        @Override
        public void end(TriageSummary summary) {
            out.flush();
            people.end(summary);
        }
    }

    /** One object with everything. */
    final class Document implements TriageReport {
        private final PrintWriter out;
        private final List<String> faults = new ArrayList<>();
        private boolean begun;

        public Document(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void result(OfflineTriage.Result result) {
            out.print(begun ? ",\n" : "{\"results\":[\n");
            begun = true;
            out.print(DecisionJson.build(to -> decision(to, result)));
        }

        @Override
        public void fault(String where, String reason) {
            faults.add(where + ": " + reason);
        }

        @Override
        public void end(TriageSummary summary) {
            out.print(begun ? "\n],\n" : "{\"results\":[],\n");
            out.print(DecisionJson.build(to -> {
                        to.writeStartObject();
                        to.writeArrayPropertyStart("faults");
                        faults.forEach(to::writeString);
                        to.writeEndArray();
                        to.writeObjectPropertyStart("summary");
                        to.writeNumberProperty("decided", summary.decided());
                        for (Ruling ruling : Ruling.values()) {
                            to.writeNumberProperty(ruling.word(), summary.of(ruling));
                        }
                        to.writeNumberProperty("llm_calls", summary.models());
                        to.writeNumberProperty("not_as_expected", summary.unexpected());
                        to.writeNumberProperty("not_read", summary.faults());
                        to.writeEndObject();
                        to.writeEndObject();
                    })
                    .substring(1));
            out.println();
            out.flush();
        }
    }

    private static void decision(JsonGenerator to, OfflineTriage.Result result) {
        to.writeStartObject();
        to.writeStringProperty("input", result.one().where());
        if (!result.one().name().isEmpty()) {
            to.writeStringProperty("name", result.one().name());
        }
        DecisionJson.properties(to, result.decision());
        if (!result.broken().isEmpty()) {
            to.writeArrayPropertyStart("not_as_expected");
            result.broken().forEach(to::writeString);
            to.writeEndArray();
        }
        to.writeEndObject();
    }
}
