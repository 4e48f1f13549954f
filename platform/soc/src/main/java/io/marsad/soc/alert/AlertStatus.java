package io.marsad.soc.alert;

import java.util.Locale;

/** Where an alert is on its way. */
public enum AlertStatus {
    NEW,
    IN_PROGRESS,
    RESOLVED;

    /** Every state may become every other; none becomes itself. */
    public boolean mayBecome(AlertStatus next) {
        return switch (this) {
            case NEW -> next == IN_PROGRESS || next == RESOLVED;
            case IN_PROGRESS -> next == NEW || next == RESOLVED;
            case RESOLVED -> next == NEW || next == IN_PROGRESS;
        };
    }

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static AlertStatus ofWord(String word) {
        return Words.of(values(), AlertStatus::word, word, "status");
    }
}
