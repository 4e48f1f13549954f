package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.Host;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets endpoints in. Called by several threads. */
public interface Enroller {
    /**
     * What an endpoint is known by from now on, and whom it is to believe.
     *
     * @param authorities that may sign certificates of relays
     * @param keys the envelope of the list of those that may sign policies and actions, as its authority signed it
     */
    record Admission(PeerId endpoint, X509Certificate certificate, List<X509Certificate> authorities, String keys) {
        public Admission {
            authorities = List.copyOf(authorities);
        }
    }

    /**
     * A host at the door.
     *
     * @param kind as what it is to be let in
     * @param key of a request that was checked
     * @param address from where it asks; empty: not known
     * @param relay that passes it on: for its tenant and no other; null: it asks by itself
     */
    record Asking(
            String secret,
            PeerId.Kind kind,
            Host host,
            PublicKey key,
            String address,
            @Nullable PeerId relay) {}

    /**
     * The same host with the same secret is the same endpoint; what it had before is good no more.
     *
     * @return null: the secret does not let it in
     * @throws IOException when it cannot be decided now
     */
    @Nullable
    Admission enroll(Asking asking) throws IOException;

    /** Where those who are let in call, at the same host. */
    int port();

    /**
     * The next certificate of one that is let in.
     *
     * @param peer an endpoint or a relay, itself or by the word of a relay of its tenant
     * @return null: it is to enroll again
     * @throws IOException when it cannot be decided now
     */
    @Nullable
    Admission renew(PeerId peer, PublicKey key) throws IOException;
}
