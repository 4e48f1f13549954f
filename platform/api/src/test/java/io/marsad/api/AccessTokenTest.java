package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.soc.identity.Role;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens over HTTP: what they are good for, and everything that is refused, with tokens that our own key has signed. */
class AccessTokenTest {
    private static final String ISSUER = "urn:marsad:" + TestNode.OWN;
    private static final String ASK = "/v1/auth/access-tokens";
    private static TestNode node;
    private static int tenants;

    private Tenant tenant;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void fresh() {
        tenant = node.tenant("access-" + tenants++);
    }

    private static Identity bearer(String token) {
        return new Identity("jwt", "Authorization", "Bearer " + token, "");
    }

    private static String issue(Identity by, String body) throws Exception {
        return new Calls(node, by)
                .json("issueAccessToken", ASK, body)
                .get("access_token")
                .stringValue();
    }

    private static int status(String token) throws Exception {
        return node.send(bearer(token), "GET", "/v1/alerts", "").statusCode();
    }

    // ---- good ones

    @Test
    void aTokenIsGoodForWhatItsParentMayAndWasAskedFor() throws Exception {
        var token = issue(tenant.byToken(), "{\"permissions\":[\"alerts:read\"],\"lifetime_seconds\":60}");
        assertThat(status(token)).isEqualTo(200);
        assertThat(node.send(bearer(token), "GET", "/v1/tokens", "").statusCode())
                .isEqualTo(403);
        var claims = JWSObject.parse(token).getPayload().toJSONObject();
        assertThat(claims)
                .containsEntry("iss", ISSUER)
                .containsEntry("aud", ISSUER)
                .containsEntry("tid", tenant.id().value())
                .containsEntry("sub", "token:" + tenant.tokenId())
                .containsEntry("scope", "alerts:read")
                .containsKeys("jti", "iat", "client_id");
        assertThat(seconds(claims, "exp") - seconds(claims, "iat")).isEqualTo(60);
        assertThat(JWSObject.parse(token).getHeader().getType()).isEqualTo(new JOSEObjectType("at+jwt"));
    }

    private static long seconds(Map<String, Object> claims, String name) {
        return (long) Objects.requireNonNull(claims.get(name), name);
    }

