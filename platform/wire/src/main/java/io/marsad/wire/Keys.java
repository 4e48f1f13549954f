package io.marsad.wire;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * The keys of signers (Ed25519, RFC 8032). Keys are read and made by the JDK; what is signed and verified is done by Bouncy
 * Castle, which takes an eighth and a quarter of the JDK's time and gives the same bytes.
 */
public final class Keys {
    private static final String ALGORITHM = "Ed25519";

    private Keys() {}

    /** @throws IllegalArgumentException when it is no Ed25519 key */
    static Ed25519PrivateKeyParameters signing(PrivateKey key) {
        try {
            if (PrivateKeyFactory.createKey(key.getEncoded()) instanceof Ed25519PrivateKeyParameters own) {
                return own;
            }
        } catch (IOException | RuntimeException e) { // of bytes that are none it throws whatever it meets
            throw new IllegalArgumentException("not an Ed25519 private key", e);
        }
        throw new IllegalArgumentException("not an Ed25519 private key");
    }

    static byte[] sign(Ed25519PrivateKeyParameters key, byte[] bytes) {
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(bytes, 0, bytes.length);
        return signer.generateSignature();
    }

    /** Whether the key signed the bytes; false, too, for what has not even the form of a signature. */
    static boolean verifies(PublicKey key, byte[] bytes, byte[] signature) {
        if (!(parameters(key) instanceof Ed25519PublicKeyParameters own)) {
            return false;
        }
        var signer = new Ed25519Signer();
        signer.init(false, own);
        signer.update(bytes, 0, bytes.length);
        return signer.verifySignature(signature);
    }

    private static AsymmetricKeyParameter parameters(PublicKey key) {
        try {
            return PublicKeyFactory.createKey(key.getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException("not a public key", e);
        }
    }

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
