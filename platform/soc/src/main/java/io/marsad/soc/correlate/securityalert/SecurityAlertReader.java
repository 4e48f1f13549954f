package io.marsad.soc.correlate.securityalert;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.Observables;
import io.marsad.soc.correlate.Observables.HostNames;
import io.marsad.soc.correlate.Role;
import io.marsad.soc.correlate.StopList;
import io.marsad.soc.correlate.Tactic;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads alerts of the table SecurityAlert, one JSON object each, as Log Analytics exports them: times with or without zone, lists
 * as text, {@code Entities} as a text of JSON whose objects refer to each other by {@code $id} and {@code $ref}. What is not
 * read: incident numbers of the source. Thread-safe.
 *
 * <p>An alert needs an id and a time. Anything else that is not as it should be is left out and named in {@link
 * SecurityAlert#faults}: an alert is not lost for an odd entity.
 */
public final class SecurityAlertReader {
    private static final int MAX_LENGTH = 4 << 20;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TITLE = 512;
    private static final int MAX_LIST = 64;
    static final int MAX_FAULTS = 32;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxDocumentLength(MAX_LENGTH)
                            .build())
                    .build())
            .build();
    private final Observables observables;

    /** @param stops what everybody has to do with */
    public SecurityAlertReader(StopList stops) {
        this.observables = new Observables(stops);
    }

    /** @throws SecurityAlertException when it is not one JSON object of at most 4 MiB with an id and a time */
    public SecurityAlert read(String json) throws SecurityAlertException {
        var alert = object(json);
        var faults = new ArrayList<String>();
        var id = text(alert, "SystemAlertId", faults);
        if (id.isEmpty()) {
            id = text(alert, "VendorOriginalId", faults);
        }
        if (id.isEmpty() || id.length() > 128) {
            throw new SecurityAlertException("SystemAlertId: an id of 1 to 128 characters is expected");
        }
        var start = time(alert, "StartTime", faults);
        var made = start == null ? time(alert, "TimeGenerated", faults) : start;
        if (made == null) {
            throw new SecurityAlertException("StartTime: a time is expected, or else in TimeGenerated");
        }
        var end = time(alert, "EndTime", faults);
        if (end != null && end.isBefore(made)) {
            fault(faults, "EndTime: is before the start");
            end = null;
        }
        var found = entities(alert, faults);
        var host = text(alert, "CompromisedEntity", faults);
        if (host.indexOf('.') > 0 && host.indexOf('@') < 0 && host.indexOf(' ') < 0) {
            observables.host(new HostNames(null, host, null, null), Role.VICTIM).ifPresent(found.observables::add);
        }
        var title = text(alert, "DisplayName", faults);
        if (title.isEmpty()) {
            title = text(alert, "AlertName", faults);
        }
        observables.named(Kind.DETECTION, title, title, Role.INVOLVED).ifPresent(found.observables::add);
        var fact = new AlertFact(
                id,
                made,
                end == null ? made : end,
                title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE) : title,
                tactics(alert, faults),
                found.observables,
                found.egress);
        return new SecurityAlert(fact, text(alert, "AlertSeverity", faults), faults);
    }

    private JsonNode object(String json) throws SecurityAlertException {
        if (json.length() > MAX_LENGTH) {
            throw new SecurityAlertException("an alert has at most 4 MiB");
        }
        try {
            var node = mapper.readTree(json);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw new SecurityAlertException("not JSON: " + e.getOriginalMessage());
        }
        throw new SecurityAlertException("a JSON object is expected");
    }

    /** What an alert names, and the addresses that its hosts reach the outside by. */
    private record Found(List<Observable> observables, Set<String> egress) {}

    private Found entities(JsonNode alert, List<String> faults) {
        var found = new Found(new ArrayList<>(), new HashSet<>());
        var node = alert.get("Entities");
        if (node != null && node.isString()) {
            node = parsed("Entities", node.stringValue(), faults);
        }
        if (node == null || node.isNull() || node.isMissingNode()) {
            return found;
        }
        if (!node.isArray()) {
            fault(faults, "Entities: a list is expected");
            return found;
        }
        new EntityReader(observables, node, faults).read(found.observables, found.egress);
        return found;
    }

    private @Nullable JsonNode parsed(String name, String text, List<String> faults) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return mapper.readTree(text);
        } catch (JacksonException e) {
            fault(faults, name + ": not JSON: " + e.getOriginalMessage());
            return null;
        }
    }

    /** Those that are told; else those of the techniques. */
    private Set<Tactic> tactics(JsonNode alert, List<String> faults) {
        var tactics = EnumSet.noneOf(Tactic.class);
        for (String word : words(alert, "Tactics", faults)) {
            var tactic = Tactic.ofWord(word);
            if (tactic != null) {
                tactics.add(tactic);
            }
        }
        if (tactics.isEmpty()) {
            words(alert, "Techniques", faults).forEach(word -> tactics.addAll(Tactic.ofTechnique(word)));
        }
        return tactics;
    }

    /** A list as JSON has it, as a text of JSON, or as words with commas between. */
    private List<String> words(JsonNode alert, String name, List<String> faults) {
        var node = alert.get(name);
        if (node != null && node.isString() && node.stringValue().strip().startsWith("[")) {
            node = parsed(name, node.stringValue(), faults);
        }
        var words = new ArrayList<String>();
        if (node != null && node.isString()) {
            words.addAll(List.of(node.stringValue().split("[,;]", MAX_LIST)));
        } else if (node != null && node.isArray()) {
            for (JsonNode word : node) {
                if (word.isString() && words.size() < MAX_LIST) {
                    words.add(word.stringValue());
                }
            }
        } else if (node != null && !node.isNull()) {
            fault(faults, name + ": a list or text is expected");
        }
        return words.stream().map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private static String text(JsonNode alert, String name, List<String> faults) {
        var node = alert.get(name);
        if (node == null || node.isNull()) {
            return "";
        }
        if (!node.isString()) {
            fault(faults, name + ": text is expected");
            return "";
        }
        return node.stringValue().strip();
    }

    private static @Nullable Instant time(JsonNode alert, String name, List<String> faults) {
        var text = text(alert, name, faults);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Times.parse(text);
        } catch (DateTimeException e) {
            fault(faults, name + ": not a time");
            return null;
        }
    }

    static void fault(List<String> faults, String fault) {
        if (faults.size() < MAX_FAULTS && !faults.contains(fault)) {
            faults.add(fault);
        }
    }
}