    @Test
    void othersCanCheckItByThePublishedKeys() throws Exception {
        var token = JWSObject.parse(issue(tenant.byToken(), "{\"algorithm\":\"RS256\"}"));
        var answer = new Calls(node, Identity.NOBODY).send("getKeySet", "/.well-known/jwks.json", "", 200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("public, max-age=300");
        var keys = JWKSet.parse(new String(answer.body(), StandardCharsets.UTF_8));
        var key = keys.getKeyByKeyId(token.getHeader().getKeyID());
        assertThat(token.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
        assertThat(keys.toString()).doesNotContain("\"d\"");
        assertThat(keys.getKeys()).allMatch(one -> !one.isPrivate());
    }

    @Test
    void aPersonsTokenEndsWithTheirSession() throws Exception {
        var person = node.signIn(tenant.id(), Role.SOC_ANALYST);
        var token = issue(person, "{}");
        assertThat(status(token)).isEqualTo(200);
        new Calls(node, person).send("logout", "/v1/auth/logout", "", 204);
        assertThat(status(token)).isEqualTo(401);
    }

    @Test
    void whoIsDisabledIsOutAtOnceAndWhoMayLessMayLess() throws Exception {
        var person = node.signIn(tenant.id(), Role.TENANT_ADMIN);
        var token = issue(person, "{}");
        var admin = new Calls(node, tenant.byToken());
        var id = new Calls(node, person)
                .json("getSession", "/v1/auth/session", "")
                .get("user")
                .get("id")
                .stringValue();
        node.accounts.create(tenant.id(), "another", TestNode.PASSWORD, Role.TENANT_ADMIN, "system:test");
        admin.tree("updateUser", "/v1/users/" + id, "{\"role\":\"auditor\"}", 200);
        assertThat(status(token)).isEqualTo(200);
        assertThat(node.send(bearer(token), "POST", "/v1/tokens", "{\"name\":\"x\"}")
                        .statusCode())
                .isEqualTo(403);
        admin.tree("updateUser", "/v1/users/" + id, "{\"disabled\":true}", 200);
        assertThat(status(token)).isEqualTo(401);
    }

    @Test
    void aRevokedTokenTakesItsAccessTokensAlong() throws Exception {
        var admin = new Calls(node, tenant.byToken());
        var made = admin.tree("createToken", "/v1/tokens", "{\"name\":\"m\",\"permissions\":[\"alerts:read\"]}", 201);
        var parent = new Identity(
                "m", "Authorization", "Bearer " + made.get("secret").stringValue(), "");
        var token = issue(parent, "{}");
        assertThat(status(token)).isEqualTo(200);
        admin.tree("revokeToken", "/v1/tokens/" + made.get("id").stringValue(), "", 204);
        assertThat(status(token)).isEqualTo(401);
    }

    @Test
    void aSuspendedTenantsTokensAreRefused() throws Exception {
        var token = issue(tenant.byToken(), "{}");
        var operator = node.tenant(TestNode.OWN.value()).byToken();
        node.send(operator, "POST", "/v1/tenants/" + tenant.id() + "/suspend", "");
        assertThat(status(token)).isEqualTo(403);
    }

    @Test
    void noTokenGivesMoreThanItsCallerHasNorAnotherOne() throws Exception {
        var calls = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        calls.send("issueAccessToken", ASK, "{\"permissions\":[\"tokens:write\"]}", 403);
        calls.send("issueAccessToken", ASK, "{\"lifetime_seconds\":901}", 400);
        var token = issue(tenant.byToken(), "{}");
        new Calls(node, bearer(token)).send("issueAccessToken", ASK, "{}", 403);
    }

    @Test
    void anotherTenantCannotBeNamed() throws Exception {
        var token = issue(tenant.byToken(), "{}");
        var other = node.tenant(tenant.id() + "-other");
        var request = java.net.http.HttpRequest.newBuilder(
                        node.request(bearer(token), "GET", "/v1/alerts", ""), (_, _) -> true)
                .header("X-Tenant-ID", other.id().value())
                .build();
        var answer = node.client.send(request, java.net.http.HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    // ---- bent ones, signed by our own key where the signature is not what is bent

    private record Own(String id, PrivateKey key) {
        static Own of(SignatureAlgorithm algorithm, String token) throws Exception {
            var id = JWSObject.parse(token).getHeader().getKeyID();
            var bytes = node.database.inInstallation(TestNode.OWN, connection -> {
                try (SecretValue value = Objects.requireNonNull(
                        node.vault.read(connection, TestNode.OWN, new SecretName("token.signing_key", id)))) {
                    return value.bytes();
                }
            });
            var spec = new PKCS8EncodedKeySpec(bytes);
            return new Own(id, KeyFactory.getInstance(algorithm.keys()).generatePrivate(spec));
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Map<String, Object> claims) {
        return com.nimbusds.jose.util.JSONObjectUtils.toJSONString(claims);
    }

    private String good() throws Exception {
        return issue(tenant.byToken(), "{}");
    }

    /** Signed by our own key over this header and these claims. */
    private static String signed(String token, String header, String claims) throws Exception {
        var own = Own.of(SignatureAlgorithm.EDDSA, token);
        var text = base64(header.replace("KID", own.id())) + "." + base64(claims);
        var signature = SignatureAlgorithm.EDDSA.sign(own.key(), text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static final String HEADER = "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}";

    private void assertRefusedWith(String what, Consumer<Map<String, Object>> bend) throws Exception {
        var token = good();
        var claims = new LinkedHashMap<>(JWSObject.parse(token).getPayload().toJSONObject());
        assertThat(status(signed(token, HEADER, json(claims)))).as("as it is").isEqualTo(200);
        bend.accept(claims);
        assertThat(status(signed(token, HEADER, json(claims)))).as(what).isEqualTo(401);
    }

    @Test
    void claimsThatAreNotForUsAreRefused() throws Exception {
        long now = Instant.now().getEpochSecond();
        var other = node.tenant(tenant.id() + "-other");
        assertRefusedWith("audience", claims -> claims.put("aud", "urn:other"));
        assertRefusedWith("several audiences", claims -> claims.put("aud", java.util.List.of(ISSUER, "urn:other")));
        assertRefusedWith("issuer", claims -> claims.put("iss", "urn:other"));
        assertRefusedWith("expired", claims -> claims.put("exp", now - 1));
        assertRefusedWith("not yet valid", claims -> claims.put("nbf", now + 120));
        assertRefusedWith("no end", claims -> claims.remove("exp"));
        assertRefusedWith("other tenant", claims -> claims.put("tid", other.id().value()));
        assertRefusedWith("no tenant", claims -> claims.put("tid", "Not a name"));
        assertRefusedWith("other subject", claims -> claims.put("sub", "token:" + other.tokenId()));
        assertRefusedWith("other parent", claims -> claims.put("sid", other.tokenId()));
        assertRefusedWith("no parent", claims -> claims.remove("sid"));
        assertRefusedWith("a session's", claims -> claims.put("client_id", "session"));
    }

    @Test
    void headersThatAreNotOursAreRefused() throws Exception {
        var token = good();
        var claims = JWSObject.parse(token).getPayload().toString();
        assertThat(status(signed(token, HEADER, claims))).isEqualTo(200);
        for (var header : new String[] {
            "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"KID\"}",
            "{\"alg\":\"EdDSA\",\"kid\":\"KID\"}",
            "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\"}",
            "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"other\"}",
            "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}",
            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}",
            "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}",
            "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"KID\",\"crit\":[\"exp\"]}",
            "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"KID\",\"b64\":false}",
            "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"KID\",\"kid\":\"KID\"}"
        }) {
            assertThat(status(signed(token, header, claims))).as(header).isEqualTo(401);
        }
        var twice = claims.replaceFirst("\\{", "{\"tid\":\"" + tenant.id() + "\",");
        assertThat(status(signed(token, HEADER, twice))).as("a claim twice").isEqualTo(401);
    }

    @Test
    void foreignSignaturesAreRefused() throws Exception {
        var token = good();
        var claims = JWSObject.parse(token).getPayload().toJSONObject();
        var parts = token.split("\\.", -1);
        assertThat(status(parts[0] + "." + parts[1] + ".")).as("no signature").isEqualTo(401);
        assertThat(status(base64("{\"alg\":\"none\"}") + "." + parts[1] + "."))
                .as("none")
                .isEqualTo(401);
        var foreign = ProviderKeys.FOREIGN;
        var typed = Map.<String, Object>of("typ", "at+jwt");
        assertThat(status(foreign.sign("EdDSA", claims, typed))).as("foreign").isEqualTo(401);
        var id = JWSObject.parse(issue(tenant.byToken(), "{\"algorithm\":\"RS256\"}"))
                .getHeader()
                .getKeyID();
        var named = Map.<String, Object>of("typ", "at+jwt", "kid", id);
        assertThat(status(foreign.sign("RS256", claims, named)))
                .as("under our key's id")
                .isEqualTo(401);
        var published = JWKSet.parse(new String(
                node.send(Identity.NOBODY, "GET", "/.well-known/jwks.json", "").body(), StandardCharsets.UTF_8));
        var confused = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(id)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                new Payload(claims));
        confused.sign(new com.nimbusds.jose.crypto.MACSigner(
                published.getKeyByKeyId(id).toRSAKey().toRSAPublicKey().getEncoded()));
        assertThat(status(confused.serialize())).as("HS256 with the public key").isEqualTo(401);
        assertThat(status("eyJ.x.y")).isEqualTo(401);
        assertThat(status("eyJ" + "a".repeat(4_000) + ".b.c")).isEqualTo(401);
    }
}
