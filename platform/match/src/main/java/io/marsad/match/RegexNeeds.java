package io.marsad.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value must contain, once folded, for a regular expression to be found in it: so that the expression itself runs
 * rarely. Knows the common part of the syntax and expects nothing where it does not understand.
 */
final class RegexNeeds {
    private static final int MAX_ALTERNATIVES = 256;

    /** What a piece of the expression needs: one of these texts; null when nothing is known. */
    private record Need(@Nullable List<String> anyOf) {
        static final Need NOTHING = new Need(null);

        int shortest() {
            return anyOf == null
                    ? 0
                    : anyOf.stream().mapToInt(String::length).min().orElse(0);
        }
    }

    private final String pattern;
    private int at;
    private boolean understood = true;

    private RegexNeeds(String pattern) {
        this.pattern = pattern;
    }

    /**
     * @param literals one of them stands in the folded value; empty when nothing is known
     */
    record Result(List<Literal> literals) {}

    static Result of(String pattern) {
        var parser = new RegexNeeds(pattern);
        var need = parser.alternatives();
        if (!parser.understood || parser.at < pattern.length()) {
            return new Result(List.of());
        }
        var literals = new ArrayList<Literal>();
        if (need.anyOf != null && need.shortest() >= 2) {
            for (String text : need.anyOf.stream().distinct().toList()) {
                literals.add(new Literal(Literal.Place.INSIDE, text.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return new Result(literals);
    }

    private Need alternatives() {
        var union = new ArrayList<String>();
        boolean known = true;
        while (true) {
            var branch = sequence();
            if (branch.anyOf == null) {
                known = false;
            } else {
                union.addAll(branch.anyOf);
            }
            if (at >= pattern.length() || pattern.charAt(at) != '|') {
                return new Need(known && union.size() <= MAX_ALTERNATIVES ? union : null);
            }
            at++;
        }
    }

    /** The run of literal characters that is being read, and the best need so far. */
    private static final class Best {
        private final StringBuilder run = new StringBuilder();
        private Need need = Need.NOTHING;

        void literal(int c) {
            run.appendCodePoint(c);
        }

        void endRun() {
            if (!run.isEmpty()) {
                offer(new Need(List.of(run.toString())));
                run.setLength(0);
            }
        }

        void offer(Need other) {
            need = other.shortest() > need.shortest() ? other : need;
        }
    }

    private Need sequence() {
        var best = new Best();
        while (understood && at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '|' || c == ')') {
                break;
            }
            if (c == '(') {
                best.endRun();
                var group = group();
                if (quantifier() != Times.MAYBE) {
                    best.offer(group);
                }
            } else if (c == '[') {
                best.endRun();
                characterClass();
                quantifier();
            } else if (c == '.' || c == '^' || c == '$') {
                at++;
                best.endRun();
                quantifier();
            } else if (c == '*' || c == '+' || c == '?') {
                understood = false;
            } else {
                int literal = c == '\\' ? escape() : take();
                single(best, literal);
            }
        }
        best.endRun();
        return best.need;
    }

    private int take() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return CaseFolding.fold(c);
    }

    private void single(Best best, int literal) {
        var times = quantifier();
        if (literal < 0) {
            best.endRun();
        } else if (times == Times.ONCE) {
            best.literal(literal);
        } else if (times == Times.SOME) {
            best.literal(literal);
            best.endRun();
        } else {
            best.endRun();
        }
    }

    private enum Times {
        ONCE,
        SOME,
        MAYBE
    }

    /** How often the thing before it has to be there. */
    private Times quantifier() {
        if (at >= pattern.length()) {
            return Times.ONCE;
        }
        Times times;
        char c = pattern.charAt(at);
        if (c == '{') {
            int close = pattern.indexOf('}', at);
            var inside = close < 0 ? "" : pattern.substring(at + 1, close);
            if (!inside.matches("\\d{1,4}(,\\d{0,4})?")) {
                understood = false; // a brace that stands for itself
                return Times.MAYBE;
            }
            times = inside.startsWith("0") ? Times.MAYBE : Times.SOME;
            at = close + 1;
        } else if (c == '*' || c == '?') {
            times = Times.MAYBE;
            at++;
        } else if (c == '+') {
            times = Times.SOME;
            at++;
        } else {
            return Times.ONCE;
        }
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            at++; // lazy
        }
        return times;
    }

    private Need group() {
        at++;
        if (pattern.startsWith("?", at)) {
            int end = at + 1;
            while (end < pattern.length() && ":)><".indexOf(pattern.charAt(end)) < 0) {
                end++;
            }
            if (end >= pattern.length()) {
                understood = false;
                return Need.NOTHING;
            }
            if (pattern.charAt(end) == '<') { // a name
                end = pattern.indexOf('>', end);
            }
            if (end < 0 || "=!".indexOf(pattern.charAt(at + 1)) >= 0) {
                understood = false;
                return Need.NOTHING;
            }
            at = end + 1;
            if (pattern.charAt(end) == ')') { // flags alone; what they change is folded away
                // How often is said of what stands before the flags.
                understood &= at >= pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0;
                return Need.NOTHING;
            }
        }
        var inside = alternatives();
        if (at >= pattern.length()) {
            understood = false;
            return Need.NOTHING;
        }
        at++;
        return inside;
    }

    private void characterClass() {
        int i = at + 1;
        if (pattern.startsWith("^", i)) {
            i++;
        }
        if (pattern.startsWith("]", i)) {
            i++;
        }
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            if (pattern.startsWith("[:", i)) {
                i = Math.max(i, pattern.indexOf(":]", i));
                i++;
            } else if (pattern.charAt(i) == '\\') {
                i++;
            }
            i++;
        }
        if (i >= pattern.length()) {
            understood = false;
        }
        at = i + 1;
    }

    /** The character meant, or -1 when it is a class or a place. */
    private int escape() {
        at++;
        if (at >= pattern.length()) {
            understood = false;
            return -1;
        }
        char c = pattern.charAt(at);
        if (Character.isLetterOrDigit(c)) {
            if ("dDwWsSbBAz".indexOf(c) >= 0) {
                at++;
                return -1;
            }
            if ("tnrfv".indexOf(c) >= 0) {
                at++;
                return -1;
            }
            understood = false;
            return -1;
        }
        return take();
    }
}
