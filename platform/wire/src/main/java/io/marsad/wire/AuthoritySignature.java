package io.marsad.wire;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * How an authority signs what hosts are to believe beside certificates: ES256 (RFC 7518, 3.4), of the two values that are
 * good for one signature the smaller, so that there is one form only.
 */
public final class AuthoritySignature {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final int HALF = 32;
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private AuthoritySignature() {}

    /**
     * The envelope, as JSON.
     *
     * @param key of the authority's certificate
     * @throws IllegalArgumentException when it is too large, or does not come back as it is
     */
    public static String sign(SignedKeys keys, X509Certificate authority, PrivateKey key) {
        var payload = KeysCodec.write(keys);
        try {
            if (payload.length > Fields.MOST_BYTES || !KeysCodec.read(payload).equals(keys)) {
                throw new IllegalArgumentException("the list is too large, or does not come back as it is");
            }
            var signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key);
            signer.update(Envelope.signed(SignedKeys.TYPE, payload));
            var signature = new Envelope.Signature(Keys.id(authority.getPublicKey()), smaller(signer.sign()));
            return new Envelope(SignedKeys.TYPE, payload, List.of(signature)).json();
        } catch (EnvelopeRefused | GeneralSecurityException e) {
            throw new IllegalArgumentException("the list cannot be signed: " + e.getMessage(), e);
        }
    }

    static boolean verifies(PublicKey key, byte[] bytes, byte[] signature) {
        if (signature.length != 2 * HALF || !Arrays.equals(smaller(signature), signature)) {
            return false;
        }
        try {
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // it has not even the form of one
        }
    }

    /** The other of the two signatures when that one's second half is smaller. */
    static byte[] smaller(byte[] signature) {
        var s = new BigInteger(1, signature, HALF, HALF);
        if (s.compareTo(ORDER.shiftRight(1)) <= 0) {
            return signature;
        }
        var other = ORDER.subtract(s).mod(ORDER).toByteArray();
        var both = Arrays.copyOf(signature, 2 * HALF);
        Arrays.fill(both, HALF, 2 * HALF, (byte) 0);
        int length = Math.min(HALF, other.length); // one more when its first bit is set
        System.arraycopy(other, other.length - length, both, 2 * HALF - length, length);
        return both;
    }
}
