package io.marsad.soc.alert;

import java.util.Locale;

/** What a closed alert turned out to be. */
public enum Verdict {
    TRUE_POSITIVE,
    FALSE_POSITIVE,
    BENIGN,
    TEST,
    DUPLICATE;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static Verdict ofWord(String word) {
        return Words.of(values(), Verdict::word, word, "verdict");
    }
}
