package io.marsad.respond.sign;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Signer;
import io.marsad.wire.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /** For one transaction of the tenant, at whose time all is signed. */
    public Pen pen(Connection connection, TenantId tenant, Instant now) {
        return new Pen(connection, tenant, now);
    }

    /** Signs in one transaction; the key is taken from the vault when the first is signed, and forgotten. Not thread-safe. */
    public final class Pen {
        private final Connection connection;
        private final TenantId tenant;
        private final Instant now;
        private @Nullable Signer signer;

        private Pen(Connection connection, TenantId tenant, Instant now) {
            this.connection = connection;
            this.tenant = tenant;
            this.now = now;
        }

        public Signed sign(Mandate mandate) throws SQLException {
            var own = signer;
            if (own == null) {
                signer = own = keys.signer(connection, tenant, now);
            }
            var issued = now.truncatedTo(ChronoUnit.MILLIS);
            var envelope = own.sign(new SignedAction(
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
            return new Signed(envelope, own.id(), SignedAction.hash(envelope));
        }
    }
}
