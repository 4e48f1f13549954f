package io.marsad.soc.identity.access;

import io.marsad.soc.identity.jose.PublicJwk;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.security.PublicKey;
import java.time.Instant;

/**
 * A key of ours, without its private part.
 *
 * @param createdAt published from then on
 * @param signsFrom until the next one of its algorithm does
 */
public record SigningKey(String id, SignatureAlgorithm algorithm, PublicKey key, Instant createdAt, Instant signsFrom) {
    /** As it is published. */
    public PublicJwk jwk() {
        return new PublicJwk(id, algorithm, key);
    }
}
