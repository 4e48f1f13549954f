package io.marsad.soc.indicator;

import java.util.Locale;

/** Whom it may be told, Traffic Light Protocol 2.0. */
public enum Tlp {
    CLEAR,
    GREEN,
    AMBER,
    AMBER_STRICT,
    RED;

    /** As the API writes it: {@code amber+strict}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '+');
    }

    /** @throws IllegalArgumentException when it is none */
    public static Tlp of(String word) {
        var bare = word.strip().toLowerCase(Locale.ROOT).replaceFirst("^tlp:", "");
        for (Tlp one : values()) {
            if (one.word().equals(bare)) {
                return one;
            }
        }
        if (bare.equals("white")) {
            return CLEAR; // its name before version 2
        }
        throw new IllegalArgumentException("'" + word + "' is no TLP: clear, green, amber, amber+strict or red");
    }
}
