package io.marsad.connect.manifest;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that somebody gives: a parameter of an operation, or a field of a connector's settings.
 *
 * @param list of such values
 * @param fallback when nobody gives one
 * @param least of a number; of a text, its characters; of a list, its values
 * @param sensitive not shown in dry runs
 */
public record Input(
        String name,
        ValueType type,
        boolean list,
        boolean required,
        @Nullable JsonNode fallback,
        long least,
        long most,
        @Nullable Pattern pattern,
        List<String> allowed,
        String description,
        boolean sensitive) {
    private static final int MOST_TEXT = 20_000;
    private static final int MOST_LIST = 500;
    private static final int MOST_JSON = 100_000;

    /** What is wrong with a value, in words; null when nothing is. */
    public @Nullable String fault(JsonNode value) {
        if (!list) {
            return one(value, least, most);
        }
        if (!value.isArray()) {
            return "'" + name + "' is not a list";
        }
        if (value.size() < Math.max(0, least) || value.size() > Math.min(most, MOST_LIST)) {
            return "'" + name + "' has " + value.size() + " values";
        }
        for (JsonNode item : value) {
            var fault = one(item, Long.MIN_VALUE, Long.MAX_VALUE);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String one(JsonNode value, long from, long to) {
        var fault = type.fault(value);
        if (fault != null) {
            return "'" + name + "' " + fault;
        }
        if (type == ValueType.JSON) {
            return value.toString().length() > MOST_JSON ? "'" + name + "' is too large" : null;
        }
        if (type == ValueType.INTEGER) {
            return value.longValue() < from || value.longValue() > to ? "'" + name + "' is out of its bounds" : null;
        }
        var text = value.asString();
        if (text.length() > Math.min(to, MOST_TEXT) || text.length() < from) {
            return "'" + name + "' has " + text.length() + " characters";
        }
        if (pattern != null && !pattern.matches(text)) {
            return "'" + name + "' does not look like " + pattern.pattern();
        }
        return allowed.isEmpty() || allowed.contains(text) ? null : "'" + name + "' is none of " + allowed;
    }

    /**
     * The values with the fallbacks of those that are not there.
     *
     * @param faults gets what is wrong with them
     */
    public static ObjectNode complete(Map<String, Input> inputs, ObjectNode given, List<String> faults) {
        var all = JsonNodeFactory.instance.objectNode();
        for (String name : given.propertyNames()) {
            if (!inputs.containsKey(name)) {
                faults.add("there is no '" + name + "'; there are " + new ArrayList<>(inputs.keySet()));
            }
        }
        for (Input input : inputs.values()) {
            var value = given.get(input.name);
            if (value == null || value.isNull()) {
                value = input.fallback;
            }
            if (value == null) {
                if (input.required) {
                    faults.add("'" + input.name + "' is missing");
                }
                continue;
            }
            var fault = input.fault(value);
            if (fault != null) {
                faults.add(fault);
            }
            all.set(input.name, value);
        }
        return all;
    }
}
