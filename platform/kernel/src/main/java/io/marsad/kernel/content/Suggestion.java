package io.marsad.kernel.content;

/** The nearest of the names that would have been right. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code " (did you mean 'x'?)"}, or nothing when none is near. */
    public static String among(String wrong, String... right) {
        String best = null;
        int distance = Math.max(2, wrong.length() / 3) + 1;
        for (String candidate : right) {
            int d = distance(wrong, candidate);
            if (d < distance) {
                distance = d;
                best = candidate;
            }
        }
        return best == null ? "" : " (did you mean '" + best + "'?)";
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        if (a.length() > 64 || b.length() > 64) {
            return Integer.MAX_VALUE;
        }
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
