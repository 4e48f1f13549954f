package io.marsad.normalize.mapping;

import io.marsad.normalize.mapping.GroupProgram.NotKnownException;
import io.marsad.normalize.mapping.GroupProgram.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads an expression that RE2/J has compiled: what is not known for sure to mean the same there is refused. */
final class GroupSyntax {
    private static final int DEEPEST = 50;
    private static final Part.One DIGITS = range('0', '9');
    private static final Part.One WORDS = or(or(DIGITS, range('a', 'z')), or(range('A', 'Z'), range('_', '_')));
    private static final Part.One BLANKS = or(or(range('\t', '\n'), range('\f', '\r')), range(' ', ' '));

    private final String pattern;
    private final Part.One point;
    private int at;
    private int groups;
    private int depth;

    /** @param lines a point takes line ends too */
    GroupSyntax(String pattern, boolean lines) {
        this.pattern = pattern;
        point = lines ? range(0, 127) : not(range('\n', '\n'));
    }

    Part read() throws NotKnownException {
        var all = alternatives();
        if (at < pattern.length()) {
            throw new NotKnownException("a bracket");
        }
        if (all instanceof Part.Either && pattern.endsWith("$")) {
            // RE2/J looks for groups in a second run over what was found and one byte more, as if the text ended there:
            // a
            // place may hold there that did not. It cannot where each find ends at the text's end.
            throw new NotKnownException("an end of some");
        }
        return all;
    }

    /** How many groups there are that are found, the whole aside. */
    int groups() {
        return groups;
    }

    private static Part.One range(int from, int to) {
        long low = 0;
        long high = 0;
        for (int c = from; c <= to; c++) {
            low |= c < 64 ? 1L << c : 0;
            high |= c < 64 ? 0 : 1L << (c & 63);
        }
        return new Part.One(low, high);
    }

    private static Part.One or(Part.One a, Part.One b) {
        return new Part.One(a.low() | b.low(), a.high() | b.high());
    }

    private static Part.One not(Part.One of) {
        return new Part.One(~of.low(), ~of.high());
    }

    private boolean is(String text) {
        return pattern.startsWith(text, at);
    }

    private boolean takes(String text) {
        boolean is = is(text);
        at += is ? text.length() : 0;
        return is;
    }

    private char next() throws NotKnownException {
        if (at == pattern.length()) {
            throw new NotKnownException("an end");
        }
        char c = pattern.charAt(at++);
        if (c >= 128) {
            throw new NotKnownException("not ASCII");
        }
        return c;
    }

    private Part alternatives() throws NotKnownException {
        if (++depth > DEEPEST) {
            throw new NotKnownException("deep");
        }
        var parts = new ArrayList<Part>();
        do {
            parts.add(sequence());
        } while (takes("|"));
        depth--;
        return parts.size() == 1 ? parts.getFirst() : new Part.Either(List.copyOf(parts));
    }

    private Part sequence() throws NotKnownException {
        var parts = new ArrayList<Part>();
        while (at < pattern.length() && !is("|") && !is(")")) {
            parts.add(repeated(single()));
        }
        return new Part.Sequence(List.copyOf(parts));
    }

    private Part single() throws NotKnownException {
        char c = next();
        if (c == '^' && depth > 1 || c == '$' && (depth > 1 || at < pattern.length())) {
            throw new NotKnownException("a place that is not at the edge");
        }
        return switch (c) {
            case '^' -> new Part.Place(GroupProgram.BEGIN);
            case '$' -> new Part.Place(GroupProgram.END);
            case '.' -> point;
            case '[' -> set();
            case '(' -> group();
            case '\\' -> escape();
            case '*', '+', '?', '{', '}', ']', ')' -> throw new NotKnownException("a sign alone");
            default -> range(c, c);
        };
    }

    private Part.One escape() throws NotKnownException {
        char c = next();
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> not(DIGITS);
            case 'w' -> WORDS;
            case 'W' -> not(WORDS);
            case 's' -> BLANKS;
            case 'S' -> not(BLANKS);
            case 't' -> range('\t', '\t');
            case 'n' -> range('\n', '\n');
            case 'r' -> range('\r', '\r');
            default -> {
                if (c <= ' ' || Character.isLetterOrDigit(c) || c == '_') {
                    throw new NotKnownException("an escape");
                }
                yield range(c, c);
            }
        };
    }

    private Part set() throws NotKnownException {
        boolean negated = takes("^");
        if (is("]")) {
            throw new NotKnownException("a bracket in brackets");
        }
        var set = new Part.One(0, 0);
        while (!takes("]")) {
            char c = next();
            if (c == '[') {
                throw new NotKnownException("a bracket in brackets");
            }
            if (c == '-') {
                if (!is("]")) {
                    throw new NotKnownException("a hyphen in brackets");
                }
                set = or(set, range('-', '-'));
                continue;
            }
            boolean escaped = c == '\\';
            var one = escaped ? escape() : range(c, c);
            if (is("-") && !is("-]")) {
                at++;
                char to = next();
                if (escaped || to == '\\' || to == '[' || to < c) {
                    throw new NotKnownException("a range");
                }
                one = range(c, to);
            }
            set = or(set, one);
        }
        return negated ? not(set) : set;
    }

    private Part group() throws NotKnownException {
        boolean found = !takes("?:");
        int index = 0;
        if (found) {
            index = ++groups;
            if (takes("?P<")) {
                int close = pattern.indexOf('>', at);
                if (close < 0) {
                    throw new NotKnownException("a name");
                }
                at = close + 1;
            } else if (is("?")) {
                throw new NotKnownException("flags");
            }
        }
        var of = alternatives();
        if (!takes(")")) {
            throw new NotKnownException("no end");
        }
        return found ? new Part.Group(index, of) : of;
    }

    private Part repeated(Part part) throws NotKnownException {
        int min = 0;
        int max = -1;
        if (takes("+")) {
            min = 1;
        } else if (takes("?")) {
            max = 1;
        } else if (takes("{")) {
            int close = pattern.indexOf('}', at);
            var bounds = close < 0 ? "" : pattern.substring(at, close);
            if (!bounds.matches("(0|[1-9]\\d?)(,(0|[1-9]\\d?)?)?")) {
                throw new NotKnownException("bounds");
            }
            at = close + 1;
            var both = bounds.split(",", -1);
            min = Integer.parseInt(both[0]);
            max = both.length == 1 ? min : both[1].isEmpty() ? -1 : Integer.parseInt(both[1]);
            if (max >= 0 && (max < min || max == 0)) {
                throw new NotKnownException("bounds");
            }
        } else if (!takes("*")) {
            return part;
        }
        boolean lazy = takes("?");
        if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw new NotKnownException("a repetition of a repetition");
        }
        return new Part.Repeat(part, min, max, lazy);
    }
}
