package io.marsad.respond.provide;

import io.marsad.connect.manifest.Input;
import io.marsad.connect.manifest.Operation;
import io.marsad.connect.manifest.ValueType;
import io.marsad.respond.action.ActionKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters of an action as an operation takes them: those of the same name, and what the action is done to as what
 * the operation is done to, where they call it differently ({@code host}, {@code instance}).
 *
 * @param left names of what was given and the operation does not take, which is then said; a reason is for people only
 */
record Parameters(ObjectNode values, List<String> left) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** What products call by another name than the catalogue; the first that is given is taken. */
    private static final Map<String, List<String>> OTHER_WORDS = Map.of(
            "title", List.of("text"),
            "subject", List.of("title", "text"),
            "details", List.of("text", "title"),
            "description", List.of("text", "title"),
            "transition", List.of("state"),
            "sha1", List.of("hash"),
            "sha256", List.of("hash"),
            "group", List.of("isolation"));

    static Parameters of(ActionKind kind, Map<String, JsonNode> given, Operation operation) {
        var values = JsonNodeFactory.instance.objectNode();
        var left = new ArrayList<String>();
        var taken = new HashSet<String>();
        for (var input : operation.parameters().values()) {
            var name = source(kind, given, input);
            if (name != null) {
                values.set(input.name(), typed(input, Objects.requireNonNull(given.get(name))));
                taken.add(name);
            }
        }
        given.forEach((name, value) -> {
            if (!value.isNull() && !taken.contains(name) && !name.equals("reason")) {
                left.add(name);
            }
        });
        return new Parameters(values, left);
    }

    /** @return null when nothing that was given is it */
    private static @Nullable String source(ActionKind kind, Map<String, JsonNode> given, Input input) {
        if (isGiven(given, input.name())) {
            return input.name();
        }
        if (kind.parameters().containsKey(input.name()) || !input.required()) {
            return null;
        }
        for (var other : OTHER_WORDS.getOrDefault(input.name(), List.of())) {
            if (isGiven(given, other)) {
                return other;
            }
        }
        var target = target(kind);
        return OTHER_WORDS.containsKey(input.name()) || target == null || !isGiven(given, target) ? null : target;
    }

    private static boolean isGiven(Map<String, JsonNode> given, String name) {
        var value = given.get(name);
        return value != null && !value.isNull();
    }

    private static @Nullable String target(ActionKind kind) {
        return kind.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().required())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Variables of playbooks are texts; what does not look like its type is left as it is, and refused with the reason. */
    private static JsonNode typed(Input input, JsonNode value) {
        if (!value.isString()) {
            return input.type() == ValueType.INTEGER
                            || input.type() == ValueType.BOOLEAN
                            || input.list()
                            || !value.isNumber()
                    ? value
                    : JsonNodeFactory.instance.stringNode(value.asString());
        }
        boolean tree = input.list()
                || input.type() == ValueType.JSON
                || input.type() == ValueType.INTEGER
                || input.type() == ValueType.BOOLEAN;
        if (!tree) {
            return input.type() == ValueType.STRING ? JsonNodeFactory.instance.stringNode(line(input, value)) : value;
        }
        try {
            return MAPPER.readTree(value.stringValue());
        } catch (JacksonException e) {
            return value;
        }
    }

    /** One line of it, as long as it may be. */
    private static String line(Input input, JsonNode value) {
        var text = value.stringValue().replaceAll("\\s*[\r\n]+\\s*", " ");
        boolean words = OTHER_WORDS.containsKey(input.name()) && input.pattern() == null;
        return words && text.length() > input.most() ? text.substring(0, (int) input.most()) : text;
    }
}
