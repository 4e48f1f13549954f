package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.soc.identity.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An administrator looks at the platform as somebody else sees it. */
class ViewAsTest {
    private static final String PATH = "/v1/auth/view";
    private static final String TOKEN = "{\"name\":\"t\",\"permissions\":[\"ingest:write\"]}";

    private static People people;

    @BeforeAll
    static void start() throws Exception {
        people = People.of(TestNode.shared(), "view-as");
    }

    private static void as(Calls calls, String kind, String who) throws Exception {
        calls.send("setView", PATH, "{\"" + kind + "\":\"" + who + "\"}", 204);
    }

    private static JsonNode session(Calls calls) throws Exception {
        return calls.json("getSession", "/v1/auth/session", "");
    }

    private static List<String> permissions(Calls calls) throws Exception {
        var permissions = new ArrayList<String>();
        session(calls).get("permissions").forEach(one -> permissions.add(one.stringValue()));
        return permissions;
    }

    @Test
    void whoLooksAsARoleMayWhatItMayUntilTheyEndIt() throws Exception {
        var admin = people.person("role-viewer", "tenant_admin");
        var calls = admin.calls();
        assertThat(session(calls).get("view").isNull()).isTrue();
        as(calls, "role", "auditor");
        var session = session(calls);
        assertThat(session.get("view").get("role").stringValue()).isEqualTo("auditor");
        assertThat(session.get("view").get("user").isNull()).isTrue();
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("tenant_admin");
        assertThat(permissions(calls)).containsExactlyInAnyOrderElementsOf(Role.AUDITOR.permissions());
        calls.send("createToken", "/v1/tokens", TOKEN, 403);
        calls.send("listTokens", "/v1/tokens", "", 200);
        calls.send("setView", PATH, "{\"role\":\"soc_analyst\"}", 403); // an auditor may not
        calls.send("endView", PATH, "", 204);
        calls.send("endView", PATH, "", 204);
        calls.send("createToken", "/v1/tokens", TOKEN, 201);
        assertThat(session(calls).get("view").isNull()).isTrue();
    }

    @Test
    void nobodyGetsMoreThanTheyHave() throws Exception {
        people.role("people_keeper", "users:read", "users:write", "alerts:read");
        var keeper = people.person("keeper", "people_keeper").calls();
        as(keeper, "role", "tenant_admin");
        assertThat(permissions(keeper)).containsExactlyInAnyOrder("users:read", "users:write", "alerts:read");
        keeper.send("createToken", "/v1/tokens", TOKEN, 403);
        as(keeper, "role", "soc_analyst"); // the other one may what this needs: so may who looks
        assertThat(permissions(keeper)).containsExactly("alerts:read");
        people.person("reader", "auditor").calls().send("setView", PATH, "{\"role\":\"auditor\"}", 403);
    }

    @Test
    void whoIsLookedAsCountsAsTheyAreNow() throws Exception {
        var admin = people.person("user-viewer", "tenant_admin");
        var calls = admin.calls();
        var seen = people.person("seen", "soc_analyst");
        as(calls, "user", seen.id());
        assertThat(session(calls).get("view").get("username").stringValue()).isEqualTo("seen");
        assertThat(permissions(calls)).containsExactlyInAnyOrderElementsOf(Role.SOC_ANALYST.permissions());
        people.admin().json("updateUser", seen.path(), "{\"role\":\"auditor\"}");
        assertThat(permissions(calls)).containsExactlyInAnyOrderElementsOf(Role.AUDITOR.permissions());
        people.admin().json("updateUser", seen.path(), "{\"disabled\":true}");
        assertThat(permissions(calls)).isEmpty();
        calls.send("listUsers", "/v1/users", "", 403);
        calls.send("endView", PATH, "", 204);
        calls.send("setView", PATH, "{\"user\":\"" + seen.id() + "\"}", 409);
        calls.send("setView", PATH, "{\"user\":\"" + admin.id() + "\"}", 409);
        calls.send("setView", PATH, "{\"user\":\"00000000-0000-7000-8000-000000000000\"}", 404);
        calls.send("setView", PATH, "{\"role\":\"no_such_role\"}", 400);
        calls.send("setView", PATH, "{}", 400);
    }

    @Test
    void theAuditSaysWhoLookedAsWhom() throws Exception {
        var admin = people.person("audited-viewer", "tenant_admin");
        var calls = admin.calls();
        var other = people.person("audited-seen", "tenant_admin");
        as(calls, "user", other.id());
        var made = calls.tree("createToken", "/v1/tokens", TOKEN, 201).get("id").stringValue();
        calls.send("endView", PATH, "", 204);
        var act = people.audit("token:" + made).getFirst();
        assertThat(act.get("actor").stringValue()).isEqualTo("user:" + admin.id());
        assertThat(act.get("detail").get("viewing_as").stringValue()).isEqualTo("user:" + other.id());
        var views = new ArrayList<String>();
        for (var entry : people.audit("user:" + other.id())) {
            if (entry.get("actor").stringValue().equals("user:" + admin.id())) {
                views.add(entry.get("action").stringValue());
            }
        }
        assertThat(views).containsExactly("view.begin", "view.end");
        var verified = people.admin().json("verifyAudit", "/v1/audit/verification", "");
        assertThat(verified.get("ok").booleanValue()).isTrue();
    }

    @Test
    void aViewEndsWithItsSession() throws Exception {
        var admin = people.person("leaving-viewer", "tenant_admin");
        as(admin.calls(), "role", "auditor");
        admin.calls().send("logout", "/v1/auth/logout", "", 204);
        var again = new Calls(people.node(), people.signedIn(admin.name(), admin.password()));
        assertThat(session(again).get("view").isNull()).isTrue();
    }
}
