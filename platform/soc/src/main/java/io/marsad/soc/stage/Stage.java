package io.marsad.soc.stage;

import java.util.Locale;

/** How far a rule's word goes. */
public enum Stage {
    /** What it finds becomes alerts. */
    ACTIVE,
    /** What it finds is counted and kept to be looked at; nobody gets work from it. */
    SHADOW,
    /** What it finds by itself is dropped. Correlations that count it go on. */
    DISABLED;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param word one of {@link #word} */
    public static Stage ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
