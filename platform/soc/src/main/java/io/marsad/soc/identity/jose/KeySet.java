package io.marsad.soc.identity.jose;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The keys that somebody signs with (JWKS). Immutable. */
public record KeySet(List<PublicJwk> keys) {
    private static final int MOST = 100;

    public KeySet {
        keys = List.copyOf(keys);
    }

    /**
     * Keys of kinds that we do not take are left out.
     *
     * @throws InvalidTokenException when it is no set of keys, or one has more than a hundred
     */
    public static KeySet read(JsonNode json) throws InvalidTokenException {
        var list = json.get("keys");
        if (list == null || !list.isArray() || list.size() > MOST) {
            throw new InvalidTokenException("this is no set of at most " + MOST + " keys");
        }
        var keys = new ArrayList<PublicJwk>();
        for (JsonNode one : list) {
            var key = PublicJwk.read(one);
            if (key != null) {
                keys.add(key);
            }
        }
        return new KeySet(keys);
    }

    /** Whether some key may have signed the token: else it is worth asking for the keys again. */
    public boolean mayKnow(Jwt token) {
        return keys.stream().anyMatch(key -> signedBy(token, key));
    }

    /** @throws InvalidTokenException unless one of the keys signed it, with the algorithm that it says */
    public void verify(Jwt token) throws InvalidTokenException {
        boolean known = false;
        for (PublicJwk key : keys) {
            if (signedBy(token, key)) {
                known = true;
                if (token.algorithm().verifies(key.key(), token.signed(), token.signature())) {
                    return;
                }
            }
        }
        throw new InvalidTokenException(known ? "the signature is not right" : "no key is known that signed it");
    }

    private static boolean signedBy(Jwt token, PublicJwk key) {
        var id = token.keyId();
        return (id == null || id.equals(key.id()))
                && (key.only() == null || key.only() == token.algorithm())
                && token.algorithm().fits(key.key());
    }
}
