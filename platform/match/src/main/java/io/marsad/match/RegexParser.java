package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import io.marsad.match.RegexShape.Choice;
import io.marsad.match.RegexShape.One;
import io.marsad.match.RegexShape.Repeat;
import io.marsad.match.RegexShape.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a regular expression into its {@link RegexShape}, by recursive descent. */
final class RegexParser {
    private static final int MAX_DEPTH = 100;
    final String pattern;
    int at;
    private int depth;
    boolean understood = true;
    /** Null when the shape may be wider than the expression. */
    private final @Nullable Set<Regex.Flag> exact;

    RegexParser(String pattern, @Nullable Set<Regex.Flag> exact) {
        this.pattern = pattern;
        this.exact = exact;
    }

    private boolean has(Regex.Flag flag) {
        return exact != null && exact.contains(flag);
    }

    /** Something that the shape leaves out or makes wider. */
    private RegexShape loosely(RegexShape shape) {
        understood &= exact == null;
        return shape;
    }

    private boolean is(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    RegexShape choice() {
        var branches = new ArrayList<RegexShape>();
        if (++depth > MAX_DEPTH) {
            understood = false;
        }
        do {
            branches.add(sequence());
        } while (understood && is('|') && ++at > 0);
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    private RegexShape sequence() {
        var parts = new ArrayList<RegexShape>();
        boolean ended = false;
        while (understood && at < pattern.length() && !is('|') && !is(')')) {
            var part = repeated(single());
            if (exact != null) {
                // Start and end are told of once: nothing stands before the one or after the other.
                understood &= !ended && (parts.isEmpty() || !RegexShape.has(part, RegexShape.BEGIN));
                ended = RegexShape.has(part, RegexShape.END);
            }
            parts.add(part);
        }
        return new Sequence(parts);
    }

    private RegexShape single() {
        char c = pattern.charAt(at);
        switch (c) {
            case '(' -> {
                return group();
            }
            case '[' -> {
                return characterClass();
            }
            case '.' -> {
                at++;
                return exact == null || has(Regex.Flag.DOTALL) ? RegexShape.ANY : new One(~(1L << '\n'), -1, true);
            }
            case '^', '$' -> {
                at++;
                return exact != null && c == '^' && !has(Regex.Flag.MULTILINE)
                        ? RegexShape.BEGIN
                        : loosely(new Sequence(List.of()));
            }
            case '{' -> {
                at++;
                return loosely(character('{'));
            }
            case '*', '+', '?' -> {
                understood = false;
                return RegexShape.ANY;
            }
            case '\\' -> {
                return escape();
            }
            default -> {
                int point = pattern.codePointAt(at);
                at += Character.charCount(point);
                return character(point);
            }
        }
    }

    private One character(int point) {
        if (exact != null) {
            understood &= point < 128;
            var builder = new Builder();
            builder.add(point);
            return builder.one(false);
        }
        int c = CaseFolding.fold(point);
        if (c >= 128) {
            return other();
        }
        return c < 64 ? new One(1L << c, 0, false) : new One(0, 1L << c, false);
    }

    /** A character that is not ASCII; two of them fold to ASCII ones. */
    private static One other() {
        return new One(0, 1L << 'k' | 1L << 's', true);
    }

    private RegexShape repeated(RegexShape of) {
        var shape = of;
        while (understood && at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            understood =
                    exact == null || !RegexShape.has(shape, RegexShape.BEGIN) && !RegexShape.has(shape, RegexShape.END);
            char c = pattern.charAt(at);
            if (c == '{') {
                int close = pattern.indexOf('}', at);
                var bounds = close < 0 ? "" : pattern.substring(at + 1, close);
                if (!bounds.matches("\\d{1,4}(,\\d{0,4})?")) {
                    understood = false;
                    return shape;
                }
                at = close + 1;
                var parts = bounds.split(",", -1);
                int min = Integer.parseInt(parts[0]);
                int max = parts.length == 1 ? min : parts[1].isEmpty() ? -1 : Integer.parseInt(parts[1]);
                understood &= max < 0 || min <= max;
                shape = new Repeat(shape, min, max);
            } else {
                at++;
                shape = new Repeat(shape, c == '+' ? 1 : 0, c == '?' ? 1 : -1);
            }
            if (is('?')) {
                at++; // lazy: the same texts
            }
        }
        return shape;
    }

    private RegexShape group() {
        at++;
        if (is('?')) {
            int end = at + 1;
            while (end < pattern.length() && ":)<".indexOf(pattern.charAt(end)) < 0) {
                end++;
            }
            if (end < pattern.length() && pattern.charAt(end) == '<') {
                end = pattern.indexOf('>', end);
            }
            if (end < 0 || end >= pattern.length() || "=!".indexOf(pattern.charAt(at + 1)) >= 0) {
                understood = false;
                return RegexShape.ANY;
            }
            at = end + 1;
            if (pattern.charAt(end) == ')') {
                // How often is said of what stands before the flags.
                understood &= at >= pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0;
                return loosely(new Sequence(List.of()));
            }
            if (pattern.charAt(end) == ':' && pattern.charAt(end - 1) != '?') {
                loosely(RegexShape.ANY); // flags for the group
            }
        }
        var inside = choice();
        if (is(')')) {
            at++;
        } else {
            understood = false;
        }
        return inside;
    }

    private RegexShape escape() {
        at++;
        if (at >= pattern.length()) {
            understood = false;
            return RegexShape.ANY;
        }
        char c = pattern.charAt(at++);
        if (exact != null && (c == 'z' || c == 'A')) {
            return c == 'z' ? RegexShape.END : RegexShape.BEGIN;
        }
        if ("bBAz".indexOf(c) >= 0) {
            return loosely(new Sequence(List.of()));
        }
        if ("dDwWsS".indexOf(c) >= 0) {
            return named(c);
        }
        int control = "tnrfv".indexOf(c);
        if (control >= 0) {
            return character("\t\n\r\f\u000b".charAt(control));
        }
        if (Character.isLetterOrDigit(c)) {
            understood = false;
            return RegexShape.ANY;
        }
        return character(c);
    }

    private One named(char name) {
        var builder = new Builder();
        for (int c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            boolean word = digit || c == '_' || Character.isLetter(c);
            boolean space = c == ' ' || c >= 9 && c <= 13 && (exact == null || c != 11);
            boolean in = switch (Character.toLowerCase(name)) {
                case 'd' -> digit;
                case 'w' -> word;
                default -> space;
            };
            if (in != Character.isUpperCase(name)) {
                builder.add(c);
            }
        }
        return builder.one(Character.isUpperCase(name));
    }

    /** Collects ASCII characters: folded, or as they are with their other case where that counts as the same. */
    private final class Builder {
        private long low;
        private long high;

        void add(int c) {
            if (exact == null) {
                set(CaseFolding.fold(c));
                return;
            }
            set(c);
            if (has(Regex.Flag.IGNORE_CASE) && Character.isLetter(c)) {
                set(c ^ 0x20);
            }
        }

        private void set(int f) {
            if (f < 64) {
                low |= 1L << f;
            } else {
                high |= 1L << f;
            }
        }

        One one(boolean other) {
            return new One(low, other && exact == null ? high | other().high() : high, other);
        }
    }

    /** Ranges of plain characters and the named classes; anything else in it makes it any character. */
    private RegexShape characterClass() {
        int close = at + 1;
        boolean not = pattern.startsWith("^", close);
        close += not ? 1 : 0;
        int first = close;
        close += pattern.startsWith("]", close) ? 1 : 0;
        boolean plain = true;
        while (close < pattern.length() && pattern.charAt(close) != ']') {
            char c = pattern.charAt(close);
            boolean escape = c == '\\' && close + 1 < pattern.length();
            // Exactly, it is only asked about ASCII values, and what is not ASCII may be one in another case.
            boolean wide = exact != null && !has(Regex.Flag.IGNORE_CASE);
            plain &= (c < 128 || wide) && c != '[' && (!escape || pattern.charAt(close + 1) < 128);
            close += escape ? 2 : 1;
        }
        if (close >= pattern.length() || pattern.substring(first, close).contains("[:")) {
            understood = false;
            return RegexShape.ANY;
        }
        var inside = pattern.substring(first, close);
        at = close + 1;
        var in = new boolean[128];
        boolean other = !plain || !members(inside, in);
        if (other) {
            return loosely(RegexShape.ANY);
        }
        if (has(Regex.Flag.IGNORE_CASE)) {
            for (int c = 'a'; c <= 'z'; c++) {
                in[c] |= in[c ^ 0x20];
                in[c ^ 0x20] = in[c];
            }
        }
        var builder = new Builder();
        for (int c = 0; c < 128; c++) {
            if (in[c] != not) {
                builder.add(c);
            }
        }
        return builder.one(not);
    }

    /** False when there is something that is not understood. */
    private boolean members(String inside, boolean[] in) {
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c == '\\') {
                if (++i >= inside.length()) {
                    return false;
                }
                c = inside.charAt(i);
                if ("dws".indexOf(c) >= 0) {
                    for (int x = 0; x < 128; x++) {
                        in[x] |= has(namedExactly(c), x);
                    }
                    continue;
                }
                if (Character.isLetterOrDigit(c)) {
                    return false;
                }
            }
            char to = c;
            if (i + 2 < inside.length() && inside.charAt(i + 1) == '-') {
                to = inside.charAt(i + 2);
                if (to == '\\' || to < c || exact != null && to >= 128) {
                    return false;
                }
                i += 2;
            }
            for (int x = c; x <= to && x < 128; x++) {
                in[x] = true;
            }
        }
        return true;
    }

    private String namedExactly(char name) {
        return switch (name) {
            case 'd' -> "0123456789";
            case 'w' -> "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
            default -> exact == null ? " \t\n\r\f\u000b" : " \t\n\r\f";
        };
    }

    private static boolean has(String characters, int c) {
        return characters.indexOf(c) >= 0;
    }
}
