package io.marsad.fleet;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What lets hosts in, without the secret itself.
 *
 * @param purpose of what it lets in
 * @param group of the hosts that come by it
 * @param oneTime good for one host
 * @param uses how many times a host came by it
 * @param lastUsedHost as that host called itself
 */
public record EnrollSecret(
        UUID id,
        String name,
        Purpose purpose,
        String group,
        boolean oneTime,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        long uses,
        @Nullable Instant lastUsedAt,
        @Nullable String lastUsedHost,
        Instant createdAt) {
    /** What a secret lets in, and nothing else. */
    public enum Purpose {
        OSQUERY,
        AGENT,
        RELAY;

        /** As it is written in tables and in the interface, where it is the kind of endpoint too. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when it is none */
        public static Purpose of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Why it lets nobody of a kind in now; null when it does. */
    @Nullable
    String refusal(Purpose wanted, Instant now) {
        return wanted == purpose ? refusal(now) : "it is for " + purpose.word();
    }

    private @Nullable String refusal(Instant now) {
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
