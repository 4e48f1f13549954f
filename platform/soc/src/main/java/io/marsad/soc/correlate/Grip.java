package io.marsad.soc.correlate;

import java.util.Locale;

/** How much it says about two alerts that they name the same thing. */
public enum Grip {
    /** Hardly anything: everybody uses it, or a name is all there is. Holds a lone alert, never joins two groups. */
    FAINT,
    /** Something: used by few, or for one purpose. */
    LOOSE,
    /** Much: one person, one machine, one message, one file that is no part of a system. */
    FIRM;

    /** As explanations write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Grip atMost(Grip other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
