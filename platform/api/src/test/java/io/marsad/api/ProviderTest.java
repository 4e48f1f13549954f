package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.identity.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A provider's people act in tenants that were delegated to them, and in no others. */
class ProviderTest {
    private static final String TENANT = "/v1/auth/tenant";
    private static final String TOKEN = "{\"name\":\"t\",\"permissions\":[\"ingest:write\"]}";

    private static TestNode node;
    private static Calls operator;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        operator = new Calls(node, node.tenant(TestNode.OWN.value()).byToken());
    }

    /** A provider with an analyst and two children that both have an event and an alert. */
    private record Family(
            Tenant provider, Tenant child, Tenant sibling, EventId event, EventId siblings, Identity who) {
        static Family of(String name) throws Exception {
            var provider = node.tenant(name + "-provider");
            var child = node.tenant(name + "-child");
            var sibling = node.tenant(name + "-sibling");
            for (var one : List.of(child, sibling)) {
                parent(one, provider);
            }
            return new Family(
                    provider,
                    child,
                    sibling,
                    node.event(child.id(), "childword"),
                    node.event(sibling.id(), "siblingword"),
                    node.signIn(provider.id(), Role.SOC_ANALYST));
        }

        Calls calls() {
            return new Calls(node, who);
        }
    }

    private static void parent(Tenant child, Tenant provider) throws Exception {
        var body = "{\"parent\":\"" + provider.id() + "\"}";
        operator.send("setTenantParent", "/v1/tenants/" + child.id() + "/parent", body, 204);
    }

    private static String delegate(Tenant child, String to, String role) throws Exception {
        var body = "{" + to + ",\"role\":\"" + role + "\"}";
        var made = operator.tree("delegateTenant", "/v1/tenants/" + child.id() + "/delegations", body, 201);
        return made.get("id").stringValue();
    }

    private static void act(Calls calls, Tenant in, int status) throws Exception {
        calls.send("actInTenant", TENANT, "{\"tenant\":\"" + in.id() + "\"}", status);
    }

    private static List<JsonNode> audit(Tenant of, String filter) throws Exception {
        var entries = new ArrayList<JsonNode>();
        new Calls(node, of.byToken())
                .json("listAudit", "/v1/audit?" + filter, "")
                .get("entries")
                .forEach(entries::addFirst);
        return entries;
    }

    @Test
    void withoutADelegationNothingOfAChildIsThere() throws Exception {
        var family = Family.of("closed");
        var calls = family.calls();
        assertThat(calls.json("listActingTenants", "/v1/auth/tenants", "").get("tenants"))
                .isEmpty();
        act(calls, family.child(), 404);
        calls.send("getEvent", "/v1/events/" + family.event(), "", 404);
        delegate(family.child(), "\"provider_role\":\"auditor\"", "auditor"); // somebody else
        act(calls, family.child(), 404);
        act(new Calls(node, node.signIn(family.child().id(), Role.TENANT_ADMIN)), family.provider(), 404);
    }

    @Test
    void whoActsInAChildIsThereAndNowhereElse() throws Exception {
        var family = Family.of("acting");
        delegate(family.child(), "\"provider_user\":\"soc_analyst\"", "tenant_admin");
        var calls = family.calls();
        act(calls, family.sibling(), 404);
        act(calls, family.child(), 204);
        var session = calls.json("getSession", "/v1/auth/session", "");
        assertThat(session.get("tenant").get("id").stringValue()).isEqualTo("acting-child");
        assertThat(session.get("acting").get("provider").stringValue()).isEqualTo("acting-provider");
        var permissions = new ArrayList<String>();
        session.get("permissions").forEach(one -> permissions.add(one.stringValue()));
        assertThat(permissions)
                .contains("users:read", "alerts:write")
                .doesNotContain("users:write", "tokens:write", "tenants:read");
        calls.send("getEvent", "/v1/events/" + family.event(), "", 200);
        calls.send("getEvent", "/v1/events/" + family.siblings(), "", 404);
        calls.send("createToken", "/v1/tokens", TOKEN, 403);
        calls.send("listSessions", "/v1/auth/sessions", "", 403); // one's own account is elsewhere
        for (var named : List.of("acting-provider", "acting-sibling", "acting-child")) {
            var request = HttpRequest.newBuilder(node.request(family.who(), "GET", "/v1/alerts", ""), (_, _) -> true)
                    .header("X-Tenant-ID", named)
                    .build();
            var status = node.client
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).as(named).isEqualTo(named.equals("acting-child") ? 200 : 403);
        }
        calls.send("leaveTenant", TENANT, "", 204);
        calls.send("getEvent", "/v1/events/" + family.event(), "", 404);
        calls.send("listSessions", "/v1/auth/sessions", "", 200);
    }

    @Test
    void whoActsInAChildIsSeenThereAsTheProviders() throws Exception {
        var family = Family.of("present");
        delegate(family.child(), "\"provider_role\":\"soc_analyst\"", "soc_analyst");
        act(family.calls(), family.child(), 204);
        var child = family.child().id();
        var path = "/v1/alerts/"
                + node.alert(child, node.event(child, "seen"), "seen").id() + "/presence";
        family.calls().json("lookAtAlert", path, OwnCases.LOOKING);
        var people = new Calls(node, family.child().byToken()).json("lookAtAlert", path, OwnCases.LOOKING);
        var one = people.get("people").get(0);
        assertThat(one.get("name").stringValue()).isEqualTo("soc_analyst");
        assertThat(one.get("provider").stringValue()).isEqualTo("Tenant present-provider");
        var inbox = family.calls().json("getInbox", "/v1/inbox", "");
        assertThat(inbox.get("entries")).as("theirs is at home").isEmpty();
        family.calls().send("setInbox", "/v1/inbox/setting", "{\"mail\":true,\"address\":\"a@b.example\"}", 403);
    }

    @Test
    void eachActStandsInBothAuditLogs() throws Exception {
        var family = Family.of("audited");
        delegate(family.child(), "\"provider_role\":\"soc_analyst\"", "soc_analyst");
        var calls = family.calls();
        var user = calls.json("getSession", "/v1/auth/session", "")
                .get("user")
                .get("id")
                .stringValue();
        act(calls, family.child(), 204);
        var view = calls.tree("createView", "/v1/views", "{\"name\":\"v\",\"query\":\"x\"}", 201)
                .get("id")
                .stringValue();
        calls.send("leaveTenant", TENANT, "", 204);
        var inChild = audit(family.child(), "actor=user:" + user);
        assertThat(inChild).extracting(one -> one.get("action").stringValue()).startsWith("delegation.begin");
        assertThat(inChild.getLast().get("action").stringValue()).isEqualTo("delegation.end");
        assertThat(inChild).hasSize(3);
        assertThat(inChild.get(1).get("object").stringValue()).isEqualTo("view:" + view);
        inChild.forEach(one ->
                assertThat(one.get("detail").get("provider").stringValue()).isEqualTo("audited-provider"));
        var atHome = audit(family.provider(), "object=tenant:audited-child");
        assertThat(atHome)
                .extracting(one -> one.get("action").stringValue())
                .containsExactly("delegation.create", "delegation.begin", "delegation.act", "delegation.end");
        var act = atHome.get(2).get("detail");
        assertThat(act.get("object").stringValue()).isEqualTo("view:" + view);
        assertThat(act.get("seq").stringValue())
                .isEqualTo(inChild.get(1).get("seq").asString());
        for (var one : List.of(family.child(), family.provider())) {
            var verified = new Calls(node, one.byToken()).json("verifyAudit", "/v1/audit/verification", "");
            assertThat(verified.get("ok").booleanValue()).isTrue();
        }
    }

    @Test
    void whatIsRevokedEndsWithTheNextRequest() throws Exception {
        var family = Family.of("revoked");
        var calls = family.calls();
        var child = new Calls(node, family.child().byToken());
        var first = delegate(family.child(), "\"provider_user\":\"soc_analyst\"", "soc_analyst");
        var dup = "{\"provider_user\":\"soc_analyst\",\"role\":\"auditor\"}";
        operator.send("delegateTenant", "/v1/tenants/revoked-child/delegations", dup, 409);
        act(calls, family.child(), 204);
        assertThat(child.json("listDelegations", "/v1/delegations", "")
                        .get("delegations")
                        .get(0)
                        .get("id")
                        .stringValue())
                .isEqualTo(first);
        child.send("deleteDelegation", "/v1/delegations/" + first, "", 204);
        calls.send("listAlerts", "/v1/alerts", "", 403);
        assertThat(calls.json("getSession", "/v1/auth/session", "")
                        .get("acting")
                        .get("ended")
                        .booleanValue())
                .isTrue();
        calls.send("leaveTenant", TENANT, "", 204);
        calls.send("listAlerts", "/v1/alerts", "", 200);
        // Suspended, given to nobody: the same.
        var second = delegate(family.child(), "\"provider_user\":\"soc_analyst\"", "auditor");
        act(calls, family.child(), 204);
        operator.json("suspendTenant", "/v1/tenants/revoked-child/suspend", "");
        calls.send("listAlerts", "/v1/alerts", "", 403);
        operator.json("resumeTenant", "/v1/tenants/revoked-child/resume", "");
        calls.send("listAlerts", "/v1/alerts", "", 200);
        operator.send("setTenantParent", "/v1/tenants/revoked-child/parent", "{\"parent\":null}", 204);
        calls.send("listAlerts", "/v1/alerts", "", 403);
        operator.send("undelegateTenant", "/v1/tenants/revoked-child/undelegate", "{\"id\":\"" + second + "\"}", 404);
        operator.send("delegateTenant", "/v1/tenants/revoked-child/delegations", dup, 409);
    }

    @Test
    void thereIsOneLevel() throws Exception {
        var family = Family.of("level");
        var path = "/v1/tenants/level-%s/parent";
        var above = node.tenant("level-above");
        operator.send("setTenantParent", path.formatted("provider"), "{\"parent\":\"" + above.id() + "\"}", 409);
        operator.send("setTenantParent", path.formatted("above"), "{\"parent\":\"level-child\"}", 409);
        operator.send("setTenantParent", path.formatted("above"), "{\"parent\":\"level-above\"}", 409);
        operator.send("setTenantParent", path.formatted("above"), "{\"parent\":\"not-there\"}", 404);
        operator.json("suspendTenant", "/v1/tenants/level-provider/suspend", "");
        var refused = operator.problem(
                "deleteTenant", "/v1/tenants/level-provider/delete", "{\"confirm\":\"level-provider\"}", 409);
        assertThat(refused).isEqualTo("has-children");
        assertThat(operator.json("getTenant", "/v1/tenants/level-child", "")
                        .get("parent")
                        .stringValue())
                .isEqualTo(family.provider().id().value());
    }
}
