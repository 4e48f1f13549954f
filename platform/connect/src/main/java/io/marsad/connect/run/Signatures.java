package io.marsad.connect.run;

import io.marsad.connect.manifest.Auth;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ObjectNode;

/** Digests, codes and signatures. Stateless. */
final class Signatures {
    private Signatures() {}

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /**
     * A signed token (RFC 7515, compact).
     *
     * @param secret a private key in PEM (PKCS #8); of HS256 the secret itself
     */
    static String jwt(Auth.Algorithm algorithm, String secret, ObjectNode header, ObjectNode claims) throws Refusal {
        var signed = base64(header.toString()) + "." + base64(claims.toString());
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(algorithm, secret, signed));
    }

    private static byte[] sign(Auth.Algorithm algorithm, String secret, String text) throws Refusal {
        if (algorithm == Auth.Algorithm.HS256) {
            return hmac(secret.getBytes(StandardCharsets.UTF_8), text);
        }
        boolean rsa = algorithm == Auth.Algorithm.RS256;
        try {
            var der = Base64.getMimeDecoder().decode(secret.replaceAll("-----[A-Z ]+-----", ""));
            var key = KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Nothing of the cause is passed on: it could quote the key.
            throw new Refusal("the private key is none that can be read: PEM (PKCS #8, BEGIN PRIVATE KEY) is expected");
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
