package io.marsad.sigma;

/** How serious a match is, least first. */
public enum Level {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** As rules write it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
