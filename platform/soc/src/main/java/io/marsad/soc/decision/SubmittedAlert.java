package io.marsad.soc.decision;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.json.UntrustedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An alert that another product hands in, in the shape of {@code POST /v1/alerts}.
 *
 * @param id ours; what the sender calls it is not used
 * @param source who sends it
 * @param indicator what intelligence is asked about
 * @param context whatever the sender adds
 * @param rawLog what the sender saw, as it stands; may be empty
 */
public record SubmittedAlert(
        EventId id,
        String source,
        String ruleId,
        String ruleName,
        Severity severity,
        Indicator indicator,
        AlertContext context,
        String rawLog) {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_TITLE = 512;
    private static final int LONGEST_RAW = 65_536;

    /** The same about something or somebody important. */
    public SubmittedAlert critical() {
        var important = new AlertContext(context.json(), true);
        return new SubmittedAlert(id, source, ruleId, ruleName, severity, indicator, important, rawLog);
    }

    /**
     * The alert that a JSON object is. {@code alert_id}, {@code timestamp} and every key that is not known are passed over;
     * a type of indicator that is not known is kept.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-alert} with each fault
     */
    public static SubmittedAlert read(EventId id, JsonNode json) {
        var faults = new ArrayList<Fault>();
        var source = text(json, "source", LONGEST_NAME, faults);
        var ruleId = text(json, "rule_id", LONGEST_NAME, faults);
        var ruleName = text(json, "rule_name", LONGEST_TITLE, faults);
        var severity = severity(json, faults);
        var indicator = indicator(json, faults);
        var context = json.get("context");
        if (context != null && !context.isNull() && !context.isObject()) {
            faults.add(new Fault("/context", "is no object"));
        }
        var written = context == null || !context.isObject() ? "{}" : context.toString();
        if (written.length() > LONGEST_RAW) {
            faults.add(new Fault("/context", "is longer than " + LONGEST_RAW + " characters"));
        }
        var raw = json.get("raw_log");
        var rawLog = raw == null || raw.isNull() ? "" : raw.isString() ? raw.stringValue() : raw.toString();
        if (rawLog.length() > LONGEST_RAW) {
            faults.add(new Fault("/raw_log", "is longer than " + LONGEST_RAW + " characters"));
        }
        if (!faults.isEmpty() || severity == null || indicator == null) {
            throw new Problem("invalid-alert", 400, "Bad request", "The alert is not sound.", faults).asException();
        }
        return new SubmittedAlert(
                id, source, ruleId, ruleName, severity, indicator, AlertContext.of(context, written), rawLog);
    }

    private static String text(JsonNode json, String name, int longest, List<Fault> faults) {
        var text = UntrustedJson.text(json.get(name));
        if (text == null || text.isBlank()) {
            faults.add(new Fault('/' + name, json.has(name) ? "is no text" : "is missing"));
            return "";
        }
        if (text.length() > longest) {
            faults.add(new Fault('/' + name, "is longer than " + longest + " characters"));
        }
        return text;
    }

    private static @Nullable Severity severity(JsonNode json, List<Fault> faults) {
        var word = text(json, "severity", LONGEST_NAME, faults).toLowerCase(Locale.ROOT);
        try {
            return word.isEmpty() ? null : Severity.ofWord(word.equals("info") ? "informational" : word);
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("/severity", "is " + e.getMessage()));
            return null;
        }
    }

    private static @Nullable Indicator indicator(JsonNode json, List<Fault> faults) {
        var indicator = json.path("indicator");
        var type = UntrustedJson.text(indicator.get("type"));
        var value = UntrustedJson.text(indicator.get("value"));
        if (type == null || type.isBlank() || value == null || value.isBlank()) {
            faults.add(new Fault("/indicator", "has no type and value"));
            return null;
        }
        if (value.length() > Indicator.LONGEST) {
            faults.add(new Fault("/indicator/value", "is longer than " + Indicator.LONGEST + " characters"));
            return null;
        }
        return Indicator.of(type, value);
    }
}
