package io.marsad.respond.sign;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Signs actions when they are begun. Thread-safe. */
public final class Mandates {
    /** The target of what this platform does itself, over connections or by its own hand. */
    public static final String PLATFORM = "platform";

    /** Grows when what is decided by changes its meaning. */
    private static final long POLICY = 1;

    private final ActionKeys keys;

    public Mandates(ActionKeys keys) {
        this.keys = keys;
    }

    /**
     * What is to be done.
     *
     * @param parameters canonical JSON
     * @param approvedBy who agreed; empty where nobody has to
     */
    public record Mandate(UUID id, String action, String parameters, String requestedBy, List<String> approvedBy) {
        public Mandate {
            approvedBy = List.copyOf(approvedBy);
        }
    }

    /** @param envelope DSSE, as JSON @param hash SHA-256 of it */
    public record Signed(String envelope, String key, String hash) {}

    /** In a transaction of the tenant. */
    public Signed sign(Connection connection, TenantId tenant, Mandate mandate, Instant now) throws SQLException {
        var signer = keys.signer(connection, tenant, now);
        var issued = now.truncatedTo(ChronoUnit.MILLIS);
        var envelope = signer.sign(new SignedAction(
                mandate.id(),
                tenant.value(),
                PLATFORM,
                mandate.action(),
                mandate.parameters(),
                mandate.requestedBy(),
                mandate.approvedBy(),
                POLICY,
                issued,
                issued.plus(Verifier.LONGEST_LIFE),
                mandate.id()));
        return new Signed(envelope, signer.id(), SignedAction.hash(envelope));
    }
}
