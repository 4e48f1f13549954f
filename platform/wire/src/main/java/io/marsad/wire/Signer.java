package io.marsad.wire;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.List;

/** Signs actions with an Ed25519 key. Thread-safe. */
public final class Signer {
    private final KeyPair keys;
    private final String id;

    public Signer(KeyPair keys) {
        this.keys = keys;
        this.id = Keys.id(keys.getPublic());
    }

    /** Of its key. */
    public String id() {
        return id;
    }

    /**
     * The envelope, as JSON.
     *
     * @throws IllegalArgumentException when the action is too large, or its parameters are not canonical
     */
    public String sign(SignedAction action) {
        var payload = ActionCodec.write(action);
        if (payload.length > ActionCodec.MOST_BYTES) {
            throw new IllegalArgumentException("the action is larger than " + ActionCodec.MOST_BYTES + " bytes");
        }
        try {
            if (!ActionCodec.read(payload).equals(action)) {
                throw new IllegalArgumentException("the action does not come back as it is");
            }
            var signature = Signature.getInstance(Keys.ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(Envelope.signed(SignedAction.TYPE, payload));
            return new Envelope(SignedAction.TYPE, payload, List.of(new Envelope.Signature(id, signature.sign())))
                    .json();
        } catch (EnvelopeRefused e) {
            throw new IllegalArgumentException("the action cannot be signed: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }
}
