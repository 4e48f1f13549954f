package io.marsad.fleet.relay;

import io.marsad.wire.PeerTrust;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants an address serves, and with what. Asked at each handshake, call and order, so that another certificate, or
 * an endpoint that is let in no more, counts at once. Thread-safe.
 */
@FunctionalInterface
public interface Tenancy {
    /** @return null: the tenant is not served here */
    @Nullable
    Serving of(String tenant);

    /**
     * Who the address is to a tenant's peers.
     *
     * @param chain the relay's own certificate first, and the authority's: who comes for the first time looks for that
     */
    record Identity(List<X509Certificate> chain, PrivateKey key) {
        public Identity {
            chain = List.copyOf(chain);
        }
    }

    /**
     * How a tenant is served.
     *
     * @param trust who may call
     */
    record Serving(Identity identity, PeerTrust trust, Desks desks) {}

    /**
     * Where calls end.
     *
     * @param relays null: no relay is spoken with
     * @param evidence null: none is taken
     * @param packages null: none are given out
     */
    record Desks(
            TelemetrySink sink,
            PolicyDesk policies,
            ActionDesk actions,
            KeyDesk keys,
            @Nullable RelayDesk relays,
            @Nullable EvidenceDesk evidence,
            @Nullable PackageDesk packages) {}
}
