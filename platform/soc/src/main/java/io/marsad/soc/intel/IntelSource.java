package io.marsad.soc.intel;

import java.time.Instant;

/** Somebody who can be asked about indicators without a call over the network. */
public interface IntelSource {
    /** Its name in signals; no two sources that are asked together have the same. */
    String name();

    /** Whether it can say anything about such indicators. */
    boolean knows(Indicator indicator);

    /**
     * What it says; never throws.
     *
     * @param at the time at which it should hold
     */
    IntelAnswer lookup(Indicator indicator, Instant at);
}
