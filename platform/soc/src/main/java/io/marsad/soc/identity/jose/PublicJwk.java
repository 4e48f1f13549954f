package io.marsad.soc.identity.jose;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A key that signatures are checked with.
 *
 * @param id {@code kid}, or null when it has none
 * @param only the one algorithm that it is for, or null when it says none
 */
public record PublicJwk(@Nullable String id, @Nullable SignatureAlgorithm only, PublicKey key) {
    private static final int MAX_ID = 512;

    /**
     * Null for a key that signs nothing we take: one for encryption, a shared secret, an unknown kind or curve.
     *
     * @throws InvalidTokenException when it is no key
     */
    static @Nullable PublicJwk read(JsonNode jwk) throws InvalidTokenException {
        var kind = text(jwk, "kty");
        var use = text(jwk, "use");
        if (kind == null || (use != null && !use.equals("sig"))) {
            return null;
        }
        var algorithm = text(jwk, "alg");
        var only = algorithm == null ? null : SignatureAlgorithm.of(algorithm);
        if (algorithm != null && only == null) {
            return null;
        }
        var id = text(jwk, "kid");
        if (id != null && id.length() > MAX_ID) {
            throw new InvalidTokenException("a key's id is longer than " + MAX_ID + " characters");
        }
        try {
            var key = key(kind, jwk);
            return key == null ? null : new PublicJwk(id, only, key);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidTokenException("a key of kind " + kind + " cannot be read", e);
        }
    }

    private static @Nullable PublicKey key(String kind, JsonNode jwk) throws GeneralSecurityException {
        return switch (kind) {
            case "RSA" ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" -> "P-256".equals(text(jwk, "crv")) ? elliptic(number(jwk, "x"), number(jwk, "y")) : null;
            case "OKP" -> "Ed25519".equals(text(jwk, "crv")) ? edwards(bytes(jwk, "x")) : null;
            default -> null;
        };
    }

    private static PublicKey elliptic(BigInteger x, BigInteger y) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        var curve = parameters.getParameterSpec(ECParameterSpec.class);
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
    }

    private static PublicKey edwards(byte[] little) throws GeneralSecurityException {
        if (little.length != 32) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        boolean odd = (little[31] & 0x80) != 0;
        var big = reversed(little);
        big[0] &= 0x7f;
        var point = new EdECPoint(odd, new BigInteger(1, big));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    private static byte[] reversed(byte[] bytes) {
        var turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return turned;
    }

    /** As RFC 7517 writes it. @throws IllegalArgumentException for a kind that we do not sign with */
    public Map<String, String> json() {
        var json = new LinkedHashMap<String, String>();
        switch (key) {
            case RSAPublicKey rsa -> {
                json.put("kty", "RSA");
                json.put("n", encoded(unsigned(rsa.getModulus())));
                json.put("e", encoded(unsigned(rsa.getPublicExponent())));
            }
            case EdECPublicKey ed -> {
                json.put("kty", "OKP");
                json.put("crv", "Ed25519");
                json.put("x", encoded(little(ed.getPoint())));
            }
            default -> throw new IllegalArgumentException("no key of ours: " + key.getAlgorithm());
        }
        json.put("use", "sig");
        if (only != null) {
            json.put("alg", only.word());
        }
        if (id != null) {
            json.put("kid", id);
        }
        return json;
    }

    private static byte[] little(EdECPoint point) {
        var big = unsigned(point.getY());
        var bytes = new byte[32];
        for (int i = 0; i < big.length; i++) {
            bytes[i] = big[big.length - 1 - i];
        }
        if (point.isXOdd()) {
            bytes[31] |= (byte) 0x80;
        }
        return bytes;
    }

    private static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static @Nullable String text(JsonNode object, String name) {
        var value = object.get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static byte[] bytes(JsonNode jwk, String name) {
        var text = text(jwk, name);
        if (text == null || text.isEmpty() || text.length() > 2048) {
            throw new IllegalArgumentException("the key has no " + name);
        }
        return Base64.getUrlDecoder().decode(text);
    }

    private static BigInteger number(JsonNode jwk, String name) {
        return new BigInteger(1, bytes(jwk, name));
    }
}
