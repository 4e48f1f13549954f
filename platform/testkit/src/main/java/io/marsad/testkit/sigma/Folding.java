package io.marsad.testkit.sigma;

/** Text without regard to case: the simple case folding of Unicode (CaseFolding.txt, status C and S). */
final class Folding {
    private static final int CAPITAL_I_WITH_DOT = 0x130;
    private static final int SMALL_I_WITHOUT_DOT = 0x131;

    private Folding() {}

    static String fold(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c < 0x80 && (c < 'A' || c > 'Z');
        }
        if (plain) {
            return text;
        }
        var folded = new StringBuilder(text.length());
        text.codePoints().map(Folding::fold).forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** Two characters are one when this gives the same for both. The two that only Turkish folds (status T) stay. */
    static int fold(int c) {
        return c == CAPITAL_I_WITH_DOT || c == SMALL_I_WITHOUT_DOT
                ? c
                : Character.toLowerCase(Character.toUpperCase(c));
    }
}
