package io.marsad.fleet.live;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What hosts were asked, and how far it is.
 *
 * @param discovery only hosts where this finds a row run it; empty: all
 * @param hosts how many are asked
 * @param answered how many have, those that failed among them
 * @param rows of all answers, kept or not
 */
public record LiveQuery(
        UUID id,
        String sql,
        String discovery,
        String createdBy,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant cancelledAt,
        int hosts,
        int answered,
        int failed,
        long rows) {
    /** {@code running}, {@code complete}, {@code cancelled} or {@code expired}. */
    public String state(Instant now) {
        if (answered >= hosts) {
            return "complete";
        }
        if (cancelledAt != null) {
            return "cancelled";
        }
        return now.isBefore(expiresAt) ? "running" : "expired";
    }
}
