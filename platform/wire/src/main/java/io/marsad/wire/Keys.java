package io.marsad.wire;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** The public keys of signers (Ed25519). */
public final class Keys {
    static final String ALGORITHM = "Ed25519";

    private Keys() {}

    /** By which a signer is known: the first 16 bytes of SHA-256 over the key's X.509 form, in hexadecimal digits. */
    public static String id(PublicKey key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * @param encoded X.509 SubjectPublicKeyInfo
     * @throws IllegalArgumentException when it is no Ed25519 key
     */
    public static PublicKey read(byte[] encoded) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }
}
