package io.marsad.fleet.live;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host says to one query.
 *
 * @param status 0: it went well
 * @param wallMillis how long it took, null where the host does not say
 */
public record HostAnswer(
        UUID query,
        int status,
        String message,
        List<ObjectNode> rows,
        @Nullable Long wallMillis) {
    /** The most rows of a host that are kept. */
    static final int MOST_ROWS = 10_000;
    /** The most bytes of a host's rows that are kept. */
    static final int MOST_BYTES = 1 << 20;

    private static final int LONGEST_MESSAGE = 2_000;
    // PostgreSQL takes neither a zero nor half a surrogate pair: both are written as escapes.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    public HostAnswer {
        rows = List.copyOf(rows);
    }

    /** Rows as they are kept. */
    record Kept(String json, boolean truncated) {}

    /**
     * All that osquery writes at once: {@code queries} with rows, {@code statuses}, {@code messages} and {@code stats}, each by
     * the query's id. What is no id of ours is left out.
     */
    public static List<HostAnswer> read(JsonNode body) {
        var names = new TreeSet<String>();
        names.addAll(body.path("queries").propertyNames());
        names.addAll(body.path("statuses").propertyNames());
        var answers = new ArrayList<HostAnswer>();
        for (String name : names) {
            var id = id(name);
            if (id == null) {
                continue;
            }
            var rows = new ArrayList<ObjectNode>();
            for (var row : body.path("queries").path(name)) {
                if (row instanceof ObjectNode object) {
                    rows.add(object);
                }
            }
            long status = number(body.path("statuses").path(name), 0);
            var wall = number(body.path("stats").path(name).path("wall_time_ms"), -1);
            answers.add(new HostAnswer(
                    id,
                    Math.clamp(status, Integer.MIN_VALUE, Integer.MAX_VALUE),
                    printable(body.path("messages").path(name)),
                    rows,
                    wall < 0 ? null : wall));
        }
        return answers;
    }

    Kept kept() {
        var json = new StringBuilder("[");
        int count = 0;
        for (var row : rows) {
            var text = JSON.writeValueAsString(row);
            if (count == MOST_ROWS || json.length() + text.length() + 2 > MOST_BYTES) {
                return new Kept(json.append(']').toString(), true);
            }
            json.append(count++ == 0 ? "" : ",").append(text);
        }
        return new Kept(json.append(']').toString(), false);
    }

    private static @Nullable UUID id(String name) {
        try {
            return name.length() == 36 ? UUID.fromString(name) : null;
        } catch (IllegalArgumentException e) {
            return null; // a query of somebody else's
        }
    }

    /** Numbers may come as texts. */
    private static long number(JsonNode value, long fallback) {
        var text = value.isNumber() || value.isString() ? value.asString() : "";
        return text.length() <= 18 && text.matches("-?[0-9]+") ? Long.parseLong(text) : fallback;
    }

    private static String printable(JsonNode value) {
        return !value.isString()
                ? ""
                : value.stringValue()
                        .codePoints()
                        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                        .limit(LONGEST_MESSAGE)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
