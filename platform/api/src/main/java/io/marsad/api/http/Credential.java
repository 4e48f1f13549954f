package io.marsad.api.http;

import io.marsad.kernel.tenant.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request was sent with, found good.
 *
 * @param id of the session or token
 * @param name of the user or token; a token's name is also the source that its records come from
 * @param csrf what a session's unsafe requests have to repeat in {@code X-Marsad-Csrf}; null for a token
 * @param expires null when it does not
 */
public record Credential(
        Kind kind,
        String id,
        String name,
        Caller caller,
        @Nullable String csrf,
        @Nullable Instant expires) {
    /** How the caller proved who they are. */
    public enum Kind {
        SESSION,
        TOKEN
    }
}
