package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import io.marsad.match.RegexShape.Choice;
import io.marsad.match.RegexShape.One;
import io.marsad.match.RegexShape.Place;
import io.marsad.match.RegexShape.Repeat;
import io.marsad.match.RegexShape.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a regular expression into its {@link RegexShape}, by recursive descent. */
final class RegexParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NAMED = 40;
    private static final Place[] PLACES = {Place.BEGIN, Place.END, Place.WORD_EDGE, Place.NO_WORD_EDGE};

    private static final String CONTROL_NAMES = "tnrfv";
    private static final String CONTROLS = "\t\n\r\f\u000b";

    private final List<Integer> named = new ArrayList<>();
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
        while (understood && at < pattern.length() && !is('|') && !is(')')) {
            parts.add(repeated(single()));
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
                return exact == null || has(Regex.Flag.DOTALL) ? RegexShape.ANY : new One(~(1L << '\n'), -1, -1);
            }
            case '^', '$' -> {
                at++;
                boolean lines = has(Regex.Flag.MULTILINE);
                return c == '^'
                        ? place(lines ? Place.LINE_BEGIN : Place.BEGIN)
                        : place(lines ? Place.LINE_END : Place.END);
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

    private RegexShape place(Place place) {
        return exact == null ? new Sequence(List.of()) : place;
    }

    private One character(int point) {
        if (exact != null) {
            var builder = new Builder();
            builder.add(point);
            return builder.one();
        }
        int c = CaseFolding.fold(point);
        if (c >= 128) {
            return new One(0, 1L << 'k' | 1L << 's', -1); // two of them fold to ASCII ones
        }
        return c < 64 ? new One(1L << c, 0, 0) : new One(0, 1L << c, 0);
    }

    /** The bit of {@link One#others} for a character that is not ASCII and that the expression names. */
    private long bit(int point) {
        boolean cased = Character.toLowerCase(point) != point || Character.toUpperCase(point) != point;
        understood &= !has(Regex.Flag.IGNORE_CASE) || !cased && Character.getType(point) != Character.UNASSIGNED;
        if (point == RegexShape.KELVIN || point == RegexShape.LONG_S) {
            return point == RegexShape.KELVIN ? 2 : 4;
        }
        int at = named.indexOf(point);
        if (at < 0) {
            at = named.size();
            named.add(point);
        }
        understood &= at < MAX_NAMED;
        return 8L << at;
    }

    /** The characters that are not ASCII and that the expression names. */
    int[] named() {
        return named.stream().mapToInt(Integer::intValue).toArray();
    }

    private RegexShape repeated(RegexShape of) {
        var shape = of;
        while (understood && at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            char c = pattern.charAt(at);
            if (c == '{') {
                int close = pattern.indexOf('}', at);
                var bounds = close < 0 ? "" : pattern.substring(at + 1, close);
                if (!bounds.matches("(0|[1-9]\\d{0,3})(,(0|[1-9]\\d{0,3})?)?")) {
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
        int place = "AzbB".indexOf(c);
        if (place >= 0) {
            return place(PLACES[place]);
        }
        if ("dDwWsS".indexOf(c) >= 0) {
            return named(c);
        }
        int control = CONTROL_NAMES.indexOf(c);
        if (control >= 0) {
            return character(CONTROLS.charAt(control));
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
            boolean space = c == ' ' || c >= 9 && c <= 13 && c != 11;
            boolean in = switch (Character.toLowerCase(name)) {
                case 'd' -> digit;
                case 'w' -> word;
                default -> space;
            };
            if (in != Character.isUpperCase(name)) {
                builder.add(c);
            }
        }
        if (Character.isUpperCase(name)) {
            builder.addOthers(name == 'W' && has(Regex.Flag.IGNORE_CASE) ? ~6L : -1L);
        }
        return builder.one();
    }

    /** Collects characters: folded, or as they are with their other cases where those count as the same. */
    private final class Builder {
        private long low;
        private long high;
        private long others;

        void add(int c) {
            if (exact == null) {
                set(CaseFolding.fold(c));
            } else if (c >= 128) {
                others |= bit(c);
            } else {
                set(c);
                if (has(Regex.Flag.IGNORE_CASE) && Character.isLetter(c)) {
                    set(c ^ 0x20);
                    int lower = c | 0x20;
                    others |= lower == 'k' ? 2 : lower == 's' ? 4 : 0;
                }
            }
        }

        void addOthers(long bits) {
            others |= bits;
        }

        private void set(int f) {
            if (f < 64) {
                low |= 1L << f;
            } else {
                high |= 1L << f;
            }
        }

        void invert() {
            others = ~others;
        }

        One one() {
            boolean cases = exact == null && others != 0;
            return new One(low, cases ? high | 1L << 'k' | 1L << 's' : high, others);
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
            plain &= (c < 128 || exact != null) && c != '[' && (!escape || pattern.charAt(close + 1) < 128);
            close += escape ? 2 : 1;
        }
        if (close >= pattern.length() || pattern.substring(first, close).contains("[:")) {
            understood = false;
            return RegexShape.ANY;
        }
        var inside = pattern.substring(first, close);
        at = close + 1;
        var in = new boolean[128];
        var others = new Builder();
        if (!plain || !members(inside, in, others)) {
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
        if (not) {
            others.addOthers(has(Regex.Flag.IGNORE_CASE) ? 6 : 0);
            others.invert();
        }
        builder.addOthers(others.others);
        return builder.one();
    }

    /** False when there is something that is not understood. */
    private boolean members(String inside, boolean[] in, Builder others) {
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
                int control = CONTROL_NAMES.indexOf(c);
                if (control >= 0) {
                    c = CONTROLS.charAt(control);
                } else if (Character.isLetterOrDigit(c)) {
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
            if (c >= 128) {
                if (Character.isSurrogate(c)) {
                    return false;
                }
                others.add(c);
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
            default -> " \t\n\r\f";
        };
    }

    private static boolean has(String characters, int c) {
        return characters.indexOf(c) >= 0;
    }
}
