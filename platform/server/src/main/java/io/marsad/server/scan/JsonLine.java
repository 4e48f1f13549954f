package io.marsad.server.scan;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Builds one JSON object; ASCII aside, characters stand as they are. Reused. */
public final class JsonLine {
    private final StringBuilder out = new StringBuilder(1024);

    /** Forgets the object before. */
    public void begin() {
        out.setLength(0);
        out.append('{');
    }

    /** The object; no line end. */
    public CharSequence end() {
        return out.append('}');
    }

    public void text(String key, @Nullable String value) {
        key(key);
        if (value == null) {
            out.append("null");
        } else {
            quote(value);
        }
    }

    public void number(String key, long value) {
        key(key);
        out.append(value);
    }

    public void flag(String key, boolean value) {
        key(key);
        out.append(value);
    }

    public void texts(String key, List<String> values) {
        key(key);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",");
            quote(values.get(i));
        }
        out.append(']');
    }

    public <T> void objects(String key, Iterable<T> values, BiConsumer<T, JsonLine> each) {
        key(key);
        out.append('[');
        boolean first = true;
        for (T value : values) {
            out.append(first ? "{" : ",{");
            first = false;
            each.accept(value, this);
            out.append('}');
        }
        out.append(']');
    }

    private void key(String key) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        quote(key);
        out.append(':');
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F || c == '\u2028' || c == '\u2029' || lone(text, i)) {
                        out.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            out.append(Character.forDigit(c >> shift & 15, 16));
                        }
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Half a character: would be lost in UTF-8. */
    private static boolean lone(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
