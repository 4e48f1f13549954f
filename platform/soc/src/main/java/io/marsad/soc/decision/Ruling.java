package io.marsad.soc.decision;

import java.util.Locale;

/** What is done with an alert: exactly one of three. */
public enum Ruling {
    ESCALATE,
    AUTO_CLOSE,
    HUMAN_REVIEW;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static Ruling ofWord(String word) {
        for (Ruling ruling : values()) {
            if (ruling.word().equals(word)) {
                return ruling;
            }
        }
        throw new IllegalArgumentException("not a decision: one of escalate, auto_close, human_review is expected");
    }
}
