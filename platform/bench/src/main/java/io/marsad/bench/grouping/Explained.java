package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Correlator;
import io.marsad.soc.correlate.Edge;
import io.marsad.soc.correlate.Group;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Set;

/** Groups for people to read. */
final class Explained {
    private Explained() {}

    static void print(LabelledAlerts set, Correlator correlator, PrintStream to) {
        var facts = new HashMap<String, AlertFact>();
        var labels = new HashMap<String, Set<String>>();
        for (int i = 0; i < set.facts().size(); i++) {
            facts.put(set.facts().get(i).id(), set.facts().get(i));
            labels.put(set.facts().get(i).id(), set.labels().get(i));
        }
        for (Group group : correlator.groups()) {
            to.println("group " + group.id() + ", alerts: " + group.alerts().size());
            for (String id : group.alerts()) {
                var fact = facts.get(id);
                to.println("  " + (fact == null ? id : fact.start() + " " + fact.title()) + " "
                        + labels.getOrDefault(id, Set.of()));
                correlator.edgesOf(id).stream()
                        .filter(edge -> edge.later().equals(id))
                        .findFirst()
                        .map(Edge::why)
                        .ifPresent(text -> to.println("    " + text));
            }
        }
    }
}
