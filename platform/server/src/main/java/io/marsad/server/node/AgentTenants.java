package io.marsad.server.node;

import io.marsad.fleet.control.Admissions;
import io.marsad.fleet.control.Rosters;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.fleet.relay.Tenancy;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * How the node serves each tenant that has an authority: with a certificate of it, made when somebody calls first and again
 * when a third of its time is left. Thread-safe.
 */
final class AgentTenants implements Tenancy {
    private final AgentOrders.Shared shared;
    private final Authorities authorities;
    private final AgentRecords records;
    private final UUID self = UUID.randomUUID();
    private final ConcurrentMap<TenantId, Served> served = new ConcurrentHashMap<>();

    /** @param renew when it shows another certificate */
    private record Served(Serving serving, AgentOrders orders, Instant renew) {}

    AgentTenants(AgentOrders.Shared shared, Authorities authorities, AgentRecords records) {
        this.shared = shared;
        this.authorities = authorities;
        this.records = records;
    }

    @Override
    public @Nullable Serving of(String name) {
        TenantId tenant;
        try {
            tenant = new TenantId(name);
        } catch (IllegalArgumentException e) {
            return null; // anybody may say anything
        }
        var now = shared.state().clock().instant();
        var known = served.get(tenant);
        if (known == null || !now.isBefore(known.renew)) {
            known = served.compute(
                    tenant,
                    (_, before) -> before != null && now.isBefore(before.renew) ? before : serve(tenant, before, now));
        }
        return known == null ? null : known.serving;
    }

    private @Nullable Served serve(TenantId tenant, @Nullable Served before, Instant now) {
        var state = shared.state();
        var trusted = state.database().inTenant(tenant, connection -> authorities.trusted(connection, tenant));
        if (trusted.isEmpty()) {
            return null; // nobody was ever to be let in
        }
        var pair = Authority.keys(state.random());
        var id = new PeerId(tenant.value(), PeerId.Kind.RELAY, self);
        var chain = state.database().inTenant(tenant, connection -> {
            var authority = authorities.current(connection, tenant, now);
            return List.of(authority.issue(id, pair.getPublic(), List.of(), now), authority.certificate());
        });
        var believed = new ArrayList<>(trusted);
        if (!believed.contains(chain.getLast())) {
            believed.add(chain.getLast());
        }
        var orders = before == null ? new AgentOrders(tenant, shared) : before.orders;
        var desks = before == null ? orders.desks(records) : before.serving.desks();
        var trust = new PeerTrust(tenant.value(), believed, one -> isOut(tenant, shared.rosters(), one), state.clock());
        var renew = chain.getFirst().getNotAfter().toInstant().minus(Authority.CERTIFICATE_LIFE.dividedBy(3));
        return new Served(new Serving(new Identity(chain, pair.getPrivate()), trust, desks), orders, renew);
    }

    private static boolean isOut(TenantId tenant, Rosters rosters, X509Certificate certificate) {
        var id = PeerId.of(certificate);
        return !rosters.isGood(tenant, id.id(), Admissions.purpose(id.kind()), Fingerprint.bytes(certificate));
    }

    /** Looks for what is new in each. */
    void look() {
        served.values().forEach(one -> one.orders.look());
    }
}
