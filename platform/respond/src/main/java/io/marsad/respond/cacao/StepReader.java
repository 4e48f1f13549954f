package io.marsad.respond.cacao;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.respond.condition.Condition;
import io.marsad.respond.condition.ConditionException;
import io.marsad.respond.variable.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a workflow. */
final class StepReader {
    private static final Set<String> COMMON = Set.of(
            "type",
            "name",
            "description",
            "external_references",
            "delay",
            "timeout",
            "step_variables",
            "owner",
            "on_completion",
            "on_success",
            "on_failure",
            "step_extensions");
    private static final Map<String, Set<String>> OWN = Map.of(
            "start", Set.of(),
            "end", Set.of(),
            "action", Set.of("commands", "agent", "targets", "in_args", "out_args"),
            "playbook-action", Set.of("playbook_id", "playbook_version", "in_args", "out_args"),
            "parallel", Set.of("next_steps"),
            "if-condition", Set.of("condition", "on_true", "on_false"),
            "while-condition", Set.of("condition", "on_true"),
            "switch-condition", Set.of("switch", "cases"));
    /** What stands for a condition that cannot be read; the playbook is refused. */
    private static final Condition NONE = new Condition.Or(List.of());

    private StepReader() {}

    /** @return null when it is of no type that there is, which is said */
    static @Nullable Step read(String id, Fields fields, ActionCheck actions) {
        var type = fields.required("type");
        var own = OWN.get(type);
        if (own == null) {
            fields.error(
                    "type",
                    "'" + type + "' is no type of steps"
                            + Suggestion.among(type, OWN.keySet().toArray(String[]::new)) + ": "
                            + String.join(", ", new TreeSet<>(OWN.keySet())));
            return null;
        }
        if (!type.equals(Fields.typeOf(id))) {
            fields.error("type", "the id of this step has to begin with " + type + "--, and is " + id);
        }
        fields.allowOnly(Set.copyOf(Stream.concat(COMMON.stream(), own.stream()).toList()));
        var common = common(id, type, fields);
        return switch (type) {
            case "start" -> new Step.Start(common);
            case "end" -> new Step.End(common);
            case "action" -> action(common, fields, actions);
            case "playbook-action" ->
                new Step.PlaybookAction(
                        common,
                        fields.requiredIdentifier("playbook_id", "playbook"),
                        fields.text("playbook_version"),
                        fields.texts("in_args"),
                        fields.texts("out_args"));
            case "parallel" -> parallel(common, fields);
            case "if-condition" ->
                new Step.If(
                        common, condition(fields), fields.requiredIdentifier("on_true"), fields.identifier("on_false"));
            case "while-condition" -> new Step.While(common, condition(fields), fields.requiredIdentifier("on_true"));
            default -> choice(common, fields);
        };
    }

    private static Step.Common common(String id, String type, Fields fields) {
        var delay = fields.milliseconds("delay");
        var common = new Step.Common(
                id,
                fields.text("name"),
                fields.text("description"),
                delay == null ? Duration.ZERO : delay,
                fields.milliseconds("timeout"),
                PlaybookReader.variables(fields, "step_variables", false),
                fields.identifier("on_completion"),
                fields.identifier("on_success"),
                fields.identifier("on_failure"),
                fields.line());
        if (common.onCompletion() != null && (common.onSuccess() != null || common.onFailure() != null)) {
            fields.error("on_completion", "'on_completion' excludes 'on_success' and 'on_failure'");
        }
        if ("start".equals(type) && (common.onSuccess() != null || common.onFailure() != null)) {
            fields.error("type", "a start step has 'on_completion' only");
        }
        if ("end".equals(type)
                && common.onCompletion() != null | common.onSuccess() != null | common.onFailure() != null) {
            fields.error("type", "nothing comes after an end step");
        }
        return common;
    }

