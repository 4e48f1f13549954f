package io.marsad.wire;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import tools.jackson.databind.JsonNode;

/**
 * JSON in its one canonical form (RFC 8785, JCS): names in the order of their UTF-16 code units, no spaces, numbers as
 * ECMAScript writes them.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    public static String write(JsonNode node) {
        var text = new StringBuilder();
        write(node, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder to) {
        if (node.isObject()) {
            var names = new ArrayList<>(node.propertyNames());
            names.sort(Comparator.naturalOrder()); // String compares by UTF-16 code units
            char before = '{';
            for (var name : names) {
                to.append(before);
                text(name, to);
                to.append(':');
                write(node.get(name), to);
                before = ',';
            }
            to.append(names.isEmpty() ? "{}" : "}");
        } else if (node.isArray()) {
            char before = '[';
            for (var item : node) {
                to.append(before);
                write(item, to);
                before = ',';
            }
            to.append(node.isEmpty() ? "[]" : "]");
        } else if (node.isString()) {
            text(node.stringValue(), to);
        } else if (node.isNumber()) {
            to.append(number(node.doubleValue()));
        } else {
            to.append(node.isNull() ? "null" : node.booleanValue() ? "true" : "false");
        }
    }

    private static void text(String value, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\b' -> to.append("\\b");
                case '\f' -> to.append("\\f");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    if (c < ' ') {
                        to.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
                    } else {
                        to.append(c);
                    }
                }
            }
        }
        to.append('"');
    }

    /** Java writes two digits at least, also where one names the number: of the smallest ones that makes a difference. */
    private static BigDecimal shortest(double value) {
        var two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var one = two.round(new MathContext(1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return one.doubleValue() == value ? one : two;
    }

    /** Number::toString of ECMAScript: the digits of Java's shortest form, written by other rules. */
    static String number(double value) {
        if (value == 0) {
            return "0"; // of minus zero too
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("JSON has no such number");
        }
        var decimal = shortest(Math.abs(value));
        var digits = decimal.unscaledValue().toString();
        int count = digits.length();
        int point = count - decimal.scale(); // where the decimal point stands, from the first digit
        var text = new StringBuilder(value < 0 ? "-" : "");
        if (count <= point && point <= 21) {
            text.append(digits).repeat("0", point - count);
        } else if (0 < point && point <= 21) {
            text.append(digits, 0, point).append('.').append(digits, point, count);
        } else if (-6 < point && point <= 0) {
            text.append("0.").repeat("0", -point).append(digits);
        } else {
            text.append(digits.charAt(0));
            if (count > 1) {
                text.append('.').append(digits, 1, count);
            }
            text.append('e').append(point - 1 < 0 ? "-" : "+").append(Math.abs(point - 1));
        }
        return text.toString();
    }
}
