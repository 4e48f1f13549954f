package io.marsad.api.http;

import io.marsad.kernel.tenant.Caller;
import io.marsad.soc.identity.Session;
import org.jspecify.annotations.Nullable;

/**
 * What a request was sent with, found good.
 *
 * @param id of the session or token
 * @param name of the user or token; a token's name is also the source that its records come from
 * @param csrf what a session's unsafe requests have to repeat in {@code X-Marsad-Csrf}; null for a token
 * @param session null for a token
 */
public record Credential(
        String id,
        String name,
        Caller caller,
        @Nullable String csrf,
        @Nullable Session session) {
    @Override
    public String toString() {
        return caller.subject();
    }
}
