package io.marsad.agent.collect;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes records. Thread-safe. */
public final class Found {
    private Found() {}

    /** @param time milliseconds since 1970, UTC */
    public static ObjectNode of(String source, String activity, long time) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("source", source)
                .put("activity", activity)
                .put("time", time);
    }

    /** Nothing where there is no value. */
    public static void put(ObjectNode to, String name, @Nullable String value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    /** At most so many characters. */
    public static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit);
    }

    /** The number that a text is in base 10 or 16, or -1 when it is none or below zero. */
    public static long number(String text, int radix) {
        try {
            return Math.max(-1, Long.parseLong(text, radix));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
