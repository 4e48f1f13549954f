package io.marsad.normalize.format;

import java.util.ArrayList;
import java.util.List;

/** An element of an event's XML while it is read. */
final class XmlElement {
    final String name;
    final List<String> attributeNames = new ArrayList<>(2);
    final List<XmlValue> attributes = new ArrayList<>(2);
    final List<XmlElement> children = new ArrayList<>();
    final List<XmlValue> text = new ArrayList<>(1);
    /** The text is an array: several values and not parts of one. */
    boolean array;

    XmlElement(String name) {
        this.name = name;
    }

    /** The attribute's text; empty when there is none. */
    String attribute(String wanted) {
        int at = attributeNames.indexOf(wanted);
        return at < 0 ? "" : attributes.get(at).text();
    }

    /** The text as one value. */
    XmlValue value() {
        return XmlValue.join(text);
    }

    /** A typed value. */
    record XmlValue(Kind kind, String text) {
        static final XmlValue NULL = new XmlValue(Kind.NULL, "");

        /** What JSON makes of it. */
        enum Kind {
            TEXT,
            /** Stands in JSON as it is: a number or a boolean. */
            LITERAL,
            NULL
        }

        static XmlValue of(String text) {
            return new XmlValue(Kind.TEXT, text);
        }

        static XmlValue literal(String text) {
            return new XmlValue(Kind.LITERAL, text);
        }

        static XmlValue join(List<XmlValue> parts) {
            if (parts.size() == 1) {
                return parts.getFirst();
            }
            if (parts.isEmpty()) {
                return NULL;
            }
            var all = new StringBuilder();
            parts.forEach(part -> all.append(part.text()));
            return of(all.toString());
        }
    }
}
