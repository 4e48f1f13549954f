package io.marsad.connect.manifest;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the small pieces that manifests consist of. */
final class Pieces {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private Pieces() {}

    /** Reads the value of a key. */
    interface Reader<T> {
        T read(String name, YamlNode node) throws ContentException;
    }

    static <T> Map<String, T> map(YamlNode.@Nullable Mapping mapping, Faults faults, Reader<T> reader) {
        var map = new LinkedHashMap<String, T>();
        if (mapping != null) {
            for (YamlNode.Entry entry : mapping.entries()) {
                faults.<@Nullable T>or(null, () -> {
                    var value = reader.read(entry.key(), entry.value());
                    map.put(entry.key(), value);
                    return value;
                });
            }
        }
        return map;
    }

    static String name(String name, YamlNode at) throws ContentException {
        if (!NAME.matches(name)) {
            throw at.fault("'" + name + "' is no name: small letters, digits and _ are");
        }
        return name;
    }

    /** One of an enumeration's words. */
    static <E extends Enum<E>> E word(YamlNode node, E[] words) throws ContentException {
        var text = node.asText();
        for (E word : words) {
            if (word.name().toLowerCase(Locale.ROOT).equals(text)) {
                return word;
            }
        }
        var names = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            names[i] = words[i].name().toLowerCase(Locale.ROOT);
        }
        throw node.fault("'" + text + "' is none of " + List.of(names) + Suggestion.among(text, names));
    }

    static int integer(YamlNode.Mapping in, String key, int instead, int least, int most) throws ContentException {
        var node = in.get(key);
        if (node == null) {
            return instead;
        }
        try {
            int value = Integer.parseInt(node.asText());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw node.fault("'" + key + "' is not a whole number");
        }
        throw node.fault("'" + key + "' is not from " + least + " to " + most);
    }

    static boolean flag(YamlNode.Mapping in, String key) throws ContentException {
        var text = in.text(key);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw in.require(key).fault("'" + key + "' is neither true nor false");
        }
        return "true".equals(text);
    }

    /** A text whose values are written in some language: {@code {$quoted: "name:'${parameters.name}'"}}. */
    static Text text(YamlNode node) throws ContentException {
        if (node instanceof YamlNode.Mapping mapping
                && mapping.entries().size() == 1
                && mapping.entries().getFirst().key().startsWith("$")) {
            var entry = mapping.entries().getFirst();
            for (Text.Quoting quoting : Text.Quoting.values()) {
                if (entry.key().equals("$" + quoting.name().toLowerCase(Locale.ROOT))) {
                    return Text.of(entry.value(), quoting);
                }
            }
            throw node.fault("'" + entry.key() + "' is none of $quoted, $odata, $xml, $entities"
                    + Suggestion.among(entry.key(), "$quoted", "$odata", "$xml", "$entities"));
        }
        return Text.of(node, Text.Quoting.NONE);
    }

    static Map<String, Text> texts(YamlNode.Mapping in, String key, Faults faults) throws ContentException {
        return map(in.mapping(key), faults, (name, value) -> text(value));
    }

    static Tree tree(YamlNode node) throws ContentException {
        return switch (node) {
            case YamlNode.Scalar scalar -> {
                var text = scalar.text();
                yield text.contains("${") ? new Tree.Filled(text(scalar)) : new Tree.Fixed(json(scalar));
            }
            case YamlNode.Sequence sequence -> {
                var items = new ArrayList<Tree>();
                for (YamlNode item : sequence.items()) {
                    items.add(tree(item));
                }
                yield new Tree.Items(items);
            }
            case YamlNode.Mapping mapping -> {
                if (mapping.entries().size() == 1
                        && mapping.entries().getFirst().key().startsWith("$")) {
                    yield new Tree.Filled(text(mapping));
                }
                var fields = new LinkedHashMap<String, Tree>();
                for (YamlNode.Entry entry : mapping.entries()) {
                    fields.put(entry.key(), tree(entry.value()));
                }
                yield new Tree.Fields(fields);
            }
        };
    }

    /** A fixed value. */
    static JsonNode json(YamlNode node) throws ContentException {
        return switch (node) {
            case YamlNode.Scalar scalar -> {
                try {
                    yield switch (scalar.kind()) {
                        case NULL -> JSON.nullNode();
                        case BOOL -> JSON.booleanNode(scalar.text().equalsIgnoreCase("true"));
                        case INTEGER -> number(Long.parseLong(scalar.text()));
                        case DECIMAL -> JSON.numberNode(Double.parseDouble(scalar.text()));
                        case TEXT -> JSON.stringNode(scalar.text());
                    };
                } catch (NumberFormatException e) {
                    throw node.fault(
                            "'" + scalar.text() + "' is no number that is understood; quote it when it is text");
                }
            }
            case YamlNode.Sequence sequence -> {
                var array = JSON.arrayNode();
                for (YamlNode item : sequence.items()) {
                    array.add(json(item));
                }
                yield array;
            }
            case YamlNode.Mapping mapping -> {
                var object = JSON.objectNode();
                for (YamlNode.Entry entry : mapping.entries()) {
                    object.set(entry.key(), json(entry.value()));
                }
                yield object;
            }
        };
    }

    /** As readers of JSON have it, so that equal numbers are equal. */
    private static JsonNode number(long value) {
        return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
    }

    static Path path(YamlNode node) throws ContentException {
        var path = node instanceof YamlNode.Sequence ? new Path(node.asTexts()) : Path.of(node.asText());
        if (path.parts().isEmpty() || path.parts().stream().anyMatch(String::isEmpty)) {
            throw node.fault("this is no path such as data.0.id");
        }
        return path;
    }

    static Condition condition(YamlNode node) throws ContentException {
        if (node instanceof YamlNode.Sequence sequence) {
            return new Condition.All(conditions(sequence.items()));
        }
        var in = node.asMapping();
        in.allowOnly("path", "value", "equals", "one_of", "exists", "any", "not");
        var any = in.get("any");
        var not = in.get("not");
        if (any != null || not != null) {
            if (in.entries().size() != 1) {
                throw node.fault("'any' and 'not' stand alone");
            }
            return any != null
                    ? new Condition.Any(conditions(any.asList()))
                    : new Condition.Not(condition(in.require("not")));
        }
        var path = in.get("path");
        var value = in.get("value");
        if ((path == null) == (value == null)) {
            throw node.fault("a condition asks about a 'path' or a 'value'");
        }
        var equal = in.get("equals");
        var some = in.get("one_of");
        var exists = in.text("exists");
        if ((equal == null ? 0 : 1) + (some == null ? 0 : 1) + (exists == null ? 0 : 1) != 1) {
            throw node.fault("a condition has one of 'equals', 'one_of' and 'exists'");
        }
        var among = new ArrayList<Text>();
        for (YamlNode item : equal != null ? List.of(equal) : some != null ? some.asList() : List.<YamlNode>of()) {
            among.add(text(item));
        }
        var is = new Condition.Is(
                path == null ? null : path(path), value == null ? null : text(value), exists != null ? null : among);
        return exists != null && !flag(in, "exists") ? new Condition.Not(is) : is;
    }

    private static List<Condition> conditions(List<YamlNode> nodes) throws ContentException {
        var conditions = new ArrayList<Condition>();
        for (YamlNode node : nodes) {
            conditions.add(condition(node));
        }
        return conditions;
    }

    static Input input(String name, YamlNode node) throws ContentException {
        var in = node.asMapping();
        in.allowOnly(
                "type", "list", "required", "default", "min", "max", "pattern", "allowed", "description", "sensitive");
        name(name, node);
        var word = in.text("type") == null ? "string" : in.requireText("type");
        var type = ValueType.of(word);
        if (type == null) {
            var words = new ArrayList<String>();
            for (ValueType known : ValueType.values()) {
                words.add(known.word());
            }
            throw in.require("type")
                    .fault("'" + word + "' is none of " + words + Suggestion.among(word, words.toArray(String[]::new)));
        }
        boolean number = type == ValueType.INTEGER;
        var fallback = in.get("default");
        var input = new Input(
                name,
                type,
                flag(in, "list"),
                in.get("required") == null ? fallback == null : flag(in, "required"),
                fallback == null ? null : json(fallback),
                integer(in, "min", number ? Integer.MIN_VALUE : 1, Integer.MIN_VALUE, Integer.MAX_VALUE),
                integer(in, "max", Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE),
                pattern(in),
                in.texts("allowed"),
                in.requireText("description"),
                flag(in, "sensitive"));
        if (input.fallback() != null) {
            var fault = input.fault(input.fallback());
            if (fault != null) {
                throw in.require("default").fault("the default of " + fault);
            }
        }
        return input;
    }

    private static @Nullable Pattern pattern(YamlNode.Mapping in) throws ContentException {
        var text = in.text("pattern");
        try {
            return text == null ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw in.require("pattern").fault("this is no pattern: " + e.getDescription());
        }
    }
}
