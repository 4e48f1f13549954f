package io.marsad.connect.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.connect.manifest.Auth;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningTest {
    private static final SigV4 AWS =
            new SigV4("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service");
    private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");

    /** AWS's own examples: get-vanilla, get-vanilla-query-order-key-case and post-x-www-form-urlencoded. */
    @Test
    void requestsAreSignedAsAwsSignsThem() {
        assertThat(signature("GET", "https://example.amazonaws.com/", Map.of(), ""))
                .endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        assertThat(signature("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", Map.of(), ""))
                .endsWith("Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
        assertThat(signature(
                        "POST",
                        "https://example.amazonaws.com/",
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        "Param1=value1"))
                .contains("SignedHeaders=content-type;host;x-amz-date")
                .endsWith("Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    private static String signature(String method, String url, Map<String, String> headers, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        return AWS.signed(new Message(method, URI.create(url), new LinkedHashMap<>(headers), bytes), THEN)
                .headers()
                .getOrDefault("Authorization", "");
    }

    @Test
    void assertionsCanBeCheckedWithThePublicKey() throws Exception {
        for (var algorithm : new Auth.Algorithm[] {Auth.Algorithm.RS256, Auth.Algorithm.ES256}) {
            boolean rsa = algorithm == Auth.Algorithm.RS256;
            var keys = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
            keys.initialize(rsa ? 2048 : 256);
            var pair = keys.generateKeyPair();
            var pem = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
            var parts = Signatures.jwt(
                            algorithm, pem, Calls.object("{\"alg\": \"x\"}"), Calls.object("{\"iss\": \"me\"}"))
                    .split("\\.");
            var check = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            check.initVerify(pair.getPublic());
            check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            assertThat(check.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        }
    }

    @Test
    void aGrantIsAnAssertionWithTheClaimsOfTheManifest() throws Exception {
        var calls = new Calls(Calls.HEAD
                + "auth: {jwt: {token_url: '${config.url}/token', algorithm: HS256, secret: token, claims: {iss: me,"
                + " aud: '${config.url}', scope: read}}}\n" + Calls.PING);
        calls.then(200, "{\"access_token\": \"given\", \"expires_in\": 600}").then(200, "{}");
        assertThat(calls.call("ping", "{}")).isInstanceOf(Outcome.Succeeded.class);
        var form = calls.sent.getFirst().text();
        assertThat(form).startsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
        var claims = new String(Base64.getUrlDecoder().decode(form.split("\\.")[1]), StandardCharsets.UTF_8);
        assertThat(claims)
                .isEqualTo("{\"iss\":\"me\",\"aud\":\"https://acme.example.org\",\"scope\":\"read\","
                        + "\"iat\":1767225600,\"exp\":1767225900}");
    }
}
