package io.marsad.match.indicator;

/** Labels of names, whose form starts at 0. */
final class HostNames {
    /** Of more than this, the first are not told apart. */
    static final int MOST_LABELS = 127;

    private HostNames() {}

    static int labels(byte[] name, int length) {
        int labels = 1;
        for (int i = 0; i < length; i++) {
            labels += name[i] == '.' ? 1 : 0;
        }
        return Math.min(MOST_LABELS, labels);
    }

    /** Writes the hashes that {@link #find} looks for, at most {@link #MOST_LABELS}; returns the index after them. */
    static int hashes(IndicatorSet set, byte[] name, int length, long[] out, int at) {
        int to = at;
        int labels = labels(name, length);
        if (set.hasDepth(labels)) {
            out[to++] = set.hash(IndicatorType.DOMAIN, name, 0, length);
        }
        for (int i = 0; labels > 2 && i < length; i++) {
            if (name[i] == '.' && set.hasDepth(--labels)) {
                out[to++] = set.hash(IndicatorType.DOMAIN, name, i + 1, length - i - 1);
            }
        }
        return to;
    }

    /** Looks for a name, then for the names it is under, the longest first; two labels at least. */
    static int find(IndicatorSet set, byte[] name, int length) {
        int labels = labels(name, length);
        int found = set.hasDepth(labels) ? set.find(IndicatorType.DOMAIN, name, 0, length) : IndicatorSet.NONE;
        for (int i = 0; found == IndicatorSet.NONE && labels > 2 && i < length; i++) {
            if (name[i] == '.' && set.hasDepth(--labels)) {
                found = set.find(IndicatorType.DOMAIN, name, i + 1, length - i - 1);
            }
        }
        return found;
    }
}
