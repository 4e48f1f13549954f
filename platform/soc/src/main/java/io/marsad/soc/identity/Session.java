package io.marsad.soc.identity;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody is signed in.
 *
 * @param role their own, whatever they look as
 * @param csrf what requests that change something repeat in a header
 * @param permissions what may be done in it: those of the role, as far as the view has them; none while {@code secondFactorDue}
 * @param secondFactorDue whether the role needs a second factor, and a password was all that was shown
 * @param view as whom they look at the platform, or null for themselves
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
        Instant expiresAt,
        @Nullable View view) {
    public Session {
        permissions = Set.copyOf(permissions);
    }

    /**
     * As whom an administrator looks at the platform: they may do what both may.
     *
     * @param role its name
     * @param user null when it is a role and nobody in particular
     * @param username null when it is a role, or the user is gone
     */
    public record View(
            String role, @Nullable UUID user, @Nullable String username, Instant since) {
        /** As the audit names it: {@code role:auditor}, {@code user:UUID}. */
        public String subject() {
            return user == null ? "role:" + role : "user:" + user;
        }
    }

    /** The same, seen as somebody else who may do this. */
    Session as(View other, Set<String> may) {
        var both = new TreeSet<>(permissions);
        both.retainAll(may);
        return new Session(
                id,
                userId,
                username,
                role,
                tenant,
                tenantName,
                both,
                secondFactorDue,
                csrf,
                createdAt,
                expiresAt,
                other);
    }

    /** What every entry of the audit says besides who acted. */
    public Map<String, String> capacity() {
        return view == null ? Map.of() : Map.of("viewing_as", view.subject());
    }

    public Caller caller() {
        return new Caller(tenant, "user:" + userId, permissions);
    }
}
