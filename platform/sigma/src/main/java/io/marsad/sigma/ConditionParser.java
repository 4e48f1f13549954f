package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads conditions such as {@code selection and not 1 of filter_*} (rules specification, condition). Binding, loosest
 * first: or, and, not, x of, parentheses.
 */
final class ConditionParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[^\\s()|]+)");
    private static final int MAX_DEPTH = 64;

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Predicate> selections;
    private final String file;
    private final int line;
    private int at;
    private int depth;

    /** @param selections by name, in the order of the file */
    ConditionParser(String condition, Map<String, Predicate> selections, String file, int line) {
        this.selections = selections;
        this.file = file;
        this.line = line;
        var matcher = TOKEN.matcher(condition);
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            matcher.region(matcher.end(), condition.length());
        }
    }

    Predicate parse() throws ContentException {
        if (tokens.isEmpty()) {
            throw fault("the condition is empty");
        }
        if (tokens.contains("|")) {
            throw fault("aggregations in conditions ('| count() by …') are obsolete: write a correlation rule"
                    + " (event_count, value_count, temporal) over this rule instead");
        }
        var predicate = or();
        if (at < tokens.size()) {
            throw fault("'" + tokens.get(at) + "' is not expected here; 'and' or 'or' may be missing before it");
        }
        return predicate;
    }

    private Predicate or() throws ContentException {
        var any = new ArrayList<Predicate>();
        any.add(and());
        while (is("or")) {
            at++;
            any.add(and());
        }
        return Predicate.or(any);
    }

    private Predicate and() throws ContentException {
        var all = new ArrayList<Predicate>();
        all.add(not());
        while (is("and")) {
            at++;
            all.add(not());
        }
        return Predicate.and(all);
    }

    private Predicate not() throws ContentException {
        if (++depth > MAX_DEPTH) {
            throw fault("the condition is nested deeper than " + MAX_DEPTH);
        }
        try {
            if (is("not")) {
                at++;
                return new Predicate.Not(not());
            }
            return primary();
        } finally {
            depth--;
        }
    }

    private Predicate primary() throws ContentException {
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
        var selection = selections.get(token);
        if (selection == null) {
            throw fault("'" + token + "' is not one of the selections"
                    + Suggestion.among(token, selections.keySet().toArray(String[]::new)));
        }
        return selection;
    }

    private Predicate several(String quantifier) throws ContentException {
        var how = quantifier.toLowerCase(Locale.ROOT);
        if (!how.equals("1") && !how.equals("any") && !how.equals("all")) {
            throw fault("'" + quantifier + " of' is not known; there are '1 of', 'any of' and 'all of'");
        }
        if (at >= tokens.size()) {
            throw fault("'" + quantifier + " of' wants a pattern or 'them'");
        }
        var pattern = tokens.get(at++);
        var named = new ArrayList<Predicate>();
        selections.forEach((name, predicate) -> {
            if (pattern.equalsIgnoreCase("them")
                    ? !name.startsWith("_")
                    : fits(pattern, name) && (!name.startsWith("_") || pattern.startsWith("_"))) {
                named.add(predicate);
            }
        });
        if (named.isEmpty()) {
            throw fault("no selection is named like '" + pattern + "'");
        }
        return how.equals("all") ? Predicate.and(named) : Predicate.or(named);
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
