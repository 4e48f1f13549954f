package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.TestProvider.Reply;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** States, cookies and providers that misbehave; and the providers themselves as an administrator has them. */
class SignOnFlowTest {
    private static final String EVERYBODY = "\"default_role\":\"soc_analyst\"";

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
        tenant = node.tenant("sign-flow-" + tenants++);
        browser = new SignOnBrowser(node, provider, tenant);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Calls nobody() {
        return new Calls(node, Identity.NOBODY);
    }

    // ---- the browser that began

    @Test
    void anAnswerCountsOnce() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var begun = browser.begin();
        var back = browser.back(begun);
        assertThat(browser.arrive(back, begun.cookie()).identity()).isNotEqualTo(Identity.NOBODY);
        assertThat(browser.arrive(back, begun.cookie()).to()).isEqualTo("/?sign_in=stale");
    }

    @Test
    void anAnswerCountsInTheBrowserThatAskedOnly() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var victim = browser.begin();
        var attacker = browser.begin();
        var back = browser.back(attacker);
        assertThat(browser.arrive(back, victim.cookie()).to()).isEqualTo("/?sign_in=stale");
        assertThat(browser.arrive(back, "other=1").to()).isEqualTo("/?sign_in=stale");
        assertThat(browser.arrive(back, attacker.cookie()).identity()).isNotEqualTo(Identity.NOBODY);
    }

    @Test
    void aCodeOfAnotherSignInIsNotTaken() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var one = browser.begin();
        var other = browser.begin();
        var code = TestProvider.form(browser.back(other).getRawQuery()).get("code");
        var mixed = URI.create(browser.back(one).toString().replaceAll("code=[^&]*", "code=" + code));
        assertThat(browser.arrive(mixed, one.cookie()).to()).isEqualTo("/?sign_in=unavailable");
        assertThat(browser.refusal()).contains("invalid_grant"); // the proof of the code is the other one's
    }

    @Test
    void anotherTenantsStateIsNotTaken() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var begun = browser.begin();
        var other = node.tenant(tenant.id() + "-other");
        var back = browser.back(begun).toString();
        var moved = URI.create(back.replace("state=" + tenant.id() + ".", "state=" + other.id() + "."));
        assertThat(browser.arrive(moved, begun.cookie()).to()).isEqualTo("/?sign_in=stale");
    }

    @Test
    void anAnswerThatNamesAnotherIssuerIsNotTaken() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var begun = browser.begin();
        var back = browser.back(begun).toString().replaceAll("iss=[^&]*", "iss=https://evil.example");
        assertThat(browser.arrive(URI.create(back), begun.cookie()).to()).isEqualTo("/?sign_in=invalid");
        var again = browser.begin();
        var silent = browser.back(again).toString().replaceAll("&iss=[^&]*", "");
        assertThat(browser.arrive(URI.create(silent), again.cookie()).to()).isEqualTo("/?sign_in=invalid");
    }

    @Test
    void whatTheProviderRefusesIsSaid() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var begun = browser.begin();
        var back = browser.back(begun).toString().replaceAll("&code=[^&]*", "&error=access_denied");
        assertThat(browser.arrive(URI.create(back), begun.cookie()).to()).isEqualTo("/?sign_in=declined");
        assertThat(browser.refusal()).contains("access_denied");
    }

    @Test
    void noStateIsNoSignIn() throws Exception {
        for (var query : new String[] {"", "?code=x", "?state=x&code=y", "?state=" + tenant.id() + "..&code=y"}) {
            var answer = nobody().send("endProviderSignIn", "/v1/auth/callback" + query, "", 303);
            assertThat(answer.headers().firstValue("Location")).contains("/?sign_in=stale");
        }
    }

    // ---- providers that misbehave

    @Test
    void aDocumentOfAnotherIssuerIsNotTaken() throws Exception {
        browser.register("Corporate", EVERYBODY);
        provider.instead("/discovery", Reply.json(200, "{\"issuer\":\"" + provider.issuer() + "/\"}"));
        assertUnavailable();
    }

    @Test
    void anAnswerWithoutEndIsNotRead() throws Exception {
        browser.register("Corporate", EVERYBODY);
        provider.instead("/discovery", Reply.json(200, "{\"x\":\"" + "x".repeat(600_000) + "\"}"));
        assertUnavailable();
    }

    @Test
    void aProviderThatDoesNotAnswerIsNotWaitedForLong() throws Exception {
        browser.register("Corporate", EVERYBODY);
        provider.instead("/discovery", Reply.NEVER);
        assertUnavailable();
        assertUnavailable();
        assertThat(provider.asked("/discovery")).isEqualTo(1); // it is not waited for again at once
    }

    @Test
    void theInsideOfANetworkIsNotAsked() throws Exception {
        for (var issuer :
                new String[] {"http://127.0.0.1:1/x", "https://169.254.169.254/latest", "https://localhost/"}) {
            var body = "{\"name\":\"" + issuer + "\",\"issuer\":\"" + issuer + "\",\"client_id\":\"c\"}";
            var made = browser.admin().tree("createProvider", "/v1/identity-providers", body, 201);
            assertThat(test(made.get("id").stringValue())).containsEntry("discovery", "failed");
        }
    }

    @Test
    void aTokenEndpointThatGivesNoTokenSignsNobodyIn() throws Exception {
        browser.register("Corporate", EVERYBODY);
        var begun = browser.begin();
        var back = browser.back(begun);
        provider.instead("/token", Reply.json(200, "{\"access_token\":\"x\"}"));
        assertThat(browser.arrive(back, begun.cookie()).to()).isEqualTo("/?sign_in=unavailable");
        assertThat(browser.refusal()).contains("no ID token");
    }

    private void assertUnavailable() throws Exception {
        var id = browser.admin()
                .json("listProviders", "/v1/identity-providers", "")
                .get("providers")
                .get(0)
                .get("id")
                .stringValue();
        var body = "{\"tenant\":\"" + tenant.id() + "\",\"provider\":\"" + id + "\"}";
        assertThat(nobody().problem("beginProviderSignIn", "/v1/auth/providers/sign-in", body, 503))
                .isEqualTo("provider-unavailable");
    }

    // ---- the providers of a tenant

    @Test
    void aTenantThatIsNotThereHasNoProvidersEither() throws Exception {
        for (var name : new String[] {"nobody-is-here", "Not A Name", ""}) {
            var query = "?tenant=" + name.replace(" ", "%20");
            var found = nobody().json("listSignInProviders", "/v1/auth/providers" + query, "");
            assertThat(found.get("providers")).isEmpty();
        }
    }

    @Test
    void aProviderThatIsOffIsNotOfferedAndItsPeopleAreOut() throws Exception {
        var id = browser.register("Corporate", EVERYBODY);
        var arrived = browser.signIn();
        var begun = browser.begin();
        var back = browser.back(begun);
        browser.admin()
                .tree(
                        "updateProvider",
                        "/v1/identity-providers/" + id,
                        browser.body("Corporate", "", EVERYBODY + ",\"enabled\":false"),
                        200);
        new Calls(node, arrived.identity()).send("getSession", "/v1/auth/session", "", 401);
        assertThat(browser.arrive(back, begun.cookie()).to()).isEqualTo("/?sign_in=stale");
        var offered = nobody().json("listSignInProviders", "/v1/auth/providers?tenant=" + tenant.id(), "");
        assertThat(offered.get("providers")).isEmpty();
        var body = "{\"tenant\":\"" + tenant.id() + "\",\"provider\":\"" + id + "\"}";
        nobody().send("beginProviderSignIn", "/v1/auth/providers/sign-in", body, 404);
    }

    @Test
    void theSecretStaysGoesOrIsReplacedAndIsNeverShown() throws Exception {
        var id = browser.register("Corporate", EVERYBODY);
        var path = "/v1/identity-providers/" + id;
        var kept = browser.admin().tree("updateProvider", path, browser.body("Renamed", "", EVERYBODY), 200);
        assertThat(kept.get("has_secret").booleanValue()).isTrue();
        assertThat(browser.signIn().identity()).isNotEqualTo(Identity.NOBODY);
        var gone = browser.admin()
                .tree("updateProvider", path, browser.body("Renamed", "", "\"client_secret\":null," + EVERYBODY), 200);
        assertThat(gone.get("has_secret").booleanValue()).isFalse();
        assertThat(browser.signIn().to()).isEqualTo("/?sign_in=unavailable");
        assertThat(browser.refusal()).contains("invalid_client");
        var shown = browser.admin().json("listAudit", "/v1/audit?limit=100", "").toString()
                + browser.admin().json("listProviders", "/v1/identity-providers", "");
        assertThat(shown).doesNotContain(SignOnBrowser.SECRET);
        browser.admin().tree("deleteProvider", path, "", 204);
        browser.admin().send("getProvider", path, "", 404);
    }

    @Test
    void nobodyHasAProviderGiveWhatTheyMayNotGive() throws Exception {
        var path = "/v1/identity-providers";
        assertThat(browser.admin()
                        .problem(
                                "createProvider",
                                path,
                                browser.body("A", "", "\"default_role\":\"platform_admin\""),
                                400))
                .isEqualTo("role-of-installation");
        assertThat(browser.admin()
                        .problem(
                                "createProvider",
                                path,
                                browser.body("A", "", "\"groups\":[{\"group\":\"g\",\"role\":\"nobody\"}]"),
                                400))
                .isEqualTo("unknown-role");
        var little = browser.admin()
                .tree("createToken", "/v1/tokens", "{\"name\":\"l\",\"permissions\":[\"providers:write\"]}", 201)
                .get("secret")
                .stringValue();
        var by = new Calls(node, new Identity("little", "Authorization", "Bearer " + little, ""));
        by.send("createProvider", path, browser.body("A", "", "\"default_role\":\"tenant_admin\""), 403);
        by.send("createProvider", path, browser.body("A", "", "\"groups\":[]"), 201);
        assertThat(browser.admin().problem("createProvider", path, browser.body("A", "", "\"groups\":[]"), 409))
                .isEqualTo("name-taken");
        for (var issuer :
                new String[] {"ftp://x.example", "https://a@x.example/", "https://x.example/?q", "not an address"}) {
            var body = "{\"name\":\"B\",\"issuer\":\"" + issuer + "\",\"client_id\":\"c\"}";
            assertThat(browser.admin().problem("createProvider", path, body, 400))
                    .isEqualTo("invalid-provider");
        }
    }

    // ---- the test button

    private Map<String, String> test(String id) throws Exception {
        var answer = browser.admin().json("testProvider", "/v1/identity-providers/" + id + "/test", "");
        var steps = new java.util.TreeMap<String, String>();
        answer.get("steps")
                .forEach(step -> steps.put(
                        step.get("what").stringValue(), step.get("outcome").stringValue()));
        steps.put("all", String.valueOf(answer.get("ok").booleanValue()));
        return steps;
    }

    @Test
    void theTestSaysWhatWorks() throws Exception {
        var id = browser.register("Corporate", EVERYBODY);
        assertThat(test(id))
                .containsEntry("all", "true")
                .containsEntry("discovery", "ok")
                .containsEntry("keys", "ok")
                .containsEntry("algorithms", "ok")
                .containsEntry("pkce", "ok")
                .containsEntry("redirect_uri", "ok")
                .containsEntry("client", "ok");
        assertThat(browser.actions()).doesNotContain("session.begin", "user.create");
    }

    @Test
    void theTestSaysWhatDoesNot() throws Exception {
        var id = browser.register("Corporate", EVERYBODY);
        provider.client("marsad client", "another secret", browser.callback());
        assertThat(test(id)).containsEntry("client", "failed").containsEntry("redirect_uri", "ok");
        provider.client("marsad client", SignOnBrowser.SECRET, "https://elsewhere.example/");
        assertThat(test(id)).containsEntry("redirect_uri", "failed").containsEntry("client", "ok");
        provider.instead("/keys", Reply.json(200, "{\"keys\":[]}"));
        assertThat(test(id))
                .containsEntry("keys", "failed")
                .containsEntry("client", "skipped")
                .containsEntry("all", "false");
        provider.instead("/discovery", Reply.json(500, ""));
        assertThat(test(id)).containsEntry("discovery", "failed").containsEntry("keys", "skipped");
    }
}
