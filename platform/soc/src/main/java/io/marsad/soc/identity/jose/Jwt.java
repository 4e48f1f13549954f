package io.marsad.soc.identity.jose;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signed token (JWS compact serialization, RFC 7515) whose claims are read but not believed: {@link KeySet#verify} first.
 * Names that stand twice, critical extensions and algorithms that are not of {@link SignatureAlgorithm} are refused here.
 */
public final class Jwt {
    private static final int LONGEST = 32 << 10;
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxStringLength(LONGEST)
                            .maxNumberLength(30)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final SignatureAlgorithm algorithm;
    private final String type;
    private final @Nullable String keyId;
    private final JsonNode claims;
    private final byte[] signed;
    private final byte[] signature;

    private Jwt(SignatureAlgorithm algorithm, JsonNode header, JsonNode claims, byte[] signed, byte[] signature)
            throws InvalidTokenException {
        this.algorithm = algorithm;
        var given = text(header, "typ");
        this.type = given == null ? "" : given.toLowerCase(Locale.ROOT);
        this.keyId = text(header, "kid");
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    /** @throws InvalidTokenException when it has not the form of a signed token, or is signed in no way that we take */
    public static Jwt parse(String text) throws InvalidTokenException {
        if (text.length() > LONGEST) {
            throw new InvalidTokenException("it is longer than " + LONGEST + " characters");
        }
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new InvalidTokenException("it is no signed token of three parts");
        }
        var header = object(parts.group(1), "header");
        var name = text(header, "alg");
        var algorithm = name == null ? null : SignatureAlgorithm.of(name);
        if (algorithm == null) {
            throw new InvalidTokenException("its algorithm is not one of RS256, PS256, ES256 and EdDSA");
        }
        for (String extension : List.of("crit", "b64", "zip")) {
            if (header.has(extension)) {
                throw new InvalidTokenException("its header has " + extension + ", which is not taken");
            }
        }
        var signed = text.substring(0, parts.end(2)).getBytes(StandardCharsets.US_ASCII);
        return new Jwt(algorithm, header, object(parts.group(2), "body"), signed, decoded(parts.group(3)));
    }

    /** A new token. @param type {@code typ} of its header */
    public static String sign(
            SignatureAlgorithm algorithm, String keyId, String type, Map<String, ?> claims, PrivateKey key) {
        var header = new LinkedHashMap<String, String>();
        header.put("alg", algorithm.word());
        header.put("typ", type);
        header.put("kid", keyId);
        var text = ENCODER.encodeToString(JSON.writeValueAsBytes(header)) + "."
                + ENCODER.encodeToString(JSON.writeValueAsBytes(claims));
        return text + "." + ENCODER.encodeToString(algorithm.sign(key, text.getBytes(StandardCharsets.US_ASCII)));
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    /** {@code typ} in lower case; empty where there is none. */
    public String type() {
        return type;
    }

    public @Nullable String keyId() {
        return keyId;
    }

    public JsonNode claims() {
        return claims;
    }

    byte[] signed() {
        return signed;
    }

    byte[] signature() {
        return signature;
    }

    // ---- what tokens of all kinds have to say

    /** The text of a claim; null when there is none. @throws InvalidTokenException when it is no text */
    public @Nullable String text(String claim) throws InvalidTokenException {
        return text(claims, claim);
    }

    /** @throws InvalidTokenException when there is none, or an empty one */
    public String require(String claim) throws InvalidTokenException {
        var text = text(claim);
        if (text == null || text.isEmpty()) {
            throw new InvalidTokenException("it has no " + claim);
        }
        return text;
    }

    /** For whom it is. @throws InvalidTokenException when it does not say so in text */
    public List<String> audience() throws InvalidTokenException {
        var value = claims.get("aud");
        if (value != null && value.isString()) {
            return List.of(value.stringValue());
        }
        var all = new ArrayList<String>();
        if (value != null && value.isArray()) {
            for (JsonNode one : value) {
                if (!one.isString()) {
                    throw new InvalidTokenException("its aud is no text");
                }
                all.add(one.stringValue());
            }
        }
        return all;
    }

    /**
     * Checks exp and iat, which have to be there, and nbf; clocks may differ by a minute.
     *
     * @throws InvalidTokenException when it is not valid at this time
     */
    public void requireValid(Instant now) throws InvalidTokenException {
        var expires = time("exp");
        var issued = time("iat");
        var begins = time("nbf");
        if (expires == null || issued == null) {
            throw new InvalidTokenException("it has no exp or no iat");
        }
        if (!now.minus(SKEW).isBefore(expires)) {
            throw new InvalidTokenException("it has expired");
        }
        if (issued.isAfter(now.plus(SKEW)) || (begins != null && begins.isAfter(now.plus(SKEW)))) {
            throw new InvalidTokenException("it is not valid yet");
        }
    }

    /** Null when there is none. @throws InvalidTokenException when it is no number of seconds */
    public @Nullable Instant time(String claim) throws InvalidTokenException {
        var value = claims.get(claim);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1e11) {
            throw new InvalidTokenException("its " + claim + " is no time");
        }
        return Instant.ofEpochSecond((long) value.doubleValue());
    }

    private static @Nullable String text(JsonNode object, String name) throws InvalidTokenException {
        var value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw new InvalidTokenException("its " + name + " is no text");
        }
        return value.stringValue();
    }

    private static JsonNode object(String part, String what) throws InvalidTokenException {
        try {
            var tree = JSON.readTree(decoded(part));
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException e) {
            throw new InvalidTokenException("its " + what + " is no JSON, or has a name twice", e);
        }
        throw new InvalidTokenException("its " + what + " is no JSON object");
    }

    private static byte[] decoded(String part) throws InvalidTokenException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new InvalidTokenException("a part of it is no base64url", e);
        }
    }

    /** Nothing of what it says. */
    @Override
    public String toString() {
        return "Jwt[" + algorithm.word() + "]";
    }
}
