package io.marsad.soc.identity.sso;

import java.time.Instant;
import java.util.UUID;

/**
 * An OpenID provider of a tenant.
 *
 * @param hasSecret whether it knows us by one; else by the client id and the proof of the code alone
 */
public record Provider(UUID id, ProviderSettings settings, boolean hasSecret, Instant createdAt, Instant updatedAt) {
    /** As the audit names it. */
    public String subject() {
        return "provider:" + id;
    }
}
