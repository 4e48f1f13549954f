package io.marsad.sigma;

/** How far a rule has come. */
public enum Status {
    STABLE,
    TEST,
    EXPERIMENTAL,
    DEPRECATED,
    UNSUPPORTED;

    /** As rules write it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
