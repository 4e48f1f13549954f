package io.marsad.testkit.sigma;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions of rules (PCRE), by the JDK's engine: only a line feed ends a line.
 */
public final class Regex {
    private Regex() {}

    /** @param start it has to begin where the value does; {@code end}: likewise */
    public static Predicate<String> compile(String regex, boolean i, boolean m, boolean s, boolean start, boolean end) {
        int flags = Pattern.UNIX_LINES
                | Pattern.UNICODE_CASE
                | (i ? Pattern.CASE_INSENSITIVE : 0)
                | (m ? Pattern.MULTILINE : 0)
                | (s ? Pattern.DOTALL : 0);
        var placed = start ? "\\A(?:" + regex + ")" : end ? "(?:" + regex + ")\\z" : regex;
        try {
            var pattern = Pattern.compile(withoutTurkish(translated(placed, m)), flags);
            return text -> pattern.matcher(withoutTurkish(text)).find();
        } catch (PatternSyntaxException e) {
            throw new NotSigmaException("no regular expression: " + regex);
        }
    }

    /** The JDK takes the dotted and the dotless i for cases of i; here they are letters that have no case. */
    private static String withoutTurkish(String text) {
        return text.replace('\u0130', '\uE130').replace('\u0131', '\uE131');
    }

    /** Where the JDK's reading differs from PCRE's: brackets and ampersands inside brackets, and the
     * start of an empty text. */
    private static String translated(String regex, boolean lines) {
        var out = new StringBuilder();
        boolean inside = false;
        int opened = 0;
        for (int at = 0; at < regex.length(); at++) {
            char c = regex.charAt(at);
            if (c == '\\' && at + 1 < regex.length()) {
                if (regex.charAt(at + 1) == 'Q') {
                    int close = regex.indexOf("\\E", at);
                    int to = close < 0 ? regex.length() : close + 2;
                    out.append(regex, at, to);
                    at = to - 1;
                } else {
                    out.append(c).append(regex.charAt(++at));
                }
            } else if (inside && c == ']' && at > opened) {
                inside = false;
                out.append(c);
            } else if (inside && (c == '[' || c == '&' || c == ']')) {
                out.append('\\').append(c);
            } else if (!inside && c == '[') {
                inside = true;
                opened = regex.startsWith("^", at + 1) ? at + 2 : at + 1;
                out.append(c);
            } else if (!inside && c == '^' && lines) {
                out.append("(?:^|\\A)");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
