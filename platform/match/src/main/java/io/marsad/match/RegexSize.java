package io.marsad.match;

/**
 * How large a regular expression becomes once its repetitions are written out, as RE2/J does: a few nested ones are
 * gigabytes. About right, never much too small.
 */
final class RegexSize {
    private static final long MOST = 1L << 40;
    private static final int DEEPEST = 1000;

    private final String regex;
    private final long[] outer = new long[DEEPEST];
    private int depth;
    private long sum;
    private long last;
    private int at;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** In instructions, roughly. */
    static long of(String regex) {
        return new RegexSize(regex).count();
    }

    private long count() {
        while (at < regex.length()) {
            char c = regex.charAt(at++);
            switch (c) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> {
                    if (depth == DEEPEST) {
                        return MOST;
                    }
                    outer[depth++] = sum;
                    sum = 0;
                }
                case ')' -> {
                    long inner = sum + 2;
                    sum = depth > 0 ? outer[--depth] : 0;
                    atom(inner);
                }
                case '{' -> times();
                case '*', '+', '?' -> sum++;
                default -> atom(1);
            }
        }
        while (depth > 0) {
            atom(outer[--depth]);
        }
        return sum;
    }

    private void atom(long size) {
        sum = Math.min(MOST, sum + size);
        last = size;
    }

    private void times() {
        int close = regex.indexOf('}', at);
        var inside = close < 0 ? "" : regex.substring(at, close);
        if (!inside.matches("\\d{1,4}(,\\d{0,4})?")) {
            atom(1);
            return;
        }
        at = close + 1;
        long most = 1;
        for (String number : inside.split(",")) {
            most = Math.max(most, Long.parseLong(number));
        }
        sum = Math.min(MOST, sum + last * (most - 1));
        last = Math.min(MOST >> 14, last * most);
    }

    private void escape() {
        if (at >= regex.length()) {
            return;
        }
        char c = regex.charAt(at++);
        if (c == 'Q') {
            int end = regex.indexOf("\\E", at);
            int to = end < 0 ? regex.length() : end;
            sum = Math.min(MOST, sum + to - at);
            at = end < 0 ? to : to + 2;
            last = 1;
            return;
        }
        if ((c == 'x' || c == 'p' || c == 'P') && regex.startsWith("{", at)) {
            int end = regex.indexOf('}', at);
            at = end < 0 ? regex.length() : end + 1;
        }
        atom(1);
    }

    private void characterClass() {
        at += regex.startsWith("^", at) ? 1 : 0;
        at += regex.startsWith("]", at) ? 1 : 0;
        while (at < regex.length() && regex.charAt(at) != ']') {
            if (regex.startsWith("[:", at)) {
                at = Math.max(at, regex.indexOf(":]", at));
                at++;
            } else if (regex.charAt(at) == '\\') {
                at++;
            }
            at++;
        }
        at++;
        atom(1);
    }
}
