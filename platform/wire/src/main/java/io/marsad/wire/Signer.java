package io.marsad.wire;

import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** Signs actions and policies with an Ed25519 key. Thread-safe. */
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
        return sign(SignedAction.TYPE, action, ActionCodec.write(action), ActionCodec::read);
    }

    /**
     * The envelope, as JSON.
     *
     * @throws IllegalArgumentException when the policy is too large, or is not canonical
     */
    public String sign(SignedPolicy policy) {
        return sign(SignedPolicy.TYPE, policy, PolicyCodec.write(policy), PolicyCodec::read);
    }

    private interface Reading<T> {
        T read(byte[] payload) throws EnvelopeRefused;
    }

    private <T> String sign(String type, T what, byte[] payload, Reading<T> reading) {
        if (payload.length > Fields.MOST_BYTES) {
            throw new IllegalArgumentException("it is larger than " + Fields.MOST_BYTES + " bytes");
        }
        try {
            if (!reading.read(payload).equals(what)) {
                throw new IllegalArgumentException("it does not come back as it is");
            }
        } catch (EnvelopeRefused e) {
            throw new IllegalArgumentException("it cannot be signed: " + e.getMessage(), e);
        }
        var signature = Keys.sign(key, Envelope.signed(type, payload));
        return new Envelope(type, payload, List.of(new Envelope.Signature(id, signature))).json();
    }
}
