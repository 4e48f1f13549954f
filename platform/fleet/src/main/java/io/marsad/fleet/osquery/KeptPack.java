package io.marsad.fleet.osquery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pack as it is kept.
 *
 * @param version of a tenant's own, from 1; 0: it is shipped
 * @param text as it was written
 * @param madeBy null: it is shipped
 */
public record KeptPack(
        QueryPack pack,
        long version,
        String text,
        String note,
        @Nullable String madeBy,
        @Nullable Instant madeAt) {
    /** Whether it comes with the platform, and is not to be changed. */
    public boolean shipped() {
        return version == 0;
    }
}
