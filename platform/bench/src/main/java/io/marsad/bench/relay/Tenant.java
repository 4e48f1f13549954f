package io.marsad.bench.relay;

import io.marsad.fleet.identity.Authority;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.SignedAction;
import io.marsad.wire.SignedKeys;
import io.marsad.wire.Signer;
import io.marsad.wire.Verifier.TrustedKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Who is who in the measured world: an authority, and those it has let in. Thread-safe. */
final class Tenant {
    static final String NAME = "bench";

    private final SecureRandom random = new SecureRandom();
    private final Authority authority = Authority.create(NAME, Instant.now().minusSeconds(60), random);
    private final KeyPair pair;
    private final Signer signer;

    /** Somebody with a key and a certificate. */
    record Member(PeerId id, KeyPair keys, X509Certificate certificate) {}

    Tenant() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
        signer = new Signer(pair);
    }

    Member admit(PeerId.Kind kind) {
        var id = new PeerId(NAME, kind, UUID.randomUUID());
        var keys = Authority.keys(random);
        return new Member(id, keys, authority.issue(id, keys.getPublic(), List.of(), Instant.now()));
    }

    List<X509Certificate> authorities() {
        return List.of(authority.certificate());
    }

    PeerTrust trust() {
        return new PeerTrust(NAME, authorities(), _ -> false, InstantSource.system());
    }

    /** The list of keys whose signatures count. */
    String keys() {
        var from = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 60);
        return authority.sign(new SignedKeys(
                NAME, 1, List.of(new TrustedKey(pair.getPublic(), from, from.plus(Duration.ofDays(1))))));
    }

    /** A query for one host, as an action that is signed. */
    String query(UUID id, UUID endpoint) {
        var now = Instant.ofEpochMilli(System.currentTimeMillis());
        return signer.sign(new SignedAction(
                id,
                NAME,
                endpoint.toString(),
                "run_endpoint_query",
                "{\"host\":\"" + endpoint + "\",\"query\":\"users\"}",
                "bench",
                List.of(),
                1,
                now,
                now.plus(Duration.ofHours(1)),
                UUID.randomUUID()));
    }
}
