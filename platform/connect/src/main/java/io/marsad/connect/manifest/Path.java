package io.marsad.connect.manifest;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Where in an answer something stands: {@code data.0.id}; {@code *} is each value of a list. */
public record Path(List<String> parts) {
    private static final int MOST = 10_000;

    public static Path of(String text) {
        return new Path(List.of(text.split("\\.", -1)));
    }

    /** All that stands there. */
    public List<JsonNode> in(JsonNode tree) {
        var found = List.of(tree);
        for (String part : parts) {
            var next = new ArrayList<JsonNode>();
            for (JsonNode node : found) {
                step(node, part, next);
            }
            found = next;
        }
        return found;
    }

    private static void step(JsonNode node, String part, List<JsonNode> next) {
        if (part.equals("*")) {
            // Of XML one element and many look different: one counts as a list of one.
            (node.isArray() ? node : List.of(node)).forEach(item -> {
                if (next.size() < MOST) {
                    next.add(item);
                }
            });
            return;
        }
        var child = node.isArray() && number(part) ? node.get(Integer.parseInt(part)) : node.get(part);
        if (child == null && part.equals("0") && !node.isArray()) {
            child = node; // as with *
        }
        if (child != null && !child.isNull()) {
            next.add(child);
        }
    }

    private static boolean number(String part) {
        return !part.isEmpty() && part.length() < 6 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
