package io.marsad.sigma.proof;

import io.marsad.kernel.content.YamlNode;

/** Writes JSON. */
final class JsonText {
    private JsonText() {}

    /** A YAML node as JSON: numbers and booleans as they are written, where JSON has them so. */
    static String of(YamlNode node) {
        var out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(YamlNode node, StringBuilder out) {
        switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar, out);
            case YamlNode.Sequence sequence -> {
                out.append('[');
                for (YamlNode item : sequence.items()) {
                    separate(out, '[');
                    write(item, out);
                }
                out.append(']');
            }
            case YamlNode.Mapping mapping -> {
                out.append('{');
                for (YamlNode.Entry entry : mapping.entries()) {
                    separate(out, '{');
                    quote(entry.key(), out);
                    out.append(':');
                    write(entry.value(), out);
                }
                out.append('}');
            }
        }
    }

    private static void separate(StringBuilder out, char opened) {
        if (out.charAt(out.length() - 1) != opened) {
            out.append(',');
        }
    }

    private static void scalar(YamlNode.Scalar scalar, StringBuilder out) {
        var text = scalar.text();
        switch (scalar.kind()) {
            case NULL -> out.append("null");
            case BOOL -> out.append(Boolean.parseBoolean(text));
            case INTEGER, DECIMAL -> {
                if (text.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
                    out.append(text);
                } else {
                    quote(text, out);
                }
            }
            case TEXT -> quote(text, out);
        }
    }

    static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
