package io.marsad.match;

import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression's shape over folded bytes, never narrower than the expression: places and case are dropped, what
 * is not understood may be anything.
 */
sealed interface RegexShape {
    /** One character: ASCII ones as two bit sets, or any other one. */
    record One(long low, long high, boolean other) implements RegexShape {}

    record Sequence(List<RegexShape> of) implements RegexShape {}

    record Choice(List<RegexShape> of) implements RegexShape {}

    /** @param max -1 without limit */
    record Repeat(RegexShape of, int min, int max) implements RegexShape {}

    One ANY = new One(-1, -1, true);

    /** How many characters it takes at least. */
    static int shortest(RegexShape shape) {
        return switch (shape) {
            case One _ -> 1;
            case Sequence(List<RegexShape> of) ->
                of.stream().mapToInt(RegexShape::shortest).reduce(0, RegexShape::sum);
            case Choice(List<RegexShape> of) ->
                of.stream().mapToInt(RegexShape::shortest).min().orElse(0);
            case Repeat(RegexShape of, int min, int max) -> (int) Math.min(1 << 20, (long) shortest(of) * min);
        };
    }

    private static int sum(int a, int b) {
        return Math.min(1 << 20, a + b);
    }

    static RegexShape of(String pattern) {
        var parser = new Parser(pattern);
        var shape = parser.choice();
        boolean whole = parser.understood && parser.at == pattern.length();
        return whole ? shape : new Repeat(ANY, 0, -1);
    }

    /** Recursive descent. */
    final class Parser {
        private static final int MAX_DEPTH = 100;
        private final String pattern;
        private int at;
        private int depth;
        private boolean understood = true;

        private Parser(String pattern) {
            this.pattern = pattern;
        }

        private boolean is(char c) {
            return at < pattern.length() && pattern.charAt(at) == c;
        }

        private RegexShape choice() {
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
                    return ANY;
                }
                case '^', '$' -> {
                    at++;
                    return new Sequence(List.of());
                }
                case '*', '+', '?' -> {
                    understood = false;
                    return ANY;
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

        private static One character(int point) {
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
                    return ANY;
                }
                at = end + 1;
                if (pattern.charAt(end) == ')') {
                    // How often is said of what stands before the flags.
                    understood &= at >= pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0;
                    return new Sequence(List.of());
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
                return ANY;
            }
            char c = pattern.charAt(at++);
            if ("bBAz".indexOf(c) >= 0) {
                return new Sequence(List.of());
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
                return ANY;
            }
            return character(c);
        }

        private static One named(char name) {
            var builder = new Builder();
            for (int c = 0; c < 128; c++) {
                boolean digit = c >= '0' && c <= '9';
                boolean word = digit || c == '_' || Character.isLetter(c);
                boolean space = c == ' ' || c >= 9 && c <= 13;
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

        /** Collects ASCII characters, folded. */
        private static final class Builder {
            private long low;
            private long high;

            void add(int c) {
                int f = CaseFolding.fold(c);
                if (f < 64) {
                    low |= 1L << f;
                } else {
                    high |= 1L << f;
                }
            }

            One one(boolean other) {
                return other ? new One(low, high | other().high, true) : new One(low, high, false);
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
                plain &= c < 128 && c != '[' && (!escape || pattern.charAt(close + 1) < 128);
                close += escape ? 2 : 1;
            }
            if (close >= pattern.length() || pattern.substring(first, close).contains("[:")) {
                understood = false;
                return ANY;
            }
            var inside = pattern.substring(first, close);
            at = close + 1;
            var in = new boolean[128];
            boolean other = !plain || !members(inside, in);
            if (other) {
                return ANY;
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
        private static boolean members(String inside, boolean[] in) {
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
                    if (to == '\\' || to < c) {
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

        private static String namedExactly(char name) {
            return switch (name) {
                case 'd' -> "0123456789";
                case 'w' -> "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
                default -> " \t\n\r\f\u000b";
            };
        }

        private static boolean has(String characters, int c) {
            return characters.indexOf(c) >= 0;
        }
    }
}
