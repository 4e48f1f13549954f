package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tenants as those who run the installation make, limit, suspend and delete them. */
class TenantTest {
    private static TestNode node;
    private static Calls operator;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        node.installation.ensureTenant(TestNode.OWN, "Own");
        operator = new Calls(node, node.tenant(TestNode.OWN.value()).byToken());
    }

    private static JsonNode create(String id) throws Exception {
        return operator.tree("createTenant", "/v1/tenants", "{\"id\":\"" + id + "\",\"name\":\"Of " + id + "\"}", 201);
    }

    private static JsonNode get(String id) throws Exception {
        return operator.json("getTenant", "/v1/tenants/" + id, "");
    }

    private static void act(String operation, String id, String act) throws Exception {
        operator.json(operation, "/v1/tenants/" + id + "/" + act, "");
    }

    private static String login(String tenant, String username, String password) {
        return "{\"tenant\":\"" + tenant + "\",\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
    }

    private static void limit(TenantId tenant, String quota) throws Exception {
        operator.json("updateTenant", "/v1/tenants/" + tenant, "{\"quota\":{" + quota + "}}");
    }

    private static String type(byte[] problem) {
        return Json.tree(problem).get("type").stringValue();
    }

    @Test
    void aNewTenantsFirstAdministratorSignsIn() throws Exception {
        var made = create("new-tenant");
        assertThat(made.get("state").stringValue()).isEqualTo("active");
        assertThat(made.get("own").booleanValue()).isFalse();
        assertThat(made.get("users").intValue()).isEqualTo(1);
        var admin = made.get("first_admin");
        var body = login(
                "new-tenant",
                admin.get("username").stringValue(),
                admin.get("password").stringValue());
        var session = new Calls(node, Identity.NOBODY).json("login", "/v1/auth/login", body);
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("tenant_admin");
        var permissions = new ArrayList<String>();
        session.get("permissions").forEach(one -> permissions.add(one.stringValue()));
        assertThat(permissions).contains("tokens:write").doesNotContain("tenants:read", "tenants:write");
        var again = operator.tree("createTenant", "/v1/tenants", "{\"id\":\"new-tenant\"}", 409);
        assertThat(again.get("type").stringValue()).endsWith("tenant-exists");
        operator.send("createTenant", "/v1/tenants", "{\"id\":\"No Id\"}", 400);
        assertThat(new String(
                        operator.send("listAudit", "/v1/audit?object=tenant:new-tenant", "", 200)
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("tenant.create", "Of new-tenant")
                .doesNotContain(admin.get("password").stringValue());
    }

    @Test
    void pagesNameEachTenantOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            create("paged-" + i);
        }
        var ids = new ArrayList<String>();
        var next = "";
        do {
            var page = operator.json("listTenants", "/v1/tenants?limit=2" + next, "");
            page.get("tenants").forEach(tenant -> ids.add(tenant.get("id").stringValue()));
            next = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").stringValue();
        } while (!next.isEmpty());
        assertThat(ids).doesNotHaveDuplicates().isSorted().contains("paged-0", "paged-4", "own-tenant");
    }

    @Test
    void onlyPeopleOfTheInstallationsOwnTenantDoThis() throws Exception {
        var other = node.tenant("would-be-operator");
        var mighty = new Calls(node, node.signIn(other.id(), Role.PLATFORM_ADMIN));
        mighty.send("listTenants", "/v1/tenants", "", 403);
        mighty.send("createTenant", "/v1/tenants", "{\"id\":\"not-made\"}", 403);
        new Calls(node, other.byToken()).send("suspendTenant", "/v1/tenants/own-tenant/suspend", "", 403);
        new Calls(node, Identity.NOBODY).send("listTenants", "/v1/tenants", "", 401);
        operator.send("getTenant", "/v1/tenants/not-made", "", 404);
        var auditor = new Calls(node, node.signIn(TestNode.OWN, Role.AUDITOR));
        auditor.send("listTenants", "/v1/tenants", "", 403);
        operator.send("suspendTenant", "/v1/tenants/own-tenant/suspend", "", 409);
        operator.send("deleteTenant", "/v1/tenants/own-tenant/delete", "{\"confirm\":\"own-tenant\"}", 409);
    }

    @Test
    void aSuspendedTenantIsLetInNowhereUntilItIsResumed() throws Exception {
        var tenant = node.tenant("suspended-tenant");
        var id = tenant.id().value();
        var analyst = node.signIn(tenant.id(), Role.SOC_ANALYST);
        var event = node.event(tenant.id(), "kept");
        act("suspendTenant", id, "suspend");
        var nobody = new Calls(node, Identity.NOBODY);
        var good = login(id, "soc_analyst", TestNode.PASSWORD);
        for (var refused : List.of(
                new Calls(node, analyst).send("listAlerts", "/v1/alerts", "", 403),
                new Calls(node, tenant.byToken()).send("ingestBatch", "/v1/ingest/batch", "{\"events\":[]}", 403),
                nobody.send("login", "/v1/auth/login", good, 403))) {
            assertThat(type(refused.body())).endsWith("tenant-suspended");
        }
        // Who does not know the password is not told.
        nobody.send("login", "/v1/auth/login", login(id, "soc_analyst", "a wrong password"), 401);
        assertThat(get(id).get("state").stringValue()).isEqualTo("suspended");
        act("resumeTenant", id, "resume");
        new Calls(node, analyst).send("getEvent", "/v1/events/" + event, "", 200);
    }

    @Test
    void deletionTakesTwoStepsAndLeavesNothingButTheAuditLog() throws Exception {
        var tenant = node.tenant("doomed-tenant");
        var neighbour = node.tenant("doomed-tenant-2");
        for (var one : List.of(tenant, neighbour)) {
            fill(one);
        }
        var path = "/v1/tenants/doomed-tenant/delete";
        var confirmed = "{\"confirm\":\"doomed-tenant\"}";
        assertThat(type(operator.send("deleteTenant", path, confirmed, 409).body()))
                .endsWith("not-suspended");
        act("suspendTenant", "doomed-tenant", "suspend");
        operator.send("deleteTenant", path, "{\"confirm\":\"doomed-tenant-2\"}", 400);
        var before = get("doomed-tenant-2");
        var deleted = operator.json("deleteTenant", path, confirmed);
        assertThat(deleted.get("verified").booleanValue())
                .as(deleted.toString())
                .isTrue();
        assertThat(deleted.get("events").intValue()).isEqualTo(3);
        assertThat(deleted.get("rows").propertyNames())
                .contains("alerts", "api_tokens", "dead_letters", "hunts", "saved_views", "schedules", "users");
        assertThat(deleted.get("kept").toString()).contains("audit_log");
        operator.send("getTenant", "/v1/tenants/doomed-tenant", "", 404);
        operator.send("createTenant", "/v1/tenants", "{\"id\":\"doomed-tenant\"}", 409);
        new Calls(node, tenant.byToken()).send("listAlerts", "/v1/alerts", "", 401);
        assertThat(node.store.usage(tenant.id()).events()).isZero();
        assertThat(get("doomed-tenant-2").get("events")).isEqualTo(before.get("events"));
        assertThat(new Calls(node, neighbour.byToken())
                        .json("listAlerts", "/v1/alerts", "")
                        .get("alerts"))
                .hasSize(1);
        assertThat(node.audit.verify(tenant.id()).ok()).isTrue();
    }

    private static void fill(Tenant tenant) throws Exception {
        var calls = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        for (int i = 0; i < 2; i++) {
            node.event(tenant.id(), "doomed" + i);
        }
        node.alert(tenant.id(), node.event(tenant.id(), "doomed"), "doomed");
        node.deadLetters(tenant.id(), "doomed");
        node.hunt(tenant.id(), "doomed");
        calls.send("createView", "/v1/views", "{\"name\":\"v\",\"query\":\"x\"}", 201);
        calls.send("createSchedule", "/v1/schedules", "{\"name\":\"s\",\"query\":\"x\",\"cron\":\"0 0 1 1 *\"}", 201);
    }

    @Test
    void whoFloodsIsRefusedWhileTheNeighbourIsServed() throws Exception {
        var flooding = node.tenant("flooding-tenant");
        var neighbour = node.tenant("flooded-neighbour");
        limit(flooding.id(), "\"events_per_second\":1");
        var batch =
                batch(200); // takes the quota of more than three minutes: what follows is far above it on any machine
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var flood = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                flood.add(threads.submit(() -> taken(flooding, batch, 50)));
            }
            assertThat(taken(neighbour, batch(1), 100))
                    .as("the neighbour's requests that were taken")
                    .isEqualTo(100);
            int taken = 0;
            for (var some : flood) {
                taken += some.get();
            }
            assertThat(taken).as("of 200 requests, four at once").isBetween(1, 4);
        }
        var refused = node.send(flooding.byToken(), "POST", "/v1/ingest/batch", batch);
        Calls.check("ingestBatch", refused);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(type(refused.body())).endsWith("quota-events");
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("1 events per second");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
        var own = new Calls(node, flooding.byToken()).json("getQuota", "/v1/quota", "");
        assertThat(own.get("refused").intValue()).isPositive();
        assertThat(own.get("quota").get("events_per_second").intValue()).isEqualTo(1);
        limit(flooding.id(), "");
        assertThat(taken(flooding, batch, 1)).as("without a quota").isEqualTo(1);
    }

    /** How many of the tenant's requests were answered 202; the others were answered 429. */
    private static int taken(Tenant tenant, String body, int requests) throws Exception {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            int status = node.send(tenant.byToken(), "POST", "/v1/ingest/batch", body)
                    .statusCode();
            assertThat(status).isIn(202, 429);
            taken += status == 202 ? 1 : 0;
        }
        return taken;
    }

    private static String batch(int events) {
        return "{\"source_format\":\"syslog\",\"events\":["
                + String.join(",", java.util.Collections.nCopies(events, "\"flood\"")) + "]}";
    }

    @Test
    void quotasAreCheckedAndTakeEffectAtOnce() throws Exception {
        var tenant = node.tenant("limited-tenant");
        limit(tenant.id(), "\"storage_bytes\":1000000000,\"queries\":7");
        assertThat(node.standings.quota(tenant.id()).queries()).isEqualTo(7);
        assertThat(taken(tenant, batch(1), 1)).isEqualTo(1);
        var path = "/v1/tenants/limited-tenant";
        operator.send("updateTenant", path, "{\"quota\":{\"queries\":0}}", 400);
        operator.send("updateTenant", path, "{\"quota\":{\"querys\":1}}", 400);
        var renamed = operator.json("updateTenant", path, "{\"name\":\"Renamed\"}");
        assertThat(renamed.get("name").stringValue()).isEqualTo("Renamed");
        assertThat(renamed.get("quota").get("queries").intValue()).isEqualTo(7);
    }
}
