package io.marsad.testkit.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text with wildcards, as a row of characters in which {@link #ANY} stands for any run, the empty one included, and
 * {@link #ONE} for exactly one character. Appendix "escaping" of the rules specification: only backslash, star and
 * question mark are special; a backslash before one of them makes it plain, before anything else it is a backslash.
 */
public record Wild(int[] parts) {
    public static final int ANY = -1;
    public static final int ONE = -2;

    /** Reads a value of a rule. */
    static Wild read(String written) {
        var c = written.codePoints().toArray();
        var parts = new ArrayList<Integer>();
        for (int i = 0; i < c.length; i++) {
            boolean escapes =
                    c[i] == '\\' && i + 1 < c.length && (c[i + 1] == '\\' || c[i + 1] == '*' || c[i + 1] == '?');
            if (escapes) {
                parts.add(c[++i]);
            } else if (c[i] == '*') {
                parts.add(ANY);
            } else {
                parts.add(c[i] == '?' ? ONE : c[i]);
            }
        }
        return of(parts);
    }

    /** A text that means itself. */
    public static Wild plain(String text) {
        return new Wild(text.codePoints().toArray());
    }

    public static Wild of(List<Integer> parts) {
        return new Wild(parts.stream().mapToInt(i -> i).toArray());
    }

    boolean hasWildcards() {
        return Arrays.stream(parts).anyMatch(c -> c < 0);
    }

    /** The text of a pattern without wildcards. */
    String text() {
        if (hasWildcards()) {
            throw new NotSigmaException("a wildcard where none can be");
        }
        return new String(parts, 0, parts.length);
    }

    /** With a star before or behind, or both, unless one is there. */
    public Wild open(boolean before, boolean behind) {
        boolean first = before && (parts.length == 0 || parts[0] != ANY);
        boolean last = behind && (parts.length == 0 && !first || parts.length > 0 && parts[parts.length - 1] != ANY);
        var open = IntStream.concat(
                first ? IntStream.of(ANY) : IntStream.empty(),
                IntStream.concat(Arrays.stream(parts), last ? IntStream.of(ANY) : IntStream.empty()));
        return new Wild(open.toArray());
    }

    /**
     * All that {@code windash} makes of it: each dash or slash that no word character is before and one is behind takes
     * every one of the five forms.
     */
    List<Wild> dashes() {
        var forms = List.of((int) '-', (int) '/', 0x2013, 0x2014, 0x2015);
        var made = new ArrayList<int[]>();
        made.add(parts.clone());
        for (int i = 0; i < parts.length; i++) {
            boolean dash = forms.contains(parts[i]);
            boolean option = dash && !(i > 0 && word(parts[i - 1])) && i + 1 < parts.length && word(parts[i + 1]);
            if (option) {
                var more = new ArrayList<int[]>();
                for (int[] one : made) {
                    for (int form : forms) {
                        var copy = one.clone();
                        copy[i] = form;
                        more.add(copy);
                    }
                }
                made = more;
            }
        }
        return made.stream().map(Wild::new).toList();
    }

    private static boolean word(int c) {
        return c >= 0 && (c == '_' || Character.isLetterOrDigit(c));
    }

    Wild folded() {
        return new Wild(
                Arrays.stream(parts).map(c -> c < 0 ? c : Folding.fold(c)).toArray());
    }

    /** The whole of the text fits; case counts. */
    boolean fits(String text) {
        var c = text.codePoints().toArray();
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = 0;
        while (t < c.length) {
            if (p < parts.length && parts[p] == ANY) {
                star = p++;
                retry = t;
            } else if (p < parts.length && (parts[p] == ONE || parts[p] == c[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < parts.length && parts[p] == ANY) {
            p++;
        }
        return p == parts.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wild wild && Arrays.equals(wild.parts, parts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(parts);
    }
}
