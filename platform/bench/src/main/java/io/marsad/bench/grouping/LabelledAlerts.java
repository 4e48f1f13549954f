package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.StopList;
import io.marsad.soc.correlate.securityalert.SecurityAlertException;
import io.marsad.soc.correlate.securityalert.SecurityAlertReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Alerts of a file, and apart from them which incidents somebody said they belong to. What reads the alerts is the product's
 * reader, which does not know of the labels.
 *
 * @param facts in the file's order
 * @param labels of each alert; empty where there are none
 * @param faults what could not be read, with its line
 */
public record LabelledAlerts(List<AlertFact> facts, List<Set<String>> labels, List<String> faults) {
    private static final int MAX_ALERTS = 20_000;

    public LabelledAlerts {
        facts = List.copyOf(facts);
        labels = List.copyOf(labels);
        faults = List.copyOf(faults);
    }

    /** @throws IOException when the file cannot be read, or has more than 20,000 lines */
    static LabelledAlerts read(Path file) throws IOException {
        var reader = new SecurityAlertReader(StopList.usual());
        var mapper = new JsonMapper();
        var facts = new ArrayList<AlertFact>();
        var labels = new ArrayList<Set<String>>();
        var faults = new ArrayList<String>();
        var ids = new HashSet<String>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            if (facts.size() == MAX_ALERTS) {
                throw new IOException("more than " + MAX_ALERTS + " alerts");
            }
            AlertFact fact;
            try {
                var alert = reader.read(line);
                fact = alert.fact();
                for (String fault : alert.faults()) {
                    faults.add("line " + number + ": " + fault);
                }
            } catch (SecurityAlertException e) {
                faults.add("line " + number + ": " + e.getMessage());
                // It counts as an alert that shares nothing: what cannot be read does not make the result look better.
                fact = new AlertFact("line " + number, Instant.EPOCH, Instant.EPOCH, "", Set.of(), List.of(), Set.of());
            }
            facts.add(ids.add(fact.id()) ? fact : named(fact, fact.id() + " line " + number));
            labels.add(labels(mapper, line));
        }
        return new LabelledAlerts(facts, labels, faults);
    }

    boolean isLabelled() {
        return labels.stream().anyMatch(label -> !label.isEmpty());
    }

    private static AlertFact named(AlertFact fact, String id) {
        return new AlertFact(
                id.substring(Math.max(0, id.length() - 128)),
                fact.start(),
                fact.end(),
                fact.title(),
                fact.tactics(),
                fact.observables(),
                fact.egress());
    }

    private static Set<String> labels(JsonMapper mapper, String line) {
        var labels = new HashSet<String>();
        try {
            var node = mapper.readTree(line).get("incidents");
            if (node != null && node.isArray()) {
                for (JsonNode label : node) {
                    labels.add(label.asString());
                }
            } else if (node != null && node.isValueNode() && !node.isNull()) {
                labels.add(node.asString());
            }
        } catch (JacksonException e) {
            return Set.of();
        }
        return labels;
    }
}
