package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Correlator;
import io.marsad.soc.correlate.Group;
import io.marsad.soc.correlate.Parameters;
import java.util.HashMap;
import java.util.List;

/** The product's grouping, as numbers. */
final class Grouping {
    private Grouping() {}

    /** The number of each alert's group. */
    static int[] groups(List<AlertFact> facts, Parameters parameters) {
        return groups(facts, correlated(facts, parameters));
    }

    static int[] groups(List<AlertFact> facts, Correlator correlator) {
        var numbers = new HashMap<String, Integer>();
        int number = 0;
        for (Group group : correlator.groups()) {
            for (String id : group.alerts()) {
                numbers.put(id, number);
            }
            number++;
        }
        int alone = number;
        var groups = new int[facts.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = numbers.getOrDefault(facts.get(i).id(), alone + i);
        }
        return groups;
    }

    static Correlator correlated(List<AlertFact> facts, Parameters parameters) {
        var correlator = new Correlator(parameters);
        facts.forEach(correlator::add);
        return correlator;
    }
}
