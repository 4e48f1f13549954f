package io.marsad.store.query.run;

import io.marsad.match.Decimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What values mean as numbers, text and truth, and how they compare. Total: what has no meaning is null or false. */
final class Values {
    /** The longest text that is computed, in UTF-16 units; what is longer is cut. */
    static final int LONGEST = 65_536;

    /** The most items of a computed list. */
    static final int MOST_ITEMS = 1_000;

    private Values() {}

    /** The first item of a list, or the value. */
    static @Nullable Object scalar(@Nullable Object value) {
        return value instanceof List<?> list ? (list.isEmpty() ? null : list.getFirst()) : value;
    }

    /** The items of a list, or the value alone. */
    static List<?> items(@Nullable Object value) {
        return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
    }

    /** As text, or null. */
    static @Nullable String text(@Nullable Object value) {
        return switch (scalar(value)) {
            case null -> null;
            case String text -> text;
            case Double number -> written(number);
            case Object other -> other.toString();
        };
    }

    static String written(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    /** As a number, or NaN. */
    static double number(@Nullable Object value) {
        return switch (scalar(value)) {
            case Double number -> number;
            case Long number -> number;
            case String text -> decimal(text);
            case null, default -> Double.NaN;
        };
    }

    private static double decimal(String text) {
        if (text.isEmpty() || text.length() > 64 || text.charAt(0) > '9') {
            return Double.NaN;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return Decimal.parse(bytes, 0, bytes.length);
    }

    /** A finite number, or null. */
    static @Nullable Object finite(double number) {
        return Double.isFinite(number) ? (Object) (number + 0.0) : null;
    }

    static boolean truth(@Nullable Object value) {
        return switch (scalar(value)) {
            case Boolean truth -> truth;
            case String text -> text.equalsIgnoreCase("true");
            case null, default -> false;
        };
    }

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end);
    }

    /** Without regard to case. */
    static String fold(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            plain = text.charAt(i) < 'A' || text.charAt(i) > 'Z' && text.charAt(i) < 128;
        }
        if (plain) {
            return text;
        }
        var folded = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** Two values that are not null: as numbers where both read as ones, else as text. */
    static boolean equal(Object a, Object b, boolean cased) {
        double left = number(a);
        double right = number(b);
        if (!Double.isNaN(left) && !Double.isNaN(right)) {
            return left == right;
        }
        var first = text(a);
        var second = text(b);
        return first != null
                && second != null
                && (cased ? first.equals(second) : fold(first).equals(fold(second)));
    }

    /** Order of two values that are not null: numbers before text, text without regard to case first. */
    static int compare(Object a, Object b) {
        double left = number(a);
        double right = number(b);
        if (!Double.isNaN(left) || !Double.isNaN(right)) {
            return Double.compare(left, right); // NaN, which is text, comes last
        }
        var first = String.valueOf(text(a));
        var second = String.valueOf(text(b));
        int c = bytes(fold(first), fold(second));
        return c != 0 ? c : bytes(first, second);
    }

    /** The order of the UTF-8 bytes, which is that of code points. */
    static int bytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** In bytes, roughly. */
    static long weight(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case String text -> 48L + text.length();
            case List<?> list -> {
                long sum = 40;
                for (var item : list) {
                    sum += 8 + weight(item);
                }
                yield sum;
            }
            case Object other -> 24;
        };
    }
}
