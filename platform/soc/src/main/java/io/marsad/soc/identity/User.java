package io.marsad.soc.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person's account.
 *
 * @param by what one can sign in with
 * @param lastSeenAt to a minute; null before the first time
 * @param sessions how many are open
 */
public record User(
        UUID id,
        String username,
        Role role,
        boolean disabled,
        SignsIn by,
        Instant createdAt,
        @Nullable Instant lastSeenAt,
        int sessions) {
    /**
     * What somebody can sign in with.
     *
     * @param passkeys how many there are
     * @param authenticator whether the password needs a code of an authenticator app
     */
    public record SignsIn(boolean password, int passkeys, boolean authenticator) {}

    /** As the audit names them. */
    public String subject() {
        return "user:" + id;
    }
}
