package io.marsad.soc.cases;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a case is on its way, and where it can go from there: the one table of transitions. */
public enum CaseStatus {
    /** Nobody has begun. */
    OPEN,
    /** Somebody works on it. */
    INVESTIGATING,
    /** It does no more harm. */
    CONTAINED,
    /** What had to be done is done; it may still be looked over. */
    RESOLVED,
    CLOSED,
    /** It was no attack. */
    FALSE_POSITIVE;

    /** What it may become; from an end it is reopened. */
    public Set<CaseStatus> next() {
        return switch (this) {
            case OPEN -> EnumSet.of(INVESTIGATING, CONTAINED, RESOLVED, CLOSED, FALSE_POSITIVE);
            case INVESTIGATING -> EnumSet.of(OPEN, CONTAINED, RESOLVED, CLOSED, FALSE_POSITIVE);
            case CONTAINED -> EnumSet.of(INVESTIGATING, RESOLVED, CLOSED, FALSE_POSITIVE);
            case RESOLVED -> EnumSet.of(OPEN, INVESTIGATING, CLOSED, FALSE_POSITIVE);
            case CLOSED, FALSE_POSITIVE -> EnumSet.of(OPEN, INVESTIGATING);
        };
    }

    /** Whether somebody may still have to do something; only then it takes more alerts. */
    public boolean active() {
        return this == OPEN || this == INVESTIGATING || this == CONTAINED;
    }

    /** {@link #next} as the API writes it, for people. */
    String nextWords() {
        return next().stream().map(CaseStatus::word).collect(Collectors.joining(", "));
    }

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static CaseStatus ofWord(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a status of cases: one of "
                        + Arrays.stream(values()).map(CaseStatus::word).collect(Collectors.joining(", "))
                        + " is expected"));
    }
}
