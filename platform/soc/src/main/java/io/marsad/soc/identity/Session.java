package io.marsad.soc.identity;

import io.marsad.db.audit.AuditLog;
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
 * @param tenant theirs, wherever they act
 * @param acting in which other tenant they act, or null for their own
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
        @Nullable View view,
        @Nullable InTenant acting) {
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
                other,
                acting);
    }

    /**
     * Where somebody acts who belongs to the tenant's provider.
     *
     * @param ended whether it is delegated no more: then they may nothing until they go back to their own tenant, so that
     *     nothing that was meant for the one is done in the other
     */
    public record InTenant(TenantId tenant, String name, boolean ended) {}

    /** The same, in another tenant, where its holder may do this. */
    Session in(InTenant other, Set<String> may) {
        return new Session(
                id,
                userId,
                username,
                role,
                tenant,
                tenantName,
                secondFactorDue ? Set.of() : may,
                secondFactorDue,
                csrf,
                createdAt,
                expiresAt,
                view,
                other);
    }

    /** The same once what was delegated has ended. */
    public Session withActingEnded() {
        return acting == null ? this : in(new InTenant(acting.tenant, acting.name, true), Set.of());
    }

    /** What every entry of the audit says besides who acted. */
    public Map<String, String> capacity() {
        if (acting != null && !acting.ended) {
            return Map.of(AuditLog.PROVIDER, tenant.value());
        }
        return view == null ? Map.of() : Map.of("viewing_as", view.subject());
    }

    /** Of the tenant that they act in. */
    public Caller caller() {
        return new Caller(acting == null || acting.ended ? tenant : acting.tenant, "user:" + userId, permissions);
    }
}
