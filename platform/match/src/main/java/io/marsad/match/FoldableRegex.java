package io.marsad.match;

/**
 * Takes nine letters out of the way of RE2/J, which never comes back from folding them: U+1C80 to U+1C88, variants of
 * Cyrillic letters whose capitals are those of the usual letters. Where case does not count, the usual letter stands for
 * the variant, and ranges are written without them.
 */
final class FoldableRegex {
    private static final int FIRST = 0x1C80;
    private static final int LAST = 0x1C88;

    private final String regex;
    private final StringBuilder out = new StringBuilder();
    private int at;
    /** What the token read last stands for, or -1 when that is not one character. */
    private int character;

    private FoldableRegex(String regex) {
        this.regex = regex;
    }

    /** The same expression in a form that compiles. Wrong expressions stay wrong. */
    static String of(String regex, boolean ignoreCase) {
        boolean folds = ignoreCase || regex.contains("(?");
        boolean reaches = regex.contains("\\x{") || regex.chars().anyMatch(c -> c >= FIRST);
        return folds && reaches ? new FoldableRegex(regex).write() : regex;
    }

    private String write() {
        while (at < regex.length()) {
            if (regex.startsWith("\\Q", at)) {
                int end = regex.indexOf("\\E", at);
                int to = end < 0 ? regex.length() : end;
                regex.substring(at, to).codePoints().forEach(c -> out.appendCodePoint(usual(c)));
                at = to;
            } else if (regex.charAt(at) == '[') {
                characterClass();
            } else {
                single(token());
            }
        }
        return out.toString();
    }

    private void characterClass() {
        out.append(regex.charAt(at++));
        if (at < regex.length() && regex.charAt(at) == '^') {
            out.append(regex.charAt(at++));
        }
        for (boolean first = true; at < regex.length() && (first || regex.charAt(at) != ']'); first = false) {
            int named = regex.startsWith("[:", at) ? regex.indexOf(":]", at) : -1;
            if (named >= 0) {
                out.append(regex, at, named + 2);
                at = named + 2;
                continue;
            }
            var low = token();
            int from = character;
            boolean range =
                    from >= 0 && at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']';
            if (!range) {
                single(low);
                continue;
            }
            at++;
            range(low, from, token());
        }
    }

    /** A range from the token before to the one just read. */
    private void range(String low, int from, String high) {
        if (character < FIRST || from > LAST || from > character) {
            out.append(low).append('-').append(high);
            return;
        }
        if (from < FIRST) {
            out.append(low).append("-\\x{1C7F}");
        }
        for (int c = Math.max(from, FIRST); c <= Math.min(character, LAST); c++) {
            out.appendCodePoint(usual(c));
        }
        if (character > LAST) {
            out.append("\\x{1C89}-").append(high);
        }
    }

    private void single(String token) {
        if (character >= FIRST && character <= LAST) {
            out.appendCodePoint(usual(character));
        } else {
            out.append(token);
        }
    }

    private String token() {
        int start = at;
        character = regex.codePointAt(at);
        at += Character.charCount(character);
        if (character != '\\' || at == regex.length()) {
            return regex.substring(start, at);
        }
        int escaped = regex.codePointAt(at);
        at += Character.charCount(escaped);
        // What other letters and digits stand for is far below the letters this is about.
        character = "dDwWsSpP".indexOf(escaped) >= 0
                ? -1
                : escaped < 128 && Character.isLetterOrDigit(escaped) ? 0 : escaped;
        if (escaped == 'x') {
            hexadecimal();
        } else if ((escaped == 'p' || escaped == 'P') && regex.startsWith("{", at)) {
            int end = regex.indexOf('}', at);
            at = end < 0 ? regex.length() : end + 1;
        }
        return regex.substring(start, at);
    }

    private void hexadecimal() {
        boolean braces = regex.startsWith("{", at);
        int end = braces ? regex.indexOf('}', at) : Math.min(at + 2, regex.length());
        if (end < 0) {
            at = regex.length();
            return;
        }
        try {
            character = Integer.parseInt(regex.substring(braces ? at + 1 : at, end), 16);
        } catch (NumberFormatException e) {
            character = -1; // RE2/J will say what is wrong
        }
        at = braces ? end + 1 : end;
    }

    private static int usual(int c) {
        return c >= FIRST && c <= LAST ? CaseFolding.fold(c) : c;
    }
}
