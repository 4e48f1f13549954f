package io.marsad.respond.sign;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.SignedPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Signs what agents are to collect, with the keys that sign actions. Thread-safe. */
public final class PolicySeal {
    private final ActionKeys keys;

    public PolicySeal(ActionKeys keys) {
        this.keys = keys;
    }

    /** @param envelope DSSE, as JSON @param goodUntil from then on its time, or that of its key, is over */
    public record Sealed(String envelope, Instant goodUntil) {}

    /** In a transaction of the tenant. */
    public Sealed sign(Connection connection, TenantId tenant, SignedPolicy policy, Instant now) throws SQLException {
        var signer = keys.signer(connection, tenant, now);
        var end = keys.goodUntil(connection, tenant, signer.id());
        return new Sealed(signer.sign(policy), end.isBefore(policy.expiresAt()) ? end : policy.expiresAt());
    }
}
