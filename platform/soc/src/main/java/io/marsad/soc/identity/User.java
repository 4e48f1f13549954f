package io.marsad.soc.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person's account.
 *
 * @param hasPassword whether one can sign in with a password
 * @param lastSeenAt to a minute; null before the first time
 * @param sessions how many are open
 */
public record User(
        UUID id,
        String username,
        Role role,
        boolean disabled,
        boolean hasPassword,
        Instant createdAt,
        @Nullable Instant lastSeenAt,
        int sessions) {
    /** As the audit names them. */
    public String subject() {
        return "user:" + id;
    }
}
