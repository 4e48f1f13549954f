package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in with an OpenID provider over HTTP, from the sign-in page to the session, and everything that is refused. */
class SignOnTest {
    private static final String GROUPS = """
            "groups":[{"group":"soc","role":"soc_analyst"},{"group":"lead","role":"tenant_admin"}]""";

    private static TestNode node;
    private static int tenants;

    private TestProvider provider;
    private Tenant tenant;
    private SignOnBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void fresh() throws Exception {
        provider = TestProvider.start();
        tenant = node.tenant("sign-on-" + tenants++);
        browser = new SignOnBrowser(node, provider, tenant);
        provider.person(Map.of("sub", "248289761001", "preferred_username", "jane", "groups", List.of("staff", "soc")));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    // ---- signing in

    @Test
    void aPersonOfTheProvidersComesInWithTheRoleOfTheirGroup() throws Exception {
        var id = browser.register("Corporate", GROUPS);
        var offered = new Calls(node, Identity.NOBODY)
                .json("listSignInProviders", "/v1/auth/providers?tenant=" + tenant.id(), "");
        assertThat(offered.get("providers").get(0).get("id").stringValue()).isEqualTo(id);
        assertThat(offered.get("providers").get(0).get("name").stringValue()).isEqualTo("Corporate");
        var begun = browser.begin();
        var asked = TestProvider.form(begun.location().getRawQuery());
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "marsad client")
                .containsEntry("redirect_uri", browser.callback())
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256");
        assertThat(asked.get("code_challenge")).hasSize(43);
        assertThat(asked.get("nonce")).hasSize(43);
        var arrived = browser.arrive(browser.back(begun), begun.cookie());
        assertThat(arrived.to()).isEqualTo("/alerts?status=open");
        var session = browser.session(arrived);
        assertThat(session.get("user").get("username").stringValue()).isEqualTo("jane");
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("soc_analyst");
        assertThat(session.get("tenant").get("id").stringValue())
                .isEqualTo(tenant.id().value());
        var own = new Calls(node, arrived.identity()).json("listSessions", "/v1/auth/sessions", "");
        assertThat(own.get("sessions").get(0).get("method").stringValue()).isEqualTo("oidc");
        assertThat(browser.actions()).startsWith("session.begin", "user.create", "provider.create");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void everyAlgorithmOfTheListIsTaken(String algorithm) throws Exception {
        browser.register("Corporate", GROUPS);
        provider.sign((keys, claims) -> keys.sign(algorithm, claims));
        assertThat(browser.signIn().identity()).isNotEqualTo(Identity.NOBODY);
    }

    @Test
    void aPublicClientShowsTheProofOfItsCodeOnly() throws Exception {
        browser.register("Corporate", "", GROUPS);
        assertThat(browser.signIn().identity()).isNotEqualTo(Identity.NOBODY);
    }

    @Test
    void aProviderThatDoesNotNameItselfNeedNot() throws Exception {
        provider.namesItself(false);
        browser.register("Corporate", GROUPS);
        var begun = browser.begin();
        var back = URI.create(browser.back(begun).toString().replaceAll("&iss=[^&]*", ""));
        assertThat(browser.arrive(back, begun.cookie()).identity()).isNotEqualTo(Identity.NOBODY);
    }

    @Test
    void severalAudiencesNeedOurNameAsTheParty() throws Exception {
        browser.register("Corporate", GROUPS);
        provider.bend(with("aud", List.of("marsad client", "other")).andThen(with("azp", "marsad client"))::apply);
        assertThat(browser.signIn().identity()).isNotEqualTo(Identity.NOBODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "https://evil.example",
                "/\\\\evil.example",
                "/v1/auth/session",
                "alerts",
                "/a b"
            })
    void theWayOnIsAPathOfTheConsole(String to) throws Exception {
        browser.register("Corporate", GROUPS);
        var begun = browser.begin(to);
        assertThat(browser.arrive(browser.back(begun), begun.cookie()).to()).isEqualTo("/");
    }

    // ---- who gets in, as what

    @Test
    void theRoleFollowsTheGroupsAtEachSignIn() throws Exception {
        browser.register("Corporate", GROUPS);
        var first = browser.session(browser.signIn());
        provider.person(Map.of("sub", "248289761001", "preferred_username", "renamed", "groups", List.of("lead")));
        var second = browser.session(browser.signIn());
        assertThat(second.get("user").get("id")).isEqualTo(first.get("user").get("id"));
        assertThat(second.get("user").get("role").stringValue()).isEqualTo("tenant_admin");
        assertThat(second.get("user").get("username").stringValue()).isEqualTo("jane");
        assertThat(browser.actions()).startsWith("session.begin", "user.update", "session.begin", "user.create");
    }

    @Test
    void whoIsInNoGroupAnyMoreIsOutAndSoAreTheirSessions() throws Exception {
        browser.register("Corporate", GROUPS);
        var before = browser.signIn();
        provider.person(Map.of("sub", "248289761001", "groups", List.of("staff")));
        assertThat(browser.signIn().to()).isEqualTo("/?sign_in=no-access");
        assertThat(browser.refusal()).contains("none of the person's groups");
        new Calls(node, before.identity()).send("getSession", "/v1/auth/session", "", 401);
    }

    @Test
    void whoIsInNoGroupGetsTheDefaultRole() throws Exception {
        browser.register("Corporate", "\"default_role\":\"auditor\"," + GROUPS);
        provider.person(Map.of("sub", "x"));
        var session = browser.session(browser.signIn());
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("auditor");
        assertThat(session.get("user").get("username").stringValue()).isEqualTo("x");
    }

    @Test
    void groupsStandWhereTheClaimLeadsAndMayGiveARoleOfTheTenants() throws Exception {
        browser.admin().tree("createRole", "/v1/roles", "{\"name\":\"hunter\",\"permissions\":[\"hunts:write\"]}", 201);
        browser.register(
                "Corporate",
                "\"groups_claim\":\"realm_access.roles\",\"groups\":[{\"group\":\"h\",\"role\":\"hunter\"}]");
        provider.person(Map.of("sub", "x", "realm_access", Map.of("roles", List.of("h"))));
        var session = browser.session(browser.signIn());
        assertThat(session.get("permissions").valueStream().map(p -> p.stringValue()))
                .containsExactly("hunts:write");
    }

    @Test
    void aRoleThatHasBecomeOneOfTheInstallationIsNotGiven() throws Exception {
        var role = browser.admin()
                .tree("createRole", "/v1/roles", "{\"name\":\"watch\",\"permissions\":[\"events:read\"]}", 201);
        browser.register("Corporate", "\"default_role\":\"watch\"");
        browser.admin()
                .tree(
                        "updateRole",
                        "/v1/roles/" + role.get("id").stringValue(),
                        "{\"permissions\":[\"tenants:write\"]}",
                        200);
        assertThat(browser.signIn().to()).isEqualTo("/?sign_in=no-access");
        assertThat(browser.refusal()).contains("no provider may give it");
    }

    @Test
    void nobodyBecomesALocalUserByHavingItsName() throws Exception {
        node.signIn(tenant.id(), io.marsad.soc.identity.Role.TENANT_ADMIN);
        browser.register("Corporate", GROUPS);
        provider.person(Map.of("sub", "1", "preferred_username", "tenant_admin", "groups", List.of("soc")));
        var session = browser.session(browser.signIn());
        assertThat(session.get("user").get("username").stringValue()).isEqualTo("tenant_admin (Corporate)");
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("soc_analyst");
        provider.person(Map.of("sub", "2", "preferred_username", "tenant_admin", "groups", List.of("soc")));
        assertThat(browser.session(browser.signIn()).get("user").get("username").stringValue())
                .startsWith("tenant_admin (")
                .isNotEqualTo("tenant_admin (Corporate)");
    }

    @Test
    void whoIsDisabledStaysOut() throws Exception {
        browser.register("Corporate", GROUPS);
        var user = browser.session(browser.signIn()).get("user").get("id").stringValue();
        browser.admin().tree("updateUser", "/v1/users/" + user, "{\"disabled\":true}", 200);
        assertThat(browser.signIn().to()).isEqualTo("/?sign_in=no-access");
        assertThat(browser.refusal()).contains("is disabled");
    }

    @Test
    void whoWasDeletedIsAnotherUserWhenTheyComeAgain() throws Exception {
        browser.register("Corporate", GROUPS);
        var user = browser.session(browser.signIn()).get("user").get("id").stringValue();
        browser.admin().tree("deleteUser", "/v1/users/" + user, "", 204);
        var again = browser.session(browser.signIn()).get("user").get("id").stringValue();
        assertThat(again).isNotEqualTo(user);
        assertThat(browser.session(browser.signIn()).get("user").get("id").stringValue())
                .isEqualTo(again);
    }

    // ---- tokens that are refused

    private static UnaryOperator<Map<String, Object>> with(String claim, Object value) {
        return claims -> {
            var bent = new LinkedHashMap<>(claims);
            bent.put(claim, value);
            return bent;
        };
    }

    private static UnaryOperator<Map<String, Object>> without(String claim) {
        return claims -> {
            var bent = new LinkedHashMap<>(claims);
            bent.remove(claim);
            return bent;
        };
    }

    private static long seconds(long fromNow) {
        return Instant.now().getEpochSecond() + fromNow;
    }

    static Stream<Arguments> claims() {
        return Stream.of(
                Arguments.of("wrong audience", with("aud", "other"), "somebody else"),
                Arguments.of("no audience", without("aud"), "somebody else"),
                Arguments.of(
                        "several audiences, no party", with("aud", List.of("marsad client", "o")), "somebody else"),
                Arguments.of("another party", with("azp", "other"), "somebody else"),
                Arguments.of("audience of numbers", with("aud", List.of(1, 2)), "aud is no text"),
                Arguments.of("expired", with("exp", seconds(-120)), "expired"),
                Arguments.of("no end", without("exp"), "no exp"),
                Arguments.of("an end that is no time", with("exp", "tomorrow"), "no time"),
                Arguments.of("not yet valid", with("nbf", seconds(120)), "not valid yet"),
                Arguments.of("issued tomorrow", with("iat", seconds(86_400)), "not valid yet"),
                Arguments.of("not issued", without("iat"), "no iat"),
                Arguments.of("other issuer", with("iss", "https://evil.example"), "another issuer"),
                Arguments.of("no issuer", without("iss"), "no iss"),
                Arguments.of("wrong nonce", with("nonce", "another"), "nonce"),
                Arguments.of("no nonce", without("nonce"), "no nonce"),
                Arguments.of("nobody", without("sub"), "no sub"),
                Arguments.of("an endless name", with("sub", "x".repeat(256)), "255"),
                Arguments.of("a subject of another kind", with("sub", List.of("x")), "sub is no text"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claims")
    void claimsThatAreNotOfThisSignInAreRefused(String what, UnaryOperator<Map<String, Object>> bend, String reason)
            throws Exception {
        browser.register("Corporate", GROUPS);
        provider.bend(bend);
        assertInvalid(what, reason);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String edwards(ProviderKeys keys, String headerMore, String claims) {
        var header = "{\"alg\":\"EdDSA\",\"kid\":\"" + keys.edwardsId() + "\"" + headerMore + "}";
        return keys.signed(base64(header) + "." + base64(claims));
    }

    static Stream<Arguments> signatures() {
        var foreign = ProviderKeys.FOREIGN;
        return Stream.of(
                signature("none", (keys, all) -> keys.sign("none", all), "three parts"),
                signature("none with a part", (keys, all) -> keys.sign("none", all) + "AAAA", "algorithm"),
                signature("HS256 with the public key", (keys, all) -> keys.sign("HS256", all), "algorithm"),
                signature("an algorithm not taken", (keys, all) -> keys.sign("RS384", all), "algorithm"),
                signature("a foreign key", (_, all) -> foreign.sign("RS256", all), "no key is known"),
                signature(
                        "a foreign key under our key's id",
                        (keys, all) -> foreign.sign(
                                "RS256", all, Map.of("kid", keys.rsa().getKeyID())),
                        "signature is not right"),
                signature(
                        "a foreign key that it brings along",
                        (_, all) -> foreign.sign(
                                "RS256",
                                all,
                                Map.of("jwk", foreign.rsa().toPublicJWK().toJSONObject())),
                        "no key is known"),
                signature("a changed body", (keys, all) -> changed(keys.sign("RS256", all)), "signature is not right"),
                signature("another type", (keys, all) -> keys.sign("RS256", all, Map.of("typ", "at+jwt")), "type"),
                signature(
                        "a critical extension", (keys, _) -> edwards(keys, ",\"crit\":[\"x\"],\"x\":1", "{}"), "crit"),
                signature("a header name twice", (keys, _) -> edwards(keys, ",\"alg\":\"EdDSA\"", "{}"), "name twice"),
                signature(
                        "a claim twice", (keys, _) -> edwards(keys, "", "{\"sub\":\"a\",\"sub\":\"b\"}"), "name twice"),
                signature("no JSON", (keys, _) -> edwards(keys, "", "[1]"), "no JSON"),
                signature("no token", (_, _) -> "x.y", "three parts"),
                signature("a token without end", (_, _) -> "a".repeat(40_000), "longer"));
    }

    private static Arguments signature(
            String what, BiFunction<ProviderKeys, Map<String, Object>, String> sign, String reason) {
        return Arguments.of(what, sign, reason);
    }

    private static String changed(String token) {
        var parts = token.split("\\.", -1);
        var claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        return parts[0] + "." + base64(claims.replace("\"soc\"", "\"lead\"")) + "." + parts[2];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signatures")
    void tokensThatTheProviderHasNotSignedAreRefused(
            String what, BiFunction<ProviderKeys, Map<String, Object>, String> sign, String reason) throws Exception {
        browser.register("Corporate", GROUPS);
        provider.sign(sign);
        assertInvalid(what, reason);
    }

    @Test
    void aKeyThatHasGoneIsNotTakenAndANewOneIs() throws Exception {
        browser.register("Corporate", GROUPS);
        var old = provider.keys();
        provider.rotate();
        assertThat(browser.signIn().identity()).isNotEqualTo(Identity.NOBODY);
        provider.sign((_, claims) -> old.sign("RS256", claims));
        assertInvalid("rotated out", "no key is known");
    }

    private void assertInvalid(String what, String reason) throws Exception {
        var arrived = browser.signIn();
        assertThat(arrived.identity()).as(what).isEqualTo(Identity.NOBODY);
        assertThat(arrived.to()).as(what).isEqualTo("/?sign_in=invalid");
        assertThat(browser.refusal()).as(what).contains(reason);
        var users = browser.admin().json("listUsers", "/v1/users", "").get("users");
        assertThat(users.valueStream().map(user -> user.get("username").stringValue()))
                .as(what)
                .allMatch(name -> Arrays.asList("jane").contains(name));
    }
}
