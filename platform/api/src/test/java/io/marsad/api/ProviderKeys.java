package io.marsad.api;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A provider's keys, and tokens signed with them by a library that is none of ours: RSA, EC P-256 and Ed25519 (which that
 * library leaves to another one: the JDK signs).
 */
final class ProviderKeys {
    /** Made once: RSA keys take a while. */
    static final ProviderKeys FIRST = create();

    static final ProviderKeys SECOND = create();
    static final ProviderKeys FOREIGN = create();

    private final RSAKey rsa;
    private final ECKey ec;
    private final OctetKeyPair edwards;
    private final KeyPair edwardsPair;

    private ProviderKeys(RSAKey rsa, ECKey ec, OctetKeyPair edwards, KeyPair edwardsPair) {
        this.rsa = rsa;
        this.ec = ec;
        this.edwards = edwards;
        this.edwardsPair = edwardsPair;
    }

    private static ProviderKeys create() {
        try {
            var name = UUID.randomUUID().toString();
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var info = pair.getPublic().getEncoded(); // SubjectPublicKeyInfo: the key is its last 32 bytes
            var x = Base64URL.encode(Arrays.copyOfRange(info, info.length - 32, info.length));
            return new ProviderKeys(
                    new RSAKeyGenerator(2048)
                            .keyID(name + "-rsa")
                            .keyUse(KeyUse.SIGNATURE)
                            .generate(),
                    new ECKeyGenerator(Curve.P_256).keyID(name + "-ec").generate(),
                    new OctetKeyPair.Builder(Curve.Ed25519, x)
                            .keyID(name + "-ed")
                            .build(),
                    pair);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public ones, as a provider shows them. */
    public String jwks() {
        return new JWKSet(List.<JWK>of(rsa, ec, edwards)).toString(true);
    }

    public RSAKey rsa() {
        return rsa;
    }

    /** A token as it should be. */
    public String sign(String algorithm, Map<String, ?> claims) {
        return sign(algorithm, claims, Map.of());
    }

    /** @param header more for the header; null values take away what is there */
    public String sign(String algorithm, Map<String, ?> claims, Map<String, Object> header) {
        return switch (algorithm) {
            case "RS256", "PS256", "RS384" -> jws(algorithm, rsa.getKeyID(), claims, header);
            case "ES256" -> jws(algorithm, ec.getKeyID(), claims, header);
            case "EdDSA" -> edwards(claims, header);
            case "HS256" -> jws(algorithm, rsa.getKeyID(), claims, header);
            case "none" -> text(Map.of("alg", "none")) + "." + text(claims) + ".";
            default -> throw new IllegalArgumentException(algorithm);
        };
    }

    private String jws(String algorithm, String id, Map<String, ?> claims, Map<String, Object> more) {
        try {
            var header = new LinkedHashMap<String, Object>(Map.of("alg", algorithm, "kid", id, "typ", "JWT"));
            more.forEach((name, value) -> header.put(name, value));
            var jws = new JWSObject(JWSHeader.parse(header), new Payload(JSONObjectUtils.toJSONString(claims)));
            jws.sign(signer(algorithm));
            return jws.serialize();
        } catch (JOSEException | java.text.ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** HS256 is signed with the RSA public key's text, which is what confuses a checker that takes both. */
    private JWSSigner signer(String algorithm) throws JOSEException {
        return switch (algorithm) {
            case "ES256" -> new ECDSASigner(ec);
            case "HS256" -> new MACSigner(rsa.toRSAPublicKey().getEncoded());
            default -> new RSASSASigner(rsa);
        };
    }

    private String edwards(Map<String, ?> claims, Map<String, Object> more) {
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", "EdDSA");
        header.put("kid", edwards.getKeyID());
        header.put("typ", JOSEObjectType.JWT.getType());
        header.putAll(more);
        return signed(text(header) + "." + text(claims));
    }

    /** Header and claims as they stand, with a good signature: for what no library would write. */
    public String signed(String headerAndClaims) {
        try {
            var signing = Signature.getInstance("Ed25519");
            signing.initSign(edwardsPair.getPrivate());
            signing.update(headerAndClaims.getBytes(StandardCharsets.US_ASCII));
            return headerAndClaims + "." + Base64URL.encode(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code kid} of the Ed25519 key. */
    public String edwardsId() {
        return edwards.getKeyID();
    }

    private static String text(Map<String, ?> json) {
        return Base64URL.encode(JSONObjectUtils.toJSONString(json)).toString();
    }
}
