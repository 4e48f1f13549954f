package io.marsad.fleet;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What lets hosts in, without the secret itself.
 *
 * @param group of the hosts that come by it
 * @param oneTime good for one host
 * @param uses how many times a host came by it
 * @param lastUsedHost as that host called itself
 */
public record EnrollSecret(
        UUID id,
        String name,
        String group,
        boolean oneTime,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        long uses,
        @Nullable Instant lastUsedAt,
        @Nullable String lastUsedHost,
        Instant createdAt) {
    /** Why it lets nobody in now; null when it does. */
    @Nullable
    String refusal(Instant now) {
        if (revokedAt != null) {
            return "revoked";
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return "expired";
        }
        return oneTime && uses > 0 ? "used" : null;
    }

    /** {@code active}, {@code revoked}, {@code expired} or {@code used}. */
    public String state(Instant now) {
        var refusal = refusal(now);
        return refusal == null ? "active" : refusal;
    }
}
