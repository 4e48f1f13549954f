package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Codes beside the password, and roles that need them. */
class SecondFactorTest {
    private static final String APP = "/v1/auth/authenticator";
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static TestNode node;
    private static TestNode.Tenant tenant;
    private static Calls nobody;
    private static Calls admin;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("factor-tenant");
        nobody = new Calls(node, Identity.NOBODY);
        admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
    }

    private static String person(Role role) {
        var name = "holder" + PEOPLE.incrementAndGet();
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, role, "system:test");
        return name;
    }

    private static Calls signIn(String name) throws Exception {
        return new Calls(node, node.signIn(tenant.id(), name, name));
    }

    private static String login(String name, String password, String code) {
        return "{\"tenant\":\"" + tenant.id() + "\",\"username\":\"" + name + "\",\"password\":\"" + password + "\""
                + (code.isEmpty() ? "" : ",\"code\":\"" + code + "\"") + "}";
    }

    private static String code(String code) {
        return "{\"code\":\"" + code + "\"}";
    }

    private static SoftApp begun(Calls me) throws Exception {
        var asked = me.json("beginAuthenticator", APP + "/begin", "");
        var secret = asked.get("secret").stringValue();
        assertThat(secret).hasSize(32);
        assertThat(asked.get("uri").stringValue())
                .startsWith("otpauth://totp/Marsad%20")
                .contains("secret=" + secret + "&issuer=Marsad%20");
        return new SoftApp(secret);
    }

    private static List<String> confirmed(Calls me, SoftApp app) throws Exception {
        var codes = new ArrayList<String>();
        me.tree("confirmAuthenticator", APP, code(app.next()), 201)
                .get("recovery_codes")
                .forEach(one -> codes.add(one.stringValue()));
        return codes;
    }

    private static JsonNode state(Calls me) throws Exception {
        return me.json("getAuthenticator", APP, "");
    }

    @Test
    void aCodeIsAskedForOnceTheAppHasShownOne() throws Exception {
        var name = person(Role.SOC_ANALYST);
        var me = signIn(name);
        assertThat(state(me).get("since").isNull()).isTrue();
        assertThat(me.problem("confirmAuthenticator", APP, code("123456"), 409)).isEqualTo("no-authenticator");
        var app = begun(me);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, ""), 200); // nothing is asked for yet
        assertThat(me.problem("confirmAuthenticator", APP, code(app.old()), 400))
                .isEqualTo("wrong-code");
        assertThat(confirmed(me, app)).hasSize(10).doesNotHaveDuplicates().allMatch(one -> one.length() == 16);
        assertThat(state(me).get("recovery_codes").intValue()).isEqualTo(10);
        assertThat(me.problem("beginAuthenticator", APP + "/begin", "", 409)).isEqualTo("known-authenticator");

        assertThat(nobody.problem("login", "/v1/auth/login", login(name, TestNode.PASSWORD, ""), 401))
                .isEqualTo("code-required");
        assertThat(nobody.problem("login", "/v1/auth/login", login(name, TestNode.PASSWORD, app.old()), 401))
                .isEqualTo("wrong-code");
        assertThat(nobody.problem("login", "/v1/auth/login", login(name, "wrong", app.again()), 401))
                .as("without the password nobody learns of the code")
                .isEqualTo("unauthorized");
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, app.next()), 200);
        assertThat(nobody.problem("login", "/v1/auth/login", login(name, TestNode.PASSWORD, app.again()), 401))
                .as("a code counts once")
                .isEqualTo("wrong-code");
        var sessions = me.json("listSessions", "/v1/auth/sessions", "").get("sessions");
        assertThat(sessions.get(0).get("method").stringValue()).isEqualTo("totp");
    }

    @Test
    void recoveryCodesAreGoodOnceAndHoweverTheyAreWritten() throws Exception {
        var name = person(Role.SOC_ANALYST);
        var me = signIn(name);
        var app = begun(me);
        var codes = confirmed(me, app);
        var first = codes.getFirst();
        var asWritten = first.substring(0, 4) + "-" + first.substring(4, 10).toLowerCase(Locale.ROOT) + " "
                + first.substring(10);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, asWritten), 200);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, first), 401);
        assertThat(state(me).get("recovery_codes").intValue()).isEqualTo(9);
        assertThat(me.problem("renewRecoveryCodes", APP + "/recovery-codes", code(first), 403))
                .isEqualTo("wrong-code");
        var renewed = me.tree("renewRecoveryCodes", APP + "/recovery-codes", code(app.next()), 201)
                .get("recovery_codes");
        assertThat(renewed).hasSize(10);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, codes.get(1)), 401);
        me.send("removeAuthenticator", APP + "/remove", code(renewed.get(0).stringValue()), 204);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, ""), 200);
        assertThat(me.problem("removeAuthenticator", APP + "/remove", code("123456"), 409))
                .isEqualTo("no-authenticator");
    }

    @Test
    void guessingCodesIsSlowed() throws Exception {
        var name = person(Role.SOC_ANALYST);
        var me = signIn(name);
        var app = begun(me);
        confirmed(me, app);
        for (int i = 0; i < 5; i++) {
            nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, app.old()), 401);
        }
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, app.next()), 429);
        me.send("removeAuthenticator", APP + "/remove", code("123456"), 429);
    }

    @Test
    void whoNeedsASecondFactorCanDoNothingBeforeItButMakeIt() throws Exception {
        admin.tree("createRole", "/v1/roles", "{\"name\":\"careful\",\"permissions\":[\"alerts:read\"]}", 201);
        var careful = new Role("careful", Set.of("alerts:read"));
        var name = person(careful);
        var me = signIn(name);
        me.send("listAlerts", "/v1/alerts", "", 200);
        assertThat(admin.problem("setSecondFactorRoles", "/v1/second-factor", "{\"roles\":[\"carefull\"]}", 400))
                .isEqualTo("unknown-role");
        admin.json("setSecondFactorRoles", "/v1/second-factor", "{\"roles\":[\"careful\"]}");
        assertThat(me.problem("listAlerts", "/v1/alerts", "", 403)).isEqualTo("second-factor-due");
        var session = me.json("getSession", "/v1/auth/session", "");
        assertThat(session.get("second_factor_due").booleanValue()).isTrue();
        assertThat(session.get("permissions")).isEmpty();
        assertThat(state(me).get("required").booleanValue()).isTrue();
        var app = begun(me);
        var codes = confirmed(me, app);
        me.send("listAlerts", "/v1/alerts", "", 200);
        var login = nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, codes.get(0)), 200);
        assertThat(Json.tree(login.body()).get("second_factor_due").booleanValue())
                .isFalse();

        var other = person(careful);
        var byPassword = signIn(other);
        byPassword.send("listAlerts", "/v1/alerts", "", 403);
        var authenticator = new SoftAuthenticator("http://localhost:" + node.server.port());
        var made = authenticator.create(byPassword.json("beginPasskey", "/v1/auth/passkeys/begin", ""));
        byPassword.tree("addPasskey", "/v1/auth/passkeys", "{\"name\":\"key\",\"credential\":" + made + "}", 201);
        byPassword.send("listAlerts", "/v1/alerts", "", 200);
        // Who has only found out the password cannot make a second factor of their own where there is one.
        var thief = signIn(other);
        assertThat(thief.problem("listAlerts", "/v1/alerts", "", 403)).isEqualTo("second-factor-due");
        assertThat(thief.problem("beginAuthenticator", APP + "/begin", "", 403)).isEqualTo("use-your-passkey");
        assertThat(thief.problem("beginPasskey", "/v1/auth/passkeys/begin", "", 403))
                .isEqualTo("use-your-passkey");
        admin.json("setSecondFactorRoles", "/v1/second-factor", "{\"roles\":[]}");
        thief.send("listAlerts", "/v1/alerts", "", 200);
    }

    @Test
    void anAdministratorsResetTakesAllOtherWaysIn() throws Exception {
        var name = person(Role.AUDITOR);
        var me = signIn(name);
        confirmed(me, begun(me));
        var id = me.json("getSession", "/v1/auth/session", "")
                .get("user")
                .get("id")
                .stringValue();
        assertThat(listed(id).get("authenticator").booleanValue()).isTrue();
        var reset = admin.tree("resetUserPassword", "/v1/users/" + id + "/password", "", 200);
        assertThat(listed(id).get("authenticator").booleanValue()).isFalse();
        nobody.send("login", "/v1/auth/login", login(name, reset.get("password").stringValue(), ""), 200);
    }

    private static JsonNode listed(String id) throws Exception {
        for (var user : admin.json("listUsers", "/v1/users", "").get("users")) {
            if (user.get("id").stringValue().equals(id)) {
                return user;
            }
        }
        throw new AssertionError("no user " + id);
    }

    @Test
    void nothingSecretIsInTheAuditLog() throws Exception {
        var name = person(Role.SOC_ANALYST);
        var me = signIn(name);
        var asked = me.json("beginAuthenticator", APP + "/begin", "");
        var app = new SoftApp(asked.get("secret").stringValue());
        var codes = confirmed(me, app);
        nobody.send("login", "/v1/auth/login", login(name, TestNode.PASSWORD, codes.get(0)), 200);
        var log = new String(
                admin.send("listAudit", "/v1/audit?limit=200", "", 200).body(), StandardCharsets.UTF_8);
        assertThat(log).contains("authenticator.create", "recovery_code.use");
        assertThat(log).doesNotContain(asked.get("secret").stringValue());
        assertThat(codes).allSatisfy(one -> assertThat(log).doesNotContain(one));
    }
}
