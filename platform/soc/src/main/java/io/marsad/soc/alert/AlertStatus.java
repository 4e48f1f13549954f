package io.marsad.soc.alert;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where an alert is on its way, and where it can go from there: the one table of transitions. */
public enum AlertStatus {
    /** Nobody has begun. */
    NEW(1),
    /** Somebody has it. */
    IN_PROGRESS(2),
    /** Out of the queue until a time; then it is new again. */
    SNOOZED(99),
    /** Closed with a verdict, which counts for the rule's record. */
    RESOLVED(4),
    /** Closed without one: nobody looked into it, so it says nothing about the rule. */
    DISMISSED(5);

    private final int ocsf;

    AlertStatus(int ocsf) {
        this.ocsf = ocsf;
    }

    /**
     * What it may become. In progress it may become in progress of somebody else, and snoozed it may be snoozed until
     * another time.
     */
    public Set<AlertStatus> next() {
        return switch (this) {
            case NEW -> EnumSet.of(IN_PROGRESS, SNOOZED, RESOLVED, DISMISSED);
            case IN_PROGRESS, SNOOZED -> EnumSet.allOf(AlertStatus.class);
            case RESOLVED, DISMISSED -> EnumSet.of(NEW, IN_PROGRESS);
        };
    }

    /** Whether somebody may still have to do something. */
    public boolean open() {
        return this != RESOLVED && this != DISMISSED;
    }

    /** {@code status_id} of OCSF's findings. */
    public int ocsf() {
        return ocsf;
    }

    /** {@link #next} as the API writes it, for people. */
    String nextWords() {
        return next().stream().map(AlertStatus::word).collect(Collectors.joining(", "));
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
