package io.marsad.fleet.control;

import io.marsad.fleet.Endpoint;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.Enrollment.Known;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.fleet.identity.KeyLists;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.PeerId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lets agents and relays in, and gives them their certificates. Thread-safe. */
public final class Admissions {
    private final Enrollment enrollment;
    private final Authorities authorities;
    private final KeyLists keys;
    private final Rosters rosters;

    public Admissions(Enrollment enrollment, Authorities authorities, KeyLists keys, Rosters rosters) {
        this.enrollment = enrollment;
        this.authorities = authorities;
        this.keys = keys;
        this.rosters = rosters;
    }

    /** @param keys the envelope of the newest list of keys */
    public record Admitted(PeerId peer, X509Certificate certificate, List<X509Certificate> authorities, String keys) {
        public Admitted {
            authorities = List.copyOf(authorities);
        }
    }

    /**
     * A host at the door; by its hardware it is known again.
     *
     * @param key of a request that was checked
     * @param address from where it asks; empty: not known
     */
    public record Asking(String secret, PeerId.Kind kind, Endpoint.Host host, PublicKey key, String address) {}

    /** @return null: the secret does not let it in */
    public @Nullable Admitted enroll(Asking asking) {
        var tenant = Enrollment.tenantOf(asking.secret);
        if (tenant == null) {
            return null;
        }
        var door = new Enrollment.Asking(asking.secret, purpose(asking.kind), asking.host, asking.address);
        var issuing = new Issuing(tenant, asking.kind, asking.key);
        var id = enrollment.admit(door, issuing::issue);
        if (id == null) {
            return null;
        }
        rosters.changed(tenant, id); // what it had before is good no more, at once
        return issuing.admitted;
    }

    /** The next certificate. @return null: it is to enroll again */
    public @Nullable Admitted renew(PeerId peer, PublicKey key) {
        var tenant = new TenantId(peer.tenant());
        var issuing = new Issuing(tenant, peer.kind(), key);
        if (!enrollment.renew(tenant, peer.id(), purpose(peer.kind()), issuing::issue)) {
            return null;
        }
        rosters.changed(tenant, peer.id());
        return issuing.admitted;
    }

    /** What the peer is in the tables. */
    public static Purpose purpose(PeerId.Kind kind) {
        return switch (kind) {
            case ENDPOINT -> Purpose.AGENT;
            case RELAY -> Purpose.RELAY;
        };
    }

    private final class Issuing {
        private final TenantId tenant;
        private final PeerId.Kind kind;
        private final PublicKey key;
        private @Nullable Admitted admitted;

        private Issuing(TenantId tenant, PeerId.Kind kind, PublicKey key) {
            this.tenant = tenant;
            this.kind = kind;
            this.key = key;
        }

        private Known issue(Connection connection, UUID id, Instant now) throws SQLException {
            var peer = new PeerId(tenant.value(), kind, id);
            var certificate = authorities.current(connection, tenant, now).issue(peer, key, List.of(), now);
            admitted = new Admitted(
                    peer,
                    certificate,
                    authorities.trusted(connection, tenant),
                    keys.newest(connection, tenant, now).envelope());
            return new Known(
                    Fingerprint.bytes(certificate), certificate.getNotAfter().toInstant());
        }
    }
}
