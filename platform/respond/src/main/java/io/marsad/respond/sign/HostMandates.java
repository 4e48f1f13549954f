package io.marsad.respond.sign;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Signs for one host what was signed for the platform: the same action with the same parameters, asked for and agreed to by
 * the same people. Thread-safe.
 */
public final class HostMandates {
    private final ActionKeys keys;
    private final InstantSource clock;

    public HostMandates(ActionKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * In a transaction of the tenant.
     *
     * @param agreed the envelope of the platform
     * @param life from now; not longer than that of what was agreed to
     * @throws EnvelopeRefused when that one is not good, so that there is nothing to sign
     */
    public Signed sign(Connection connection, TenantId tenant, String agreed, UUID endpoint, Duration life)
            throws SQLException, EnvelopeRefused {
        var trusted = keys.trusted(connection, tenant);
        var action = new Verifier(tenant.value(), Mandates.PLATFORM, trusted, (_, _) -> true, clock).accept(agreed);
        var issued = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var end = issued.plus(life);
        var expires = end.isBefore(action.expiresAt()) ? end : action.expiresAt();
        var signer = keys.signer(connection, tenant, issued);
        var envelope = signer.sign(new SignedAction(
                action.id(),
                action.tenant(),
                endpoint.toString(),
                action.action(),
                action.parameters(),
                action.requestedBy(),
                action.approvedBy(),
                action.policyVersion(),
                issued,
                expires,
                UUID.randomUUID()));
        return new Signed(envelope, expires);
    }

    /** @param envelope DSSE, as JSON @param expires from then on no agent begins it */
    public record Signed(String envelope, java.time.Instant expires) {}
}
