package io.marsad.soc.correlate;

/** The part that a thing plays in an alert, where the alert says so. */
public enum Role {
    /** It attacks, or is used to. */
    ACTOR,
    /** It is attacked. */
    VICTIM,
    /** The alert is about it; nothing more is said. */
    INVOLVED,
    /** Beside the matter: context, inventory, who else was signed in. Its grip is faint. */
    RELATED
}
