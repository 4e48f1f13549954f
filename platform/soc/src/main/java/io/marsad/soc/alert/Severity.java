package io.marsad.soc.alert;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How bad it would be, from the rule's level. */
public enum Severity {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** A Sigma level; what is absent or unknown counts as medium. */
    public static Severity ofLevel(@Nullable String level) {
        return switch (level == null ? "" : level.toLowerCase(Locale.ROOT)) {
            case "informational" -> INFORMATIONAL;
            case "low" -> LOW;
            case "high" -> HIGH;
            case "critical" -> CRITICAL;
            default -> MEDIUM;
        };
    }

    /** 1 (informational) to 5 (critical): how the database sorts it. */
    public int rank() {
        return ordinal() + 1;
    }

    public static Severity ofRank(int rank) {
        return values()[rank - 1];
    }

    /** So many steps worse, or better; at most to the end. */
    public Severity shifted(int steps) {
        return values()[Math.clamp((long) ordinal() + steps, 0, values().length - 1)];
    }

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static Severity ofWord(String word) {
        return Words.of(values(), Severity::word, word, "severity");
    }
}
