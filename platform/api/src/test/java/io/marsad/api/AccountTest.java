package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people do with their own account: sessions, password, passkeys. */
class AccountTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static TestNode node;
    private static TestNode.Tenant tenant;
    private static Calls nobody;
    private static Calls auditor;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("account-tenant");
        nobody = new Calls(node, Identity.NOBODY);
        auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
    }

    /** Somebody new who is signed in. */
    private static String person() {
        var name = "person" + PEOPLE.incrementAndGet();
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, Role.SOC_ANALYST, "system:test");
        return name;
    }

    private static Calls signIn(String name) throws Exception {
        return new Calls(node, node.signIn(tenant.id(), name, name));
    }

    private static List<JsonNode> sessions(Calls of) throws Exception {
        var all = new ArrayList<JsonNode>();
        of.json("listSessions", "/v1/auth/sessions", "").get("sessions").forEach(all::add);
        return all;
    }

    private static String login(String name, String password) {
        return "{\"tenant\":\"" + tenant.id() + "\",\"username\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    @Test
    void sessionsAreListedAndEnded() throws Exception {
        var name = person();
        var first = signIn(name);
        var second = signIn(name);
        var third = signIn(name);
        var all = sessions(first);
        assertThat(all).hasSize(3).allSatisfy(one -> {
            assertThat(one.get("method").stringValue()).isEqualTo("password");
            assertThat(one.get("address").stringValue()).isNotEmpty();
            assertThat(one.get("agent").stringValue()).startsWith("Java-http-client");
        });
        assertThat(all.stream().filter(one -> one.get("current").booleanValue()))
                .singleElement()
                .isEqualTo(all.getLast());
        var newest = "/v1/auth/sessions/" + all.getFirst().get("id").stringValue();
        assertThat(signIn(person()).problem("endSession", newest, "", 404)).isEqualTo("not-found");
        first.send("endSession", newest, "", 204);
        assertThat(third.problem("getSession", "/v1/auth/session", "", 401)).isEqualTo("unauthorized");
        var ended = first.json("endOtherSessions", "/v1/auth/sessions/end-others", "");
        assertThat(ended.get("ended").intValue()).isEqualTo(1);
        second.send("getSession", "/v1/auth/session", "", 401);
        var own = "/v1/auth/sessions/" + sessions(first).getFirst().get("id").stringValue();
        var answer = first.send("endSession", own, "", 204);
        assertThat(answer.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
        first.send("getSession", "/v1/auth/session", "", 401);
    }

    @Test
    void aPasswordIsChangedByWhoKnowsTheOldOne() throws Exception {
        var name = person();
        var me = signIn(name);
        var other = signIn(name);
        var changed = "a better horse battery";
        var body = "{\"old\":\"%s\",\"new\":\"%s\"}";
        assertThat(me.problem("changePassword", "/v1/auth/password", body.formatted("wrong", changed), 403))
                .isEqualTo("wrong-password");
        assertThat(me.problem("changePassword", "/v1/auth/password", body.formatted(TestNode.PASSWORD, "short"), 400))
                .isEqualTo("weak-password");
        other.send("getSession", "/v1/auth/session", "", 200);
        var done = me.json("changePassword", "/v1/auth/password", body.formatted(TestNode.PASSWORD, changed));
        assertThat(done.get("ended").intValue()).isEqualTo(1);
        other.send("getSession", "/v1/auth/session", "", 401);
        me.send("getSession", "/v1/auth/session", "", 200);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD), 401);
        nobody.send("login", "/v1/auth/login", login(name, changed), 200);
    }

    @Test
    void wrongOldPasswordsAreSlowedLikeSignIns() throws Exception {
        var name = person();
        var me = signIn(name);
        var body = "{\"old\":\"wrong\",\"new\":\"a better horse battery\"}";
        for (int i = 0; i < 5; i++) {
            me.send("changePassword", "/v1/auth/password", body, 403);
        }
        me.send("changePassword", "/v1/auth/password", body, 429);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD), 429);
    }

    // ---- passkeys

    private static SoftAuthenticator authenticator() throws Exception {
        return new SoftAuthenticator("http://localhost:" + node.server.port());
    }

    private static JsonNode creation(Calls by) throws Exception {
        return by.json("beginPasskey", "/v1/auth/passkeys/begin", "");
    }

    private static JsonNode request() throws Exception {
        return nobody.json("beginPasskeySignIn", "/v1/auth/passkey-sign-in/begin", "");
    }

    private static String named(String credential) {
        return "{\"name\":\"my key\",\"credential\":" + credential + "}";
    }

    private static SoftAuthenticator registered(Calls by) throws Exception {
        var authenticator = authenticator();
        by.tree("addPasskey", "/v1/auth/passkeys", named(authenticator.create(creation(by))), 201);
        return authenticator;
    }

    private static HttpResponse<byte[]> signIn(String credential, int status) throws Exception {
        return nobody.send("passkeySignIn", "/v1/auth/passkey-sign-in", credential, status);
    }

    private static List<JsonNode> refusals(String passkey) throws Exception {
        var found = new ArrayList<JsonNode>();
        auditor.json("listAudit", "/v1/audit?action=passkey.refuse&object=passkey:" + passkey, "")
                .get("entries")
                .forEach(found::add);
        return found;
    }

    private static String onlyPasskey(Calls of) throws Exception {
        return of.json("listPasskeys", "/v1/auth/passkeys", "")
                .get("passkeys")
                .get(0)
                .get("id")
                .stringValue();
    }

    @Test
    void aPasskeyIsMadeAndSignsIn() throws Exception {
        var name = person();
        var me = signIn(name);
        var options = creation(me);
        assertThat(options.get("rp").get("id").stringValue()).isEqualTo("localhost");
        assertThat(options.get("user").get("id").stringValue()).hasSize(43);
        assertThat(options.get("excludeCredentials")).isEmpty();
        var authenticator = authenticator();
        var made = me.tree("addPasskey", "/v1/auth/passkeys", named(authenticator.create(options)), 201);
        assertThat(made.get("name").stringValue()).isEqualTo("my key");
        assertThat(made.get("transports").get(0).stringValue()).isEqualTo("internal");
        assertThat(made.get("transports")).hasSize(1);
        assertThat(creation(me).get("excludeCredentials")).hasSize(1);
        assertThat(creation(me).get("user")).isEqualTo(options.get("user"));

        var answer = signIn(authenticator.get(request()), 200);
        assertThat(Json.tree(answer.body()).get("user").get("username").stringValue())
                .isEqualTo(name);
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        var byKey = new Calls(node, new Identity(name, "Cookie", cookie.split(";", 2)[0], ""));
        assertThat(sessions(byKey).getFirst().get("method").stringValue()).isEqualTo("passkey");
        var kept = byKey.json("listPasskeys", "/v1/auth/passkeys", "")
                .get("passkeys")
                .get(0);
        assertThat(kept.get("last_used_at").isNull()).isFalse();
        signIn(authenticator.get(request()), 200);
    }

    @Test
    void aCounterThatGoesBackIsRefusedAndRecorded() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        signIn(authenticator.get(request()), 200);
        signIn(authenticator.get(request()), 200);
        var passkey = onlyPasskey(me);
        assertThat(refusals(passkey)).isEmpty();
        authenticator.counter = 1;
        signIn(authenticator.get(request()), 401);
        assertThat(refusals(passkey)).singleElement().satisfies(entry -> {
            assertThat(entry.get("detail").get("reason").stringValue()).isEqualTo("counter");
            assertThat(entry.get("detail").get("kept").intValue()).isEqualTo(3);
            assertThat(entry.get("detail").get("sent").intValue()).isEqualTo(2);
        });
        authenticator.counter = 2;
        signIn(authenticator.get(request()), 401); // the same again
        authenticator.counter = 3;
        signIn(authenticator.get(request()), 200);
    }

    @Test
    void answersToOtherPagesAreRefused() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        var passkey = onlyPasskey(me);
        for (var origin :
                List.of("http://localhost:1", "https://localhost:" + node.server.port(), "http://evil.example")) {
            authenticator.origin = origin;
            signIn(authenticator.get(request()), 401);
            assertThat(me.problem("addPasskey", "/v1/auth/passkeys", named(authenticator.create(creation(me))), 400))
                    .isEqualTo("invalid-passkey");
        }
        assertThat(refusals(passkey))
                .hasSize(3)
                .allSatisfy(
                        entry -> assertThat(entry.get("detail").get("reason").stringValue())
                                .isEqualTo("BadOrigin"));
    }

    @Test
    void aChallengeIsGoodOnceAndForWhatItWasMade() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        var request = request();
        signIn(authenticator.get(request), 200);
        signIn(authenticator.get(request), 401);
        var creation = creation(me);
        var forOther = signIn(person());
        assertThat(forOther.problem(
                        "addPasskey", "/v1/auth/passkeys", named(authenticator().create(creation)), 400))
                .isEqualTo("invalid-passkey");
        var second = authenticator();
        me.tree("addPasskey", "/v1/auth/passkeys", named(second.create(creation)), 201);
        assertThat(me.problem(
                        "addPasskey", "/v1/auth/passkeys", named(authenticator().create(creation)), 400))
                .isEqualTo("invalid-passkey");
        assertThat(me.problem("addPasskey", "/v1/auth/passkeys", named(second.create(creation(me))), 409))
                .isEqualTo("known-passkey");
    }

    @Test
    void anAuthenticatorThatDoesNotAskWhoHoldsItIsRefused() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        authenticator.verifies = false;
        signIn(authenticator.get(request()), 401);
        var careless = authenticator();
        careless.verifies = false;
        me.send("addPasskey", "/v1/auth/passkeys", named(careless.create(creation(me))), 400);
        authenticator.verifies = true;
        signIn(authenticator.get(request()), 200);
    }

    @Test
    void whatIsNoAnswerIsRefused() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        var good = authenticator.get(request());
        signIn(good.replace("\"signature\":\"", "\"signature\":\"AA"), 401);
        signIn(good.replaceAll("\"userHandle\":\"[^\"]*\"", "\"userHandle\":null"), 401);
        signIn(good.replaceAll("\"authenticatorData\":\"[^\"]*\"", "\"authenticatorData\":\"AA\""), 401);
        signIn(good.replaceAll("\"response\":\\{[^}]*\\}", "\"response\":{}"), 401);
        signIn("{\"id\":\"\",\"rawId\":\"\",\"type\":\"public-key\",\"response\":{}}", 401);
        me.send("addPasskey", "/v1/auth/passkeys", named(good), 400);
    }

    @Test
    void passkeysAreRenamedAndRemoved() throws Exception {
        var me = signIn(person());
        var authenticator = registered(me);
        var path = "/v1/auth/passkeys/" + onlyPasskey(me);
        var other = signIn(person());
        other.send("renamePasskey", path, "{\"name\":\"mine\"}", 404);
        other.send("deletePasskey", path, "", 404);
        assertThat(me.problem("renamePasskey", path, "{\"name\":\" \"}", 400)).isEqualTo("invalid-name");
        me.send("renamePasskey", path, "{\"name\":\"the blue one\"}", 204);
        assertThat(me.json("listPasskeys", "/v1/auth/passkeys", "")
                        .get("passkeys")
                        .get(0)
                        .get("name")
                        .stringValue())
                .isEqualTo("the blue one");
        me.send("deletePasskey", path, "", 204);
        me.send("deletePasskey", path, "", 404);
        signIn(authenticator.get(request()), 401);
    }
}
