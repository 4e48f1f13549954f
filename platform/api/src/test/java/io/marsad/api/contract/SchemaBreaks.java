package io.marsad.api.contract;

import static io.marsad.api.contract.Document.list;
import static io.marsad.api.contract.Document.map;
import static io.marsad.api.contract.Document.text;
import static io.marsad.api.contract.Document.texts;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What in a new schema breaks those who send by the old one, or who read by it. */
final class SchemaBreaks {
    /** Bounds that a larger value makes narrower, and those that a smaller one does. */
    private static final List<String> LOWER = List.of("minimum", "minLength", "minItems", "minProperties");

    private static final List<String> UPPER = List.of("maximum", "maxLength", "maxItems", "maxProperties");

    /** Which way a value goes. */
    enum Way {
        SENT,
        READ
    }

    private final Document before;
    private final Document after;
    private final Set<String> seen = new HashSet<>();
    private final List<String> breaks;

    /** @param breaks takes a line each */
    SchemaBreaks(Document before, Document after, List<String> breaks) {
        this.before = before;
        this.after = after;
        this.breaks = breaks;
    }

    void compare(String where, Way way, @Nullable Object old, @Nullable Object now) {
        var references = map(old).get("$ref") + " " + map(now).get("$ref");
        if (map(old).containsKey("$ref") && !seen.add(way + " " + references)) {
            return; // told where it was met first
        }
        var was = whole(before, old);
        var is = whole(after, now);
        types(where, way, texts(was.get("type")), texts(is.get("type")));
        words(where, way, was, is);
        if (!text(was, "format", "").equals(text(is, "format", ""))) {
            tell(where, "has another format");
        }
        if (way == Way.SENT) {
            bounds(where, was, is);
        }
        properties(where, way, was, is);
        if (was.containsKey("items") && is.containsKey("items")) {
            compare(where + "[]", way, was.get("items"), is.get("items"));
        }
        others(where, way, was.get("additionalProperties"), is.get("additionalProperties"));
        for (var kind : List.of("oneOf", "anyOf")) {
            alternatives(where, way, list(was.get(kind)), list(is.get(kind)));
        }
    }

    private void tell(String where, String what) {
        breaks.add(where + ": " + what);
    }

    /** With the parts of its allOf in it. */
    private static Map<String, Object> whole(Document document, @Nullable Object schema) {
        var one = document.at(schema);
        if (!one.containsKey("allOf")) {
            return one;
        }
        var all = new LinkedHashMap<>(one);
        all.remove("allOf");
        var properties = new LinkedHashMap<String, Object>(map(one.get("properties")));
        var required = new LinkedHashSet<String>(texts(one.get("required")));
        for (var part : list(one.get("allOf"))) {
            var more = whole(document, part);
            properties.putAll(map(more.get("properties")));
            required.addAll(texts(more.get("required")));
            more.forEach(all::putIfAbsent);
        }
        all.put("properties", properties);
        all.put("required", List.copyOf(required));
        return all;
    }

    private void types(String where, Way way, Set<String> was, Set<String> is) {
        if (was.equals(is) || was.isEmpty() && way == Way.READ && is.isEmpty()) {
            return;
        }
        var wide = way == Way.SENT ? is : was;
        var narrow = way == Way.SENT ? was : is;
        boolean fits = wide.isEmpty()
                || !narrow.isEmpty()
                        && narrow.stream()
                                .allMatch(type ->
                                        wide.contains(type) || type.equals("integer") && wide.contains("number"));
        if (!fits) {
            tell(where, "was " + shown(was) + " and is " + shown(is));
        }
    }

    private static String shown(Set<String> types) {
        return types.isEmpty() ? "anything" : String.join(" or ", types);
    }

    /** Words may be added where they are read: clients take one that they do not know as it is. */
    private void words(String where, Way way, Map<String, Object> was, Map<String, Object> is) {
        var old = was.containsKey("const") ? texts(was.get("const")) : texts(was.get("enum"));
        var now = is.containsKey("const") ? texts(is.get("const")) : texts(is.get("enum"));
        if (!now.isEmpty() && old.isEmpty() && way == Way.SENT) {
            tell(where, "takes certain values only");
        }
        for (var word : old) {
            if (!now.isEmpty() && !now.contains(word)) {
                tell(where, "the value '" + word + "' is gone");
            }
        }
    }

    private void bounds(String where, Map<String, Object> was, Map<String, Object> is) {
        for (var bound : LOWER) {
            if (number(is, bound, Double.NEGATIVE_INFINITY) > number(was, bound, Double.NEGATIVE_INFINITY)) {
                tell(where, bound + " is narrower");
            }
        }
        for (var bound : UPPER) {
            if (number(is, bound, Double.POSITIVE_INFINITY) < number(was, bound, Double.POSITIVE_INFINITY)) {
                tell(where, bound + " is narrower");
            }
        }
        if (is.containsKey("pattern") && !text(is, "pattern", "").equals(text(was, "pattern", ""))) {
            tell(where, "has another pattern");
        }
        if (!text(was, "default", "").equals(text(is, "default", ""))) {
            tell(where, "has another default");
        }
    }

    private static double number(Map<String, Object> schema, String name, double otherwise) {
        return schema.get(name) instanceof String text ? Double.parseDouble(text) : otherwise;
    }

    private void properties(String where, Way way, Map<String, Object> was, Map<String, Object> is) {
        var old = map(was.get("properties"));
        var now = map(is.get("properties"));
        var wasRequired = texts(was.get("required"));
        var isRequired = texts(is.get("required"));
        old.forEach((name, schema) -> {
            var place = where + "." + name;
            if (!now.containsKey(name)) {
                tell(place, "is gone");
                return;
            }
            if (way == Way.READ && wasRequired.contains(name) && !isRequired.contains(name)) {
                tell(place, "is not always there any more");
            }
            compare(place, way, schema, now.get(name));
        });
        if (way == Way.SENT) {
            for (var name : isRequired) {
                if (!wasRequired.contains(name)) {
                    tell(where + "." + name, "is required");
                }
            }
        }
    }

    private void others(String where, Way way, @Nullable Object was, @Nullable Object is) {
        if (way == Way.SENT && "false".equals(is) && !"false".equals(was)) {
            tell(where, "takes no other properties any more");
        } else if (was instanceof Map<?, ?> && is instanceof Map<?, ?>) {
            compare(where + ".*", way, was, is);
        } else if (was instanceof Map<?, ?> && way == Way.READ) {
            tell(where, "its other properties may be anything");
        } else if (is instanceof Map<?, ?> && way == Way.SENT) {
            tell(where, "its other properties may not be anything any more");
        }
    }

    /** One by one in their order: who moves them says that something changed. */
    private void alternatives(String where, Way way, List<?> was, List<?> is) {
        if (way == Way.SENT && is.size() < was.size() && !is.isEmpty()
                || way == Way.READ && is.size() > was.size() && !was.isEmpty()
                || way == Way.SENT && was.isEmpty() && !is.isEmpty()
                || way == Way.READ && !was.isEmpty() && is.isEmpty()) {
            tell(where, "has other alternatives");
            return;
        }
        for (int i = 0; i < Math.min(was.size(), is.size()); i++) {
            compare(where + "(" + i + ")", way, was.get(i), is.get(i));
        }
    }
}
