package io.marsad.soc.alert;

/** Text from events, made fit for the database. */
final class Text {
    private Text() {}

    /** Cut to a length without parting a pair of surrogates; NUL and lone surrogates, which PostgreSQL refuses, become U+FFFD. */
    static String clean(String text, int limit) {
        int end = Math.min(text.length(), limit);
        if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder changed = null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                if (changed != null) {
                    changed.append(c).append(text.charAt(i + 1));
                }
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                changed = changed == null ? new StringBuilder(end).append(text, 0, i) : changed;
                changed.append('\uFFFD');
            } else if (changed != null) {
                changed.append(c);
            }
        }
        return changed == null ? text.substring(0, end) : changed.toString();
    }
}