    private static Step parallel(Step.Common common, Fields fields) {
        if (!fields.has("next_steps")) {
            fields.error("next_steps", "a parallel step has no 'next_steps'");
        }
        var heads = fields.texts("next_steps");
        if (heads.size() == 1) {
            fields.warning("next_steps", "one branch alone is not parallel to anything");
        }
        return new Step.Parallel(common, heads);
    }

    private static Step choice(Step.Common common, Fields fields) {
        var reference = Template.of(fields.required("switch"));
        if (fields.has("switch") && !reference.isReference()) {
            fields.error("switch", "'switch' names one variable: __name__:value");
        }
        Map<String, String> cases = new LinkedHashMap<>();
        for (var entry : fields.entries("cases")) {
            if (entry.value() instanceof YamlNode.Scalar scalar && Fields.typeOf(scalar.text()) != null) {
                cases.put(entry.key(), scalar.text());
            } else {
                fields.findings().error(entry.line(), "the case '" + entry.key() + "' has to name a step");
            }
        }
        if (cases.isEmpty()) {
            fields.error("cases", "a switch has no 'cases'");
        }
        return new Step.Switch(common, reference.names().stream().findFirst().orElse(""), cases);
    }

    private static Condition condition(Fields fields) {
        var text = fields.required("condition");
        try {
            return text.isEmpty() ? NONE : Condition.parse(text);
        } catch (ConditionException e) {
            fields.error("condition", "the condition cannot be read, " + e.getMessage());
            return NONE;
        }
    }

    private static Step action(Step.Common common, Fields fields, ActionCheck actions) {
        var commands = new ArrayList<Command>();
        for (var item : fields.items("commands")) {
            commands.add(CommandReader.read(new Fields("a command", item, fields.findings())));
        }
        if (fields.items("commands").isEmpty()) {
            fields.error(
                    "commands",
                    "an action has no 'commands'; for people, and for other engines, say what is to be"
                            + " done in a manual one");
        }
        return new Step.Action(
                common,
                commands,
                fields.requiredIdentifier("agent"),
                fields.texts("targets"),
                fields.texts("in_args"),
                fields.texts("out_args"),
                typed(fields, actions));
    }

    private static @Nullable TypedAction typed(Fields step, ActionCheck actions) {
        var extensions = step.object("step_extensions");
        var ours = extensions == null ? null : extensions.object(TypedAction.EXTENSION);
        if (ours == null) {
            return null;
        }
        ours.allowOnly(Set.of("action", "with", "outputs", "retry", "approval"));
        Map<String, tools.jackson.databind.JsonNode> with = new LinkedHashMap<>();
        ours.entries("with").forEach(entry -> with.put(entry.key(), PlaybookText.tree(entry.value())));
        Map<String, String> outputs = new LinkedHashMap<>();
        for (var entry : ours.entries("outputs")) {
            if (entry.value() instanceof YamlNode.Scalar scalar && Template.isName(scalar.text())) {
                outputs.put(entry.key(), scalar.text());
            } else {
                ours.findings().error(entry.line(), "'" + entry.key() + "' has to name the variable that keeps it");
            }
        }
        var word = ours.text("approval");
        var approval = TypedAction.Approval.of(word == null ? "none" : word);
        if (approval.isEmpty()) {
            ours.error("approval", "'approval' is none, one or two (people who agree)");
        }
        var action = ours.required("action");
        return new TypedAction(
                action,
                with,
                actions.queries(action),
                outputs,
                retry(ours),
                approval.orElse(TypedAction.Approval.ONE),
                ours.line());
    }

    private static TypedAction.Retry retry(Fields typed) {
        var fields = typed.object("retry");
        if (fields == null) {
            return TypedAction.Retry.NONE;
        }
        fields.allowOnly(Set.of("max", "backoff"));
        var most = fields.whole("max", 0, TypedAction.Retry.MOST);
        var backoff = fields.milliseconds("backoff");
        return new TypedAction.Retry(
                most == null ? 0 : most.intValue(), backoff == null ? TypedAction.Retry.NONE.backoff() : backoff);
    }
}
