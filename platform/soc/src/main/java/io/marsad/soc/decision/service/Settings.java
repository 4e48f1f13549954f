package io.marsad.soc.decision.service;

import io.marsad.soc.decision.Thresholds;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's decisions are made by.
 *
 * @param version 0: nobody has set any, those of the house are in force
 * @param thresholds as they were set; whether anything is closed is said by {@link #inForce}
 * @param samplePercent so many of a hundred alerts that would be closed stay open for a person to check
 * @param stop there when the kill switch is thrown
 */
public record Settings(
        int version,
        Thresholds thresholds,
        int samplePercent,
        String reason,
        String madeBy,
        @Nullable Instant madeAt,
        @Nullable Stop stop) {
    /** Closing is off until the tenant switches it on; then one in ten is checked, unless something else is set. */
    public static final Settings OF_THE_HOUSE =
            new Settings(0, Thresholds.DEFAULT.withoutAutoClose(), 10, "", "", null, null);

    /** The kill switch, thrown. */
    public record Stop(String reason, String by, Instant at) {}

    /** With the kill switch. */
    public Thresholds inForce() {
        return stop == null ? thresholds : thresholds.withoutAutoClose();
    }
}
