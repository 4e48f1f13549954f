package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads conditions such as {@code selection and not 1 of filter_*} (rules specification, condition). Binding, loosest
 * first: or, and, not, x of, parentheses.
 */
final class ConditionParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[^\\s()|]+)");
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TOKENS = 10_000;

    private final List<String> tokens = new ArrayList<>();
    private final List<String> selections;
    private final String file;
    private final int line;
    private int at;
    private int depth;

    /** @param selections their names, in the order of the file */
    ConditionParser(String condition, List<String> selections, String file, int line) {
        this.selections = selections;
        this.file = file;
        this.line = line;
        var matcher = TOKEN.matcher(condition);
        while (tokens.size() <= MAX_TOKENS && matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            matcher.region(matcher.end(), condition.length());
        }
    }

    Condition parse() throws ContentException {
        if (tokens.isEmpty()) {
            throw fault("the condition is empty");
        }
        if (tokens.size() > MAX_TOKENS) {
            throw fault("the condition has more than " + MAX_TOKENS + " words");
        }
        var condition = or();
        if (at < tokens.size()) {
            throw fault("'" + tokens.get(at) + "' is not expected here; 'and' or 'or' may be missing before it");
        }
        return condition;
    }

    private Condition or() throws ContentException {
        var any = new ArrayList<Condition>();
        any.add(and());
        while (is("or")) {
            at++;
            any.add(and());
        }
        return any.size() == 1 ? any.getFirst() : new Condition.Any(any);
    }

    private Condition and() throws ContentException {
        var all = new ArrayList<Condition>();
        all.add(not());
        while (is("and")) {
            at++;
            all.add(not());
        }
        return all.size() == 1 ? all.getFirst() : new Condition.All(all);
    }

    private Condition not() throws ContentException {
        if (++depth > MAX_DEPTH) {
            throw fault("the condition is nested deeper than " + MAX_DEPTH);
        }
        try {
            if (is("not") && !isName()) {
                at++;
                return new Condition.Not(not());
            }
            return primary();
        } finally {
            depth--;
        }
    }

    /** An operator's word that is a selection's name here, because nothing that an operator wants follows it. */
    private boolean isName() {
        return selections.contains(tokens.get(at))
                && (at + 1 >= tokens.size() || List.of(")", "and", "or").contains(tokens.get(at + 1)));
    }

    private Condition primary() throws ContentException {
        if (at >= tokens.size()) {
            throw fault("the condition ends too early");
        }
        var token = tokens.get(at++);
        if (token.equals("(")) {
            var inner = or();
            if (!is(")")) {
                throw fault("a ')' is missing");
            }
            at++;
            return inner;
        }
        if (is("of")) {
            at++;
            return several(token);
        }
        if (!selections.contains(token)) {
            throw fault("'" + token + "' is not one of the selections"
                    + Suggestion.among(token, selections.toArray(String[]::new)));
        }
        return new Condition.Named(token);
    }

    private Condition several(String quantifier) throws ContentException {
        var how = quantifier.toLowerCase(Locale.ROOT);
        if (!how.equals("1") && !how.equals("any") && !how.equals("all")) {
            throw fault("'" + quantifier + " of' is not known; there are '1 of', 'any of' and 'all of'");
        }
        if (at >= tokens.size()) {
            throw fault("'" + quantifier + " of' wants a pattern or 'them'");
        }
        var pattern = tokens.get(at++);
        var named = new ArrayList<String>();
        for (String name : selections) {
            if (pattern.equalsIgnoreCase("them")
                    ? !name.startsWith("_")
                    : fits(pattern, name) && (!name.startsWith("_") || pattern.startsWith("_"))) {
                named.add(name);
            }
        }
        boolean all = how.equals("all");
        if (named.isEmpty() && (all || !pattern.contains("*"))) {
            // One of nothing is false and does no harm, as in "not 1 of filter_optional_*"; all of nothing is a trap.
            throw fault("no selection is named like '" + pattern + "'"
                    + Suggestion.among(pattern, selections.toArray(String[]::new)));
        }
        return new Condition.Several(all, pattern, named);
    }

    /** The name is the pattern, whose stars stand for anything. */
    private static boolean fits(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(name);
        }
        if (!name.startsWith(pattern.substring(0, star))) {
            return false;
        }
        int at = star;
        for (int next = pattern.indexOf('*', star + 1); next >= 0; next = pattern.indexOf('*', star + 1)) {
            var literal = pattern.substring(star + 1, next);
            int found = name.indexOf(literal, at); // the first place leaves most for the rest
            if (found < 0) {
                return false;
            }
            at = found + literal.length();
            star = next;
        }
        var last = pattern.substring(star + 1);
        return name.length() - at >= last.length() && name.endsWith(last);
    }

    private boolean is(String word) {
        return at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
    }

    private ContentException fault(String reason) {
        return new ContentException(file, line, reason);
    }
}
