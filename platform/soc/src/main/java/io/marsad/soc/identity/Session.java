package io.marsad.soc.identity;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody is signed in.
 *
 * @param csrf what requests that change something repeat in a header
 * @param permissions what may be done in it: those of the role; none while {@code secondFactorDue}
 * @param secondFactorDue whether the role needs a second factor, and a password was all that was shown
 * @param expiresAt when it ends if nothing is asked any more, or its seven days are over
 */
public record Session(
        UUID id,
        UUID userId,
        String username,
        Role role,
        TenantId tenant,
        String tenantName,
        Set<String> permissions,
        boolean secondFactorDue,
        String csrf,
        Instant createdAt,
        Instant expiresAt) {
    public Session {
        permissions = Set.copyOf(permissions);
    }

    public Caller caller() {
        return new Caller(tenant, "user:" + userId, permissions);
    }
}
