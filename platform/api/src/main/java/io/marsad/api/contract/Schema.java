package io.marsad.api.contract;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.problem.Problem.Fault;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request's value has to look like: the part of JSON Schema that the contract uses for requests. Unknown keys of an
 * object are faults, unless it says {@code additionalProperties: true} or names no properties.
 *
 * <p>Immutable.
 */
public final class Schema {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "maxItems",
            "default",
            "description",
            "examples");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int MAX_FAULTS = 20;

    private final Set<String> types;
    private final List<String> values;
    private final @Nullable String format;
    private final Map<String, Long> bounds;
    private final Map<String, Schema> properties;
    private final List<String> required;
    private final boolean open;
    private final @Nullable Schema items;
    private final @Nullable String fallback;

    private Schema(YamlNode.Mapping root, YamlNode.Mapping at) throws ContentException {
        for (var entry : at.entries()) {
            if (!KNOWN.contains(entry.key())) {
                throw entry.value().fault("requests cannot be checked for '" + entry.key() + "' (yet)");
            }
        }
        types = new HashSet<>(at.texts("type"));
        values = at.texts("enum");
        format = at.text("format");
        bounds = new LinkedHashMap<>();
        for (String bound : List.of("minLength", "maxLength", "minimum", "maximum", "maxItems")) {
            var text = at.text(bound);
            if (text != null) {
                bounds.put(bound, Long.valueOf(text));
            }
        }
        properties = new LinkedHashMap<>();
        var named = at.mapping("properties");
        if (named != null) {
            for (var entry : named.entries()) {
                properties.put(entry.key(), of(root, entry.value().asMapping()));
            }
        }
        required = at.texts("required");
        open = properties.isEmpty() || "true".equals(at.text("additionalProperties"));
        var elements = at.mapping("items");
        items = elements == null ? null : of(root, elements);
        var otherwise = at.get("default");
        fallback = otherwise instanceof YamlNode.Scalar scalar ? scalar.text() : null;
    }

    static Schema of(YamlNode.Mapping root, YamlNode.Mapping at) throws ContentException {
        return new Schema(root, resolve(root, at));
    }

    /** What a {@code $ref} points to, or the node itself. */
    static YamlNode.Mapping resolve(YamlNode.Mapping root, YamlNode.Mapping at) throws ContentException {
        var reference = at.text("$ref");
        if (reference == null) {
            return at;
        }
        if (!reference.startsWith("#/")) {
            throw at.fault("only references within the contract are understood");
        }
        var found = root;
        for (String step : reference.substring(2).split("/", -1)) {
            found = found.require(step).asMapping();
        }
        return resolve(root, found);
    }

    /** The names of what an object of it has; empty for any that is none. */
    public Set<String> properties() {
        return Set.copyOf(properties.keySet());
    }

    /** The default, as it is written, or null. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** What is wrong with the value; empty when nothing is. At most 20 faults. */
    public List<Fault> faults(JsonNode value) {
        var faults = new ArrayList<Fault>();
        check(value, "", faults);
        return faults;
    }

    /** What is wrong with a parameter's text, or null. A list is written with commas. */
    public @Nullable String fault(String text) {
        if (types.contains("array") && items != null) {
            for (String part : text.split(",", -1)) {
                var fault = items.fault(part);
                if (fault != null) {
                    return fault;
                }
            }
            return null;
        }
        if (types.contains("integer")) {
            try {
                return numberFault(Long.parseLong(text));
            } catch (NumberFormatException e) {
                return "a whole number is expected";
            }
        }
        if (types.contains("boolean")) {
            return text.equals("true") || text.equals("false") ? null : "true or false is expected";
        }
        return textFault(text);
    }

    private void check(JsonNode value, String where, List<Fault> faults) {
        if (faults.size() >= MAX_FAULTS) {
            return;
        }
        if (!types.isEmpty() && !fits(value)) {
            faults.add(new Fault(where, String.join(" or ", types) + " is expected"));
            return;
        }
        String reason = null;
        if (value.isString()) {
            reason = textFault(value.stringValue());
        } else if (value.isIntegralNumber()) {
            reason = value.canConvertToLong() ? numberFault(value.longValue()) : "too large a number";
        } else if (value.isObject()) {
            checkObject(value, where, faults);
        } else if (value.isArray()) {
            checkArray(value, where, faults);
        }
        if (reason != null) {
            faults.add(new Fault(where, reason));
        }
    }

    private void checkObject(JsonNode value, String where, List<Fault> faults) {
        for (String name : required) {
            if (!value.has(name)) {
                faults.add(new Fault(where + "/" + name, "is missing"));
            }
        }
        for (var entry : value.properties()) {
            var at = where + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
            var schema = properties.get(entry.getKey());
            if (schema != null) {
                schema.check(entry.getValue(), at, faults);
            } else if (!open && faults.size() < MAX_FAULTS) {
                var near = Suggestion.among(entry.getKey(), properties.keySet().toArray(String[]::new));
                faults.add(new Fault(at.length() > 200 ? at.substring(0, 200) : at, "is not known" + near));
            }
        }
    }

    private void checkArray(JsonNode value, String where, List<Fault> faults) {
        var most = bounds.get("maxItems");
        if (most != null && value.size() > most) {
            faults.add(new Fault(where, "has more than " + most + " items"));
            return;
        }
        if (items != null) {
            for (int i = 0; i < value.size(); i++) {
                items.check(value.get(i), where + "/" + i, faults);
            }
        }
    }

    private boolean fits(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> types.contains("string");
            case BOOLEAN -> types.contains("boolean");
            case OBJECT -> types.contains("object");
            case ARRAY -> types.contains("array");
            case NULL -> types.contains("null");
            case NUMBER -> types.contains("number") || types.contains("integer") && value.isIntegralNumber();
            case BINARY, MISSING, POJO -> false;
        };
    }

    private @Nullable String numberFault(long number) {
        var least = bounds.get("minimum");
        var most = bounds.get("maximum");
        if (least != null && number < least) {
            return "is less than " + least;
        }
        return most != null && number > most ? "is more than " + most : null;
    }

    private @Nullable String textFault(String text) {
        var least = bounds.get("minLength");
        var most = bounds.get("maxLength");
        if (least != null && text.length() < least) {
            return "is shorter than " + least + " characters";
        }
        if (most != null && text.length() > most) {
            return "is longer than " + most + " characters";
        }
        if (!values.isEmpty() && !values.contains(text)) {
            var shown = text.length() > 64 ? "" : Suggestion.among(text, values.toArray(String[]::new));
            return "is none of " + String.join(", ", values) + shown;
        }
        if ("uuid".equals(format) && !UUID.matcher(text).matches()) {
            return "is not a UUID";
        }
        return "date-time".equals(format) && !isTime(text) ? "is not an RFC 3339 time" : null;
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
