package io.marsad.soc.identity.jose;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How tokens may be signed (RFC 7518, RFC 8037): with a private key only. There is no {@code none} and nothing with a shared
 * secret, so that no public key can be mistaken for one.
 */
public enum SignatureAlgorithm {
    RS256("RS256", "SHA256withRSA"),
    PS256("PS256", "RSASSA-PSS"),
    ES256("ES256", "SHA256withECDSAinP1363Format"),
    EDDSA("EdDSA", "Ed25519");

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 8192;

    private final String word;
    private final String jca;

    SignatureAlgorithm(String word, String jca) {
        this.word = word;
        this.jca = jca;
    }

    /** As {@code alg} has it. */
    public String word() {
        return word;
    }

    /** Null for every other. */
    public static @Nullable SignatureAlgorithm of(String word) {
        for (SignatureAlgorithm one : values()) {
            if (one.word.equals(word)) {
                return one;
            }
        }
        return null;
    }

    /** Whether it is for keys of this kind, and the key is long enough. */
    boolean fits(PublicKey key) {
        return switch (this) {
            case RS256, PS256 ->
                key instanceof RSAPublicKey rsa
                        && rsa.getModulus().bitLength() >= SHORTEST_RSA
                        && rsa.getModulus().bitLength() <= LONGEST_RSA;
            case ES256 ->
                key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == 256;
            case EDDSA ->
                key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519");
        };
    }

    /** False for anything that is not this key's signature of this. */
    boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
        try {
            var check = signature();
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (SignatureException e) {
            return false; // of another length or form
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK verifies " + word, e);
        }
    }

    /** What the JDK calls keys for it. */
    public String keys() {
        return switch (this) {
            case RS256, PS256 -> "RSA";
            case ES256 -> "EC";
            case EDDSA -> "Ed25519";
        };
    }

    /** The public key in this SubjectPublicKeyInfo. */
    public PublicKey publicKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(keys()).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no key for " + word, e);
        }
    }

    /** @param key of a kind that fits */
    public byte[] sign(PrivateKey key, byte[] text) {
        try {
            var signing = signature();
            signing.initSign(key);
            signing.update(text);
            return signing.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK signs with " + word, e);
        }
    }

    private Signature signature() throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
        var signature = Signature.getInstance(jca);
        if (this == PS256) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        return signature;
    }
}
