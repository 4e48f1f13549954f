package io.marsad.connect.run;

/** Whether a call leaves the platform. */
public enum Mode {
    LIVE,
    /** Nothing is sent, not even to ask: what would be is returned. */
    SIMULATED
}
