package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.util.Locale;

/** A confidence as a word. */
public enum RiskLevel {
    UNKNOWN("0"),
    LOW("0"),
    MEDIUM("0.35"),
    HIGH("0.60"),
    CRITICAL("0.80");

    private final BigDecimal from;

    RiskLevel(String from) {
        this.from = new BigDecimal(from);
    }

    /** From which confidence on; low is everything above zero. */
    public BigDecimal from() {
        return from;
    }

    /** The level of a confidence: 0 is unknown. */
    public static RiskLevel of(BigDecimal confidence) {
        var level = confidence.signum() > 0 ? LOW : UNKNOWN;
        for (RiskLevel higher : new RiskLevel[] {MEDIUM, HIGH, CRITICAL}) {
            level = confidence.compareTo(higher.from) >= 0 ? higher : level;
        }
        return level;
    }

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
