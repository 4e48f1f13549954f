package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.Condition;
import io.marsad.connect.manifest.Operation;
import io.marsad.connect.manifest.Text;
import io.marsad.connect.manifest.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Takes out of answers what manifests ask for. Of one call. */
final class Reading {
    private final Rendering rendering;

    Reading(Rendering rendering) {
        this.rendering = rendering;
    }

    boolean holds(@Nullable Condition condition, JsonNode tree) throws Refusal {
        return switch (condition) {
            case null -> true;
            case Condition.All all -> {
                boolean holds = true;
                for (Condition one : all.conditions()) {
                    holds = holds && holds(one, tree);
                }
                yield holds;
            }
            case Condition.Any any -> {
                boolean holds = false;
                for (Condition one : any.conditions()) {
                    holds = holds || holds(one, tree);
                }
                yield holds;
            }
            case Condition.Not not -> !holds(not.condition(), tree);
            case Condition.Is is -> is(is, tree);
        };
    }

    private boolean is(Condition.Is is, JsonNode tree) throws Refusal {
        var value = is.value() == null ? null : rendering.text(is.value());
        List<JsonNode> found = is.path() != null
                ? is.path().in(tree)
                : value == null ? List.of() : List.of(JsonNodeFactory.instance.stringNode(value));
        if (is.among() == null) {
            return found.stream()
                    .anyMatch(node -> !(node.isString() && node.stringValue().isEmpty()));
        }
        for (Text text : is.among()) {
            var wanted = rendering.text(text);
            if (wanted != null
                    && found.stream()
                            .anyMatch(node ->
                                    !node.isContainer() && node.asString().equals(wanted))) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param missing gets the reason of the first output that has to be there and is not
     */
    ObjectNode outputs(
            Map<String, Operation.Output> wanted,
            JsonNode tree,
            OutboundHttp.@Nullable Answer answer,
            List<String> missing)
            throws Refusal {
        var outputs = JsonNodeFactory.instance.objectNode();
        for (Operation.Output output : wanted.values()) {
            var value = value(output, tree, answer);
            if (value != null) {
                outputs.set(output.name(), value);
            } else if (output.otherwise() != null) {
                missing.add(output.otherwise());
            }
        }
        return outputs;
    }

    private @Nullable JsonNode value(Operation.Output output, JsonNode tree, OutboundHttp.@Nullable Answer answer)
            throws Refusal {
        if (output.path() != null) {
            var found = output.path().in(tree);
            if (output.type() == ValueType.JSON && output.path().parts().contains("*")) {
                var array = JsonNodeFactory.instance.arrayNode();
                found.forEach(array::add);
                return array;
            }
            return found.isEmpty() ? null : typed(found.getFirst(), output.type());
        }
        var text = output.header() != null
                ? answer == null ? null : answer.header(output.header())
                : output.value() == null ? null : rendering.text(output.value());
        return text == null ? null : typed(JsonNodeFactory.instance.stringNode(text), output.type());
    }

    private static @Nullable JsonNode typed(JsonNode node, ValueType type) {
        if (type == ValueType.JSON) {
            return node;
        }
        if (node.isContainer()) {
            return null;
        }
        var text = node.asString();
        return switch (type) {
            case INTEGER -> {
                try {
                    yield JsonNodeFactory.instance.numberNode(Long.parseLong(text));
                } catch (NumberFormatException e) {
                    yield null; // counts as not there
                }
            }
            case BOOLEAN ->
                text.equals("true") || text.equals("false")
                        ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
                        : null;
            default -> {
                var value = JsonNodeFactory.instance.stringNode(text);
                yield text.isEmpty() || type != ValueType.STRING && type.fault(value) != null ? null : value;
            }
        };
    }
}
