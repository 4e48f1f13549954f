package io.marsad.respond.action;

/** How far a mistake reaches, from least to most. */
public enum BlastRadius {
    /** A message, a note: nobody's work stops. */
    MINIMAL,
    /** Somebody notices. */
    LOW,
    /** Something of one address, file or session stops. */
    MEDIUM,
    /** A person or a machine cannot work. */
    HIGH,
    /** More than one, or what nobody can foresee. */
    CRITICAL;

    /** One more, for what matters most; the most stays. */
    BlastRadius wider() {
        return this == CRITICAL ? CRITICAL : values()[ordinal() + 1];
    }
}
