package io.marsad.normalize.format;

import io.marsad.normalize.format.XmlElement.XmlValue;
import java.util.Arrays;

/** Writes an event's XML as the JSON that {@link WindowsEvent} reads. */
final class EventJson {
    private byte[] out = new byte[16 << 10];
    private int used;

    byte[] bytes() {
        return out;
    }

    int length() {
        return used;
    }

    /** Replaces what was written before. */
    void write(XmlElement event) {
        used = 0;
        raw("{\"Event\":{");
        boolean first = true;
        for (var part : event.children) {
            if (!first) {
                put(',');
            }
            first = false;
            key(part.name);
            if (part.name.equals("EventData")) {
                eventData(part);
            } else {
                element(part, part.name.equals("System"));
            }
        }
        raw("}}");
    }

    private void eventData(XmlElement data) {
        put('{');
        boolean first = attributes(data, true);
        boolean unnamed = false;
        for (var child : data.children) {
            if (!child.name.equals("Data")) {
                first = comma(first);
                key(child.name);
                element(child, false);
                continue;
            }
            var name = child.attribute("Name");
            if (!name.isEmpty()) {
                first = comma(first);
                key(name);
                text(child);
            } else if (!unnamed) {
                unnamed = true;
                first = comma(first);
                unnamed(data);
            }
        }
        if (!data.text.isEmpty() && data.value().kind() != XmlValue.Kind.NULL) {
            comma(first);
            key("#text");
            text(data);
        }
        put('}');
    }

    private void unnamed(XmlElement data) {
        key("Data");
        put('[');
        boolean first = true;
        for (var child : data.children) {
            if (child.name.equals("Data") && child.attribute("Name").isEmpty()) {
                if (child.array) {
                    for (var value : child.text) {
                        first = comma(first);
                        value(value);
                    }
                } else {
                    first = comma(first);
                    value(child.value());
                }
            }
        }
        put(']');
    }

    /** @param system parts of System that say nothing are left out */
    private void element(XmlElement element, boolean system) {
        if (element.children.isEmpty() && element.attributes.isEmpty()) {
            text(element);
            return;
        }
        put('{');
        boolean first = attributes(element, true);
        for (var child : element.children) {
            boolean empty = child.attributes.isEmpty()
                    && child.children.isEmpty()
                    && child.value().kind() == XmlValue.Kind.NULL;
            if (!system || !empty) {
                first = comma(first);
                key(child.name);
                element(child, false);
            }
        }
        if (!element.text.isEmpty() && (!first || element.value().kind() != XmlValue.Kind.NULL)) {
            comma(first);
            key("#text");
            text(element);
        }
        put('}');
    }

    private boolean attributes(XmlElement element, boolean first) {
        if (element.attributes.isEmpty()) {
            return first;
        }
        key("#attributes");
        put('{');
        boolean none = true;
        for (int i = 0; i < element.attributes.size(); i++) {
            none = comma(none);
            key(element.attributeNames.get(i));
            value(element.attributes.get(i));
        }
        put('}');
        return false;
    }

    private void text(XmlElement element) {
        if (!element.array) {
            value(element.value());
            return;
        }
        put('[');
        boolean first = true;
        for (var value : element.text) {
            first = comma(first);
            value(value);
        }
        put(']');
    }

    private boolean comma(boolean first) {
        if (!first) {
            put(',');
        }
        return false;
    }

    private void key(String name) {
        string(name);
        put(':');
    }

    private void value(XmlValue value) {
        switch (value.kind()) {
            case TEXT -> string(value.text());
            case LITERAL -> raw(value.text());
            case NULL -> raw("null");
        }
    }

    private void raw(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            put(ascii.charAt(i));
        }
    }

    private void put(char ascii) {
        if (used == out.length) {
            out = Arrays.copyOf(out, used * 2);
        }
        out[used++] = (byte) ascii;
    }

    private void string(String text) {
        // At most six bytes a character, when all are control characters.
        int most = text.length() * 6 + 2;
        if (most > out.length - used) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, used + most));
        }
        out[used++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out[used++] = '\\';
                out[used++] = (byte) c;
            } else if (c >= ' ' && c < 0x80) {
                out[used++] = (byte) c;
            } else if (c < ' ') {
                control(c);
            } else {
                int code = text.codePointAt(i);
                i += code > 0xFFFF ? 1 : 0;
                used = Utf8.put(code, out, used);
            }
        }
        out[used++] = '"';
    }

    private void control(char c) {
        out[used++] = '\\';
        switch (c) {
            case '\n' -> out[used++] = 'n';
            case '\r' -> out[used++] = 'r';
            case '\t' -> out[used++] = 't';
            default -> {
                out[used++] = 'u';
                out[used++] = '0';
                out[used++] = '0';
                out[used++] = (byte) (c < 16 ? '0' : '1');
                out[used++] = (byte) "0123456789abcdef".charAt(c & 15);
            }
        }
    }
}
