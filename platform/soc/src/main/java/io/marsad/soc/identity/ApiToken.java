package io.marsad.soc.identity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A machine's credential, without its secret. */
public record ApiToken(
        UUID id,
        String name,
        List<String> permissions,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {
    public ApiToken {
        permissions = List.copyOf(permissions);
    }
}
