package io.marsad.soc.decision;

import java.util.Locale;

/** The named rules, in the order in which they are asked; the first that holds decides. */
public enum DecisionRule {
    /** Intelligence is at the critical level (0.80 and more), and the alert's severity is critical: escalate. */
    CRITICAL_RISK,
    /** The confidence is at the threshold or above, and the severity is high or critical: escalate. */
    HIGH_CONFIDENCE_HIGH_SEVERITY,
    /** The confidence is at the threshold or above, and two sources each rate it high by themselves: escalate. */
    HIGH_CONFIDENCE_MULTI_SOURCE,
    /** The confidence is at the threshold or below, intelligence says so too, and the severity is low: close. */
    LOW_CONFIDENCE_LOW_SEVERITY,
    /** Nobody who was asked answered: a person. */
    ALL_SOURCES_FAILED,
    /** Nobody can be asked about such an indicator: a person. */
    UNKNOWN_INDICATOR,
    /** A model would be asked, but the alert speaks to it: a person. */
    INJECTION_SUSPECTED;

    /** Changes with anything that changes what these rules decide. */
    public static final String VERSION = "1";

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
