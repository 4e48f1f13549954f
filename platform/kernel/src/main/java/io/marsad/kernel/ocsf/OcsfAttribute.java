package io.marsad.kernel.ocsf;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the schema says of one attribute.
 *
 * @param type a basic type ({@code string_t}, {@code port_t}, …) or an object's name
 * @param captions of an enumeration's values, by the value as text; empty when it is none
 * @param sibling the attribute beside an enumeration that holds the caption
 * @param observable the type id of the observable that a value is, or 0
 * @param profile the profile that brings the attribute, or null
 */
public record OcsfAttribute(
        String type,
        boolean array,
        Requirement requirement,
        Map<String, String> captions,
        @Nullable String sibling,
        int observable,
        @Nullable String profile) {
    public OcsfAttribute {
        captions = Map.copyOf(captions);
    }

    /** How much the schema wants an attribute. */
    public enum Requirement {
        REQUIRED,
        RECOMMENDED,
        OPTIONAL
    }

    /** Required whatever profiles are in use. */
    public boolean required() {
        return requirement == Requirement.REQUIRED && profile == null;
    }

    /** A single value and not an object of the schema. */
    public boolean basic() {
        return type.endsWith("_t");
    }

    /** What a value is in JSON. */
    public Json json() {
        return switch (type) {
            case "integer_t", "long_t", "port_t", "timestamp_t" -> Json.WHOLE;
            case "float_t" -> Json.NUMBER;
            case "boolean_t" -> Json.BOOL;
            case "json_t" -> Json.ANY;
            default -> basic() ? Json.TEXT : Json.OBJECT;
        };
    }

    /** Kinds of values in JSON. */
    public enum Json {
        TEXT,
        WHOLE,
        NUMBER,
        BOOL,
        ANY,
        OBJECT
    }
}
