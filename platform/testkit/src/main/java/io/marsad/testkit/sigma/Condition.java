package io.marsad.testkit.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a condition (rules specification, "condition").
 *
 * <pre>
 * expr := and ("or" and)* ; and := not ("and" not)* ; not := "not" not | prim
 * prim := "(" expr ")" | ("1" | "any" | "all") "of" ("them" | pattern) | identifier
 * </pre>
 */
final class Condition {
    private static final int DEEPEST = 64;

    private final List<String> words;
    private final Map<String, Check> identifiers;
    private int next;
    private int depth;

    private Condition(String text, Map<String, Check> identifiers) {
        this.identifiers = identifiers;
        words = new ArrayList<>();
        var word = new StringBuilder();
        for (char c : (text + " ").toCharArray()) {
            boolean blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x0B;
            boolean bracket = c == '(' || c == ')' || c == '|';
            if ((blank || bracket) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (bracket) {
                words.add(String.valueOf(c));
            } else if (!blank) {
                word.append(c);
            }
        }
    }

    static Check read(String text, Map<String, Check> identifiers) {
        var reader = new Condition(text, identifiers);
        var check = reader.or();
        if (reader.next < reader.words.size()) {
            throw new NotSigmaException("unexpected in the condition: " + reader.words.get(reader.next));
        }
        return check;
    }

    private Check or() {
        var parts = new ArrayList<Check>();
        do {
            parts.add(and());
        } while (take("or"));
        return Check.any(parts);
    }

    private Check and() {
        var parts = new ArrayList<Check>();
        do {
            parts.add(negation());
        } while (take("and"));
        return Check.all(parts);
    }

    private Check negation() {
        if (++depth > DEEPEST) {
            throw new NotSigmaException("nested deeper than " + DEEPEST);
        }
        var check = take("not") ? negation().not() : primary();
        depth--;
        return check;
    }

    private Check primary() {
        if (take("(")) {
            var inner = or();
            if (!take(")")) {
                throw new NotSigmaException("a parenthesis is not closed");
            }
            return inner;
        }
        if (next >= words.size()) {
            throw new NotSigmaException("the condition ends too early");
        }
        var word = words.get(next++);
        var lower = word.toLowerCase(Locale.ROOT);
        boolean one = lower.equals("1") || lower.equals("any");
        if ((one || lower.equals("all")) && take("of")) {
            return quantified(one);
        }
        var check = identifiers.get(word);
        if (check == null) {
            throw new NotSigmaException("no search identifier '" + word + "'");
        }
        return check;
    }

    private Check quantified(boolean one) {
        if (next >= words.size()) {
            throw new NotSigmaException("'of' what?");
        }
        var pattern = words.get(next++);
        boolean them = pattern.equalsIgnoreCase("them");
        var wild = Wild.read(pattern);
        var named = new ArrayList<Check>();
        identifiers.forEach((name, check) -> {
            boolean hidden = name.startsWith("_") && (them || !pattern.startsWith("_"));
            if (!hidden && (them || wild.fits(name))) {
                named.add(check);
            }
        });
        if (named.isEmpty()) {
            throw new NotSigmaException("nothing is named like '" + pattern + "'");
        }
        return one ? Check.any(named) : Check.all(named);
    }

    private boolean take(String word) {
        boolean is = next < words.size() && words.get(next).equalsIgnoreCase(word);
        next += is ? 1 : 0;
        return is;
    }
}
