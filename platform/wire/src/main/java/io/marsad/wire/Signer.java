package io.marsad.wire;

import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** Signs actions with an Ed25519 key. Thread-safe. */
public final class Signer {
    private final Ed25519PrivateKeyParameters key;
    private final String id;

    /** @throws IllegalArgumentException when they are no Ed25519 keys */
    public Signer(KeyPair keys) {
        this.key = Keys.signing(keys.getPrivate());
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
        } catch (EnvelopeRefused e) {
            throw new IllegalArgumentException("the action cannot be signed: " + e.getMessage(), e);
        }
        var signature = Keys.sign(key, Envelope.signed(SignedAction.TYPE, payload));
        return new Envelope(SignedAction.TYPE, payload, List.of(new Envelope.Signature(id, signature))).json();
    }
}
