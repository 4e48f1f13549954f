package io.marsad.server.triage;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.decision.SubmittedAlert;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.RecordedAnswers;
import io.marsad.soc.json.UntrustedJson;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.RuleRecord;
import io.marsad.soc.record.RuleRecord.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One recorded alert with what was recorded beside it.
 *
 * @param where {@code FILE:LINE}
 * @param name what its author calls it; may be empty
 * @param answers of sources, as they were recorded
 * @param rule the record of its rule
 * @param judge what a model said then; null when none was asked
 */
record RecordedCase(
        String where,
        String name,
        SubmittedAlert alert,
        List<IntelAnswer> answers,
        RuleRecord rule,
        @Nullable Judge judge,
        Expectation expectation) {
    private static final Set<String> NAMES = Set.of("name", "alert", "intel", "rule", "model", "expect");
    private static final Set<String> RULE = Set.of("version", "tested", "true_positives", "benign", "false_positives");
    private static final Set<String> MODEL = Set.of("name", "answer", "timed_out", "refused", "failed");
    private static final long MOST = 1_000_000_000L;

    /**
     * The case that a JSON object is: an alert as {@code POST /v1/alerts} has it, or an object with it under {@code alert};
     * the rest stands beside it.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static RecordedCase read(String where, int line, JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("is no JSON object");
        }
        var inner = json.get("alert");
        boolean wrapped = inner != null && inner.isObject();
        if (wrapped) {
            requireKnown(json, NAMES, "");
        }
        var body = wrapped && inner != null ? inner : json;
        var alert = alert(EventId.derived("triage", Integer.toString(line), body.toString()), body);
        return new RecordedCase(
                where,
                optional(json, "name"),
                alert,
                answers(alert, json.get("intel")),
                rule(alert.ruleId(), object(json, "rule", RULE)),
                judge(object(json, "model", MODEL)),
                Expectation.read(json.get("expect")));
    }

    private static SubmittedAlert alert(EventId id, JsonNode body) {
        try {
            return SubmittedAlert.read(id, body);
        } catch (ProblemException e) {
            throw new IllegalArgumentException(
                    e.problem().errors().stream()
                            .map(fault -> fault.where().substring(1).replace('/', '.') + " " + fault.reason())
                            .collect(Collectors.joining("; ")),
                    e);
        }
    }

    private static List<IntelAnswer> answers(SubmittedAlert alert, @Nullable JsonNode intel) {
        if (intel == null || intel.isNull()) {
            return List.of();
        }
        if (!intel.isObject()) {
            throw new IllegalArgumentException("intel is no object of answers by source");
        }
        var answers = new ArrayList<IntelAnswer>();
        for (var one : intel.properties()) {
            answers.add(RecordedAnswers.answer(one.getKey(), alert.indicator(), one.getValue()));
        }
        return answers;
    }

    private static RuleRecord rule(String id, @Nullable JsonNode rule) {
        if (rule == null) {
            return RuleRecord.unknown(id);
        }
        var tested = rule.get("tested");
        if (tested != null && !tested.isBoolean()) {
            throw new IllegalArgumentException("rule.tested is neither true nor false");
        }
        var proof = tested == null ? Proof.UNKNOWN : tested.booleanValue() ? Proof.TESTED : Proof.UNTESTED;
        return new RuleRecord(
                id,
                optional(rule, "version"),
                proof,
                new Outcomes(count(rule, "true_positives"), count(rule, "benign"), count(rule, "false_positives")));
    }

    private static long count(JsonNode rule, String name) {
        var value = rule.get(name);
        var number = UntrustedJson.number(value);
        if (value == null) {
            return 0;
        }
        boolean sound = number != null
                && number.stripTrailingZeros().scale() <= 0
                && number.signum() >= 0
                && number.compareTo(BigDecimal.valueOf(MOST)) <= 0;
        if (!sound || number == null) {
            throw new IllegalArgumentException("rule." + name + " is no count");
        }
        return number.longValueExact();
    }

    private static @Nullable Judge judge(@Nullable JsonNode model) {
        if (model == null) {
            return null;
        }
        var given = optional(model, "name");
        var name = given.isEmpty() ? "recorded" : given;
        var answer = model.get("answer");
        var refused = UntrustedJson.text(model.get("refused"));
        var failed = UntrustedJson.text(model.get("failed"));
        var late = model.get("timed_out");
        if (answer != null) {
            var text = answer.isString() ? answer.stringValue() : answer.toString();
            return question -> new JudgeReply.Said(name, question.hash(), text);
        } else if (refused != null) {
            return question -> new JudgeReply.Refused(name, question.hash(), refused);
        } else if (failed != null) {
            return question -> new JudgeReply.Failed(name, question.hash(), failed);
        } else if (late != null && late.isBoolean() && late.booleanValue()) {
            return question -> new JudgeReply.TimedOut(name, question.hash());
        }
        throw new IllegalArgumentException("model has one of answer, timed_out, refused and failed");
    }

    private static @Nullable JsonNode object(JsonNode json, String name, Set<String> known) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            throw new IllegalArgumentException(name + " is no object");
        }
        requireKnown(value, known, name + ".");
        return value;
    }

    static void requireKnown(JsonNode object, Set<String> known, String prefix) {
        for (var property : object.properties()) {
            if (!known.contains(property.getKey())) {
                throw new IllegalArgumentException(prefix + property.getKey() + " is not known; there are "
                        + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    static String optional(JsonNode object, String name) {
        var value = object.get(name);
        if (value == null || value.isNull()) {
            return "";
        }
        var text = UntrustedJson.text(value);
        if (text == null || text.length() > 256) {
            throw new IllegalArgumentException(name + " is no text of at most 256 characters");
        }
        return text;
    }
}
