package io.marsad.soc.tenant;

import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody of a tenant's provider may act in the tenant.
 *
 * @param user one of the provider's people, or null
 * @param username null when it is not one user, or where the provider's people are not known
 * @param providerRole everybody with this role at the provider, or null when it is one user
 * @param role what they are in the tenant
 * @param createdBy as the audit names it
 */
public record Delegation(
        UUID id,
        TenantId provider,
        @Nullable UUID user,
        @Nullable String username,
        @Nullable String providerRole,
        String role,
        String createdBy,
        Instant createdAt) {}
