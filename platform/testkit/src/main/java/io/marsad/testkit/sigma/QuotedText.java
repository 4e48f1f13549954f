package io.marsad.testkit.sigma;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Writes values as YAML, in all of its quoting styles, and as JSON. */
final class QuotedText {
    /**
     * A number as it is written.
     *
     * @param text its digits
     */
    record Number(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final String PLAIN = "[A-Za-z][A-Za-z0-9_./\\\\*+=-]*( [A-Za-z0-9_./\\\\*+=-]+)*";
    private static final String WORDS = "(?i)true|false|null|y|n|yes|no|on|off|nan|inf";

    private QuotedText() {}

    /** A scalar that stands after a key or a dash. */
    static String yaml(@Nullable Object value, SplittableRandom random, boolean flow) {
        if (value == null) {
            return random.nextBoolean() ? "null" : "~";
        }
        if (!(value instanceof String text)) {
            return value.toString();
        }
        boolean lines = text.chars()
                .anyMatch(c -> c < ' ' || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x2028 || c == 0xFEFF);
        int style = random.nextInt(10);
        if (style < 2 && text.matches(PLAIN) && !text.matches(WORDS)) {
            return text;
        }
        if (style < 7 && !lines) {
            return "'" + text.replace("'", "''") + "'";
        }
        boolean block = !flow && !lines && !text.isEmpty() && !text.startsWith(" ") && !text.endsWith(" ");
        if (style == 7 && block) {
            return (random.nextBoolean() ? "|-" : ">-") + "\n          " + text;
        }
        return "\"" + escaped(text, random) + "\"";
    }

    private static String escaped(String text, SplittableRandom random) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c > 0x7E && random.nextInt(3) == 0) {
                        out.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    /** JSON of maps, lists, texts, {@link Number}s, booleans and nulls. */
    static String json(@Nullable Object value) {
        var out = new StringBuilder();
        json(value, out);
        return out.toString();
    }

    private static void json(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                var comma = "{";
                for (var entry : map.entrySet()) {
                    out.append(comma);
                    json(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    json(entry.getValue(), out);
                    comma = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> list -> {
                var comma = "[";
                for (Object element : list) {
                    out.append(comma);
                    json(element, out);
                    comma = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String text -> {
                out.append('"');
                text.chars().forEach(c -> {
                    if (c == '"' || c == '\\') {
                        out.append('\\').append((char) c);
                    } else if (c < ' ' || c == 0xE4) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        out.append((char) c);
                    }
                });
                out.append('"');
            }
            case null -> out.append("null");
            default -> out.append(value);
        }
    }
}
