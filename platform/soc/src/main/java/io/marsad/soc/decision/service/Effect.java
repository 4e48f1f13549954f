package io.marsad.soc.decision.service;

import java.util.Locale;

/** What a decision did to its alert. */
public enum Effect {
    /** It is marked as escalated. */
    ESCALATED,
    /** It is dismissed: closed, without a verdict. */
    CLOSED,
    /** It would have been closed, and stays in the queue for a person to check. */
    SAMPLED,
    /** Nothing: it waits for a person, or a person was there first. */
    NONE;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Effect ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
