package io.marsad.respond.action;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.respond.action.ActionKind.Effect;
import io.marsad.respond.action.ActionKind.Parameter;
import io.marsad.respond.action.ActionKind.Type;
import io.marsad.respond.cacao.ActionCheck;
import io.marsad.respond.cacao.TypedAction;
import io.marsad.respond.variable.Template;
import io.marsad.respond.variable.VariableType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** All actions that there are. Thread-safe. */
public final class Catalogue implements ActionCheck {
    private static final String FILE = "catalogue.yaml";
    private static final Set<String> PERMISSIONS = Set.of("contain", "investigate", "intel", "cases", "notify");

    private final Map<String, ActionKind> actions;

    private Catalogue(Map<String, ActionKind> actions) {
        this.actions = actions;
    }

    /** The one that is shipped. */
    public static Catalogue standard() {
        try (var in = Catalogue.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the distribution");
            }
            return read(FILE, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ContentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    static Catalogue read(String file, byte[] bytes) throws ContentException {
        Map<String, ActionKind> actions = new LinkedHashMap<>();
        for (var entry : YamlReader.read(file, bytes).getFirst().asMapping().entries()) {
            actions.put(entry.key(), action(entry.key(), entry.value().asMapping()));
        }
        for (var action : actions.values()) {
            var reverse = action.reverse();
            if (reverse != null && !actions.containsKey(reverse)) {
                throw new ContentException(
                        file, 0, action.name() + " is taken back by " + reverse + ", which is not there");
            }
        }
        return new Catalogue(actions);
    }

    private static ActionKind action(String name, YamlNode.Mapping of) throws ContentException {
        of.allowOnly("title", "says", "about", "radius", "effect", "permission", "reverse", "with", "outputs");
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (var entry : of.require("with").asMapping().entries()) {
            var word = entry.value().asText();
            boolean required = !word.endsWith("?");
            var type = required ? word : word.substring(0, word.length() - 1);
            parameters.put(entry.key(), new Parameter(parameter(entry, type), required));
        }
        Map<String, VariableType> outputs = new LinkedHashMap<>();
        var given = of.mapping("outputs");
        if (given != null) {
            for (var entry : given.entries()) {
                outputs.put(entry.key(), type(entry, entry.value().asText()));
            }
        }
        var permission = of.requireText("permission");
        if (!PERMISSIONS.contains(permission)) {
            throw of.require("permission").fault("there is no permission '" + permission + "'");
        }
        return new ActionKind(
                name,
                of.requireText("title"),
                of.requireText("says"),
                of.requireText("about"),
                BlastRadius.valueOf(of.requireText("radius").toUpperCase(Locale.ROOT)),
                Effect.valueOf(of.requireText("effect").toUpperCase(Locale.ROOT)),
                permission,
                of.text("reverse"),
                parameters,
                outputs);
    }

    private static Type parameter(YamlNode.Entry entry, String word) throws ContentException {
        return switch (word) {
            case "ip" -> new Type.Address();
            case "mql" -> new Type.Query();
            default -> new Type.One(type(entry, word));
        };
    }

    private static VariableType type(YamlNode.Entry entry, String word) throws ContentException {
        return VariableType.of(word).orElseThrow(() -> entry.value().fault("there is no type '" + word + "'"));
    }

    /** In the order in which they are shown. */
    public Collection<ActionKind> all() {
        return actions.values();
    }

    public Optional<ActionKind> find(String name) {
        return Optional.ofNullable(actions.get(name));
    }

    @Override
    public Set<String> queries(String action) {
        var kind = actions.get(action);
        return kind == null
                ? Set.of()
                : kind.parameters().entrySet().stream()
                        .filter(parameter -> parameter.getValue().type() instanceof Type.Query)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
    }

    @Override
    public List<String> faults(TypedAction asked) {
        var action = actions.get(asked.action());
        if (action == null) {
            return List.of("there is no action '" + asked.action() + "'"
                    + Suggestion.among(asked.action(), actions.keySet().toArray(String[]::new)));
        }
        var faults = new ArrayList<>(faults(action, asked.with(), true));
        for (var output : asked.outputs().keySet()) {
            if (!action.outputs().containsKey(output)) {
                faults.add(action.name() + " gives no '" + output + "'"
                        + Suggestion.among(output, action.outputs().keySet().toArray(String[]::new)));
            }
        }
        return faults;
    }

    /** What is wrong with parameters that it is to be done with now. */
    public List<String> faults(String name, Map<String, JsonNode> parameters) {
        var action = actions.get(name);
        return action == null ? List.of("there is no action '" + name + "'") : faults(action, parameters, false);
    }

    private static List<String> faults(ActionKind action, Map<String, JsonNode> with, boolean templates) {
        var faults = new ArrayList<String>();
        action.parameters().forEach((name, parameter) -> {
            var value = with.get(name);
            if (value == null || value.isNull()) {
                if (parameter.required()) {
                    faults.add(action.name() + " has to be told '" + name + "'");
                }
            } else if (!(templates && names(value)) && !parameter.type().takes(text(value))) {
                faults.add("'" + name + "' of " + action.name() + " has to be "
                        + parameter.type().expected());
            }
        });
        for (var name : with.keySet()) {
            if (!action.parameters().containsKey(name)) {
                faults.add(action.name() + " has no parameter '" + name + "'"
                        + Suggestion.among(name, action.parameters().keySet().toArray(String[]::new)));
            }
        }
        return faults;
    }

    private static boolean names(JsonNode value) {
        return value.isString() && !Template.of(value.stringValue()).names().isEmpty();
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
