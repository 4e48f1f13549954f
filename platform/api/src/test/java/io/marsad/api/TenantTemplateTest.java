package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.http.Json;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tenants that are made from templates: exactly what it says, or nothing. */
class TenantTemplateTest {
    private static final String GOOD = """
            name: %s
            description: Made by a test.
            quota: {events_per_second: 7, storage_gb: 1.5, queries: ~}
            roles:
              - name: watcher
                description: Watches.
                permissions: [alerts:read, events:read]
              - {name: idle, permissions: []}
            second_factor: [tenant_admin, watcher]
            """;

    private static TestNode node;
    private static Calls operator;
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        operator = new Calls(node, node.tenant(TestNode.OWN.value()).byToken());
        folder = Files.createDirectories(node.data.resolve("templates").resolve("tenants"));
    }

    private static void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name + ".yaml"), text);
    }

    private static JsonNode create(String id, String template, int status) throws Exception {
        var body = "{\"id\":\"" + id + "\",\"template\":\"" + template + "\"}";
        return operator.tree("createTenant", "/v1/tenants", body, status);
    }

    private static JsonNode template(String name) throws Exception {
        for (var one :
                operator.json("listTenantTemplates", "/v1/tenant-templates", "").get("templates")) {
            if (one.get("name").stringValue().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no template " + name);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }

    /** The tenant's own roles and what each may do. */
    private static TreeMap<String, Set<String>> roles(JsonNode roles) {
        var found = new TreeMap<String, Set<String>>();
        for (var role : roles) {
            if (Role.builtIn(role.get("name").stringValue()) == null) {
                found.put(role.get("name").stringValue(), new TreeSet<>(texts(role.get("permissions"))));
            }
        }
        return found;
    }

    private static List<String> actions(Calls calls) throws Exception {
        var actions = new ArrayList<String>();
        calls.json("listAudit", "/v1/audit", "")
                .get("entries")
                .forEach(entry -> actions.addFirst(entry.get("action").stringValue()));
        return actions;
    }

    @Test
    void everyShippedTemplateMakesATenantThatIsAsItSays() throws Exception {
        var shipped = operator.json("listTenantTemplates", "/v1/tenant-templates", "")
                .get("templates")
                .valueStream()
                .filter(one -> one.get("shipped").booleanValue())
                .toList();
        assertThat(shipped)
                .extracting(one -> one.get("name").stringValue())
                .containsExactly("customer", "regulated", "trial");
        for (var template : shipped) {
            var name = template.get("name").stringValue();
            assertThat(template.get("faults")).as(name).isEmpty();
            var made = create("from-" + name, name, 201);
            assertThat(made.get("quota")).as(name).isEqualTo(template.get("quota"));
            var own = new Calls(node, node.tenant("from-" + name).byToken());
            assertThat(roles(own.json("listRoles", "/v1/roles", "").get("roles")))
                    .as(name)
                    .isEqualTo(roles(template.get("roles")));
            assertThat(own.json("getSecondFactorRoles", "/v1/second-factor", "").get("roles"))
                    .as(name)
                    .isEqualTo(template.get("second_factor"));
        }
    }

    @Test
    void quotaRolesAndSecondFactorCountFromTheFirstMomentOnAndAreRecorded() throws Exception {
        write("exact", GOOD.formatted("exact"));
        var made = create("exact-tenant", "exact", 201);
        assertThat(made.get("quota").toString())
                .isEqualTo("{\"events_per_second\":7,\"storage_bytes\":1500000000,\"queries\":null}");
        assertThat(node.standings.quota(new TenantId("exact-tenant")).eventsPerSecond())
                .isEqualTo(7);
        var admin = made.get("first_admin");
        var session = new Calls(node, Identity.NOBODY)
                .json(
                        "login",
                        "/v1/auth/login",
                        "{\"tenant\":\"exact-tenant\",\"username\":\"admin\",\"password\":\""
                                + admin.get("password").stringValue() + "\"}");
        assertThat(session.get("second_factor_due").booleanValue()).isTrue();
        assertThat(session.get("permissions")).isEmpty();
        // The token is made after what the template made.
        var own = new Calls(node, node.tenant("exact-tenant").byToken());
        assertThat(actions(own))
                .startsWith("role.create", "role.create", "second_factor.update", "user.create")
                .filteredOn(action -> action.startsWith("role.") || action.startsWith("second_factor."))
                .hasSize(3);
        var roles = roles(own.json("listRoles", "/v1/roles", "").get("roles"));
        assertThat(roles).containsOnlyKeys("watcher", "idle");
        assertThat(roles.get("watcher")).containsExactlyInAnyOrder(Permission.ALERTS_READ, Permission.EVENTS_READ);
        var entry = operator.json("listAudit", "/v1/audit?object=tenant:exact-tenant", "")
                .get("entries")
                .get(0);
        assertThat(entry.get("action").stringValue()).isEqualTo("tenant.create");
        assertThat(entry.get("detail").toString())
                .contains("\"template\":\"exact\"", "watcher idle", "tenant_admin watcher", "storage_bytes=1500000000")
                .doesNotContain(admin.get("password").stringValue());
        assertThat(node.audit.verify(new TenantId("exact-tenant")).ok()).isTrue();
        assertThat(node.audit.verify(TestNode.OWN).ok()).isTrue();
    }

    @Test
    void withoutATemplateATenantBeginsWithNothing() throws Exception {
        operator.tree("createTenant", "/v1/tenants", "{\"id\":\"plain-tenant\",\"admin\":false}", 201);
        var own = new Calls(node, node.tenant("plain-tenant").byToken());
        assertThat(roles(own.json("listRoles", "/v1/roles", "").get("roles"))).isEmpty();
        assertThat(own.json("getSecondFactorRoles", "/v1/second-factor", "").get("roles"))
                .isEmpty();
        assertThat(own.json("getQuota", "/v1/quota", "").get("quota").toString())
                .isEqualTo("{\"events_per_second\":null,\"storage_bytes\":null,\"queries\":null}");
    }

    @Test
    void aTemplateThatIsNotThereMakesNoTenant() throws Exception {
        var refused = create("unknown-template-tenant", "custmer", 400);
        assertThat(refused.get("type").stringValue()).endsWith("unknown-template");
        assertThat(refused.get("detail").stringValue())
                .isEqualTo("There is no template 'custmer' (did you mean 'customer'?).");
        operator.send("getTenant", "/v1/tenants/unknown-template-tenant", "", 404);
        create("unknown-template-tenant", "../customer", 400);
    }

    @Test
    void everyFaultOfATemplateIsSaidWithItsLineAndItMakesNoTenant() throws Exception {
        write("faulty", """
                name: fautly
                descripton: x
                quota: {events_per_second: 0, storage_gb: 1, storage_bytes: 5, querys: 3}
                roles:
                  - name: Tier One
                    permissions: [alerts:raed]
                  - name: soc_analyst
                    permissions: []
                  - name: operator
                    permissions: [alerts:read, tenants:write]
                """);
        var faults = new ArrayList<String>();
        template("faulty")
                .get("faults")
                .forEach(fault -> faults.add(fault.get("where").stringValue() + " "
                        + fault.get("reason").stringValue()));
        var at = "templates/tenants/faulty.yaml:";
        assertThat(faults)
                .containsExactly(
                        at + "2 unknown key 'descripton' (did you mean 'description'?)",
                        at + "1 the name 'fautly' is not the file's: call the file fautly.yaml",
                        at + "1 'description' is missing",
                        at + "3 unknown key 'querys' (did you mean 'queries'?)",
                        at + "3 a whole number from 1 to 1000000000 is expected, or nothing for no limit",
                        at + "3 storage_gb and storage_bytes say the same: one of them is enough",
                        at + "5 A role's name has 2 to 40 lower-case letters, digits and _, and begins with a letter.",
                        at + "6 There is no permission 'alerts:raed' (did you mean 'alerts:read'?).",
                        at + "7 every tenant has the role 'soc_analyst' already",
                        at + "10 'tenants:write' is about the installation itself: no tenant's role has it");
        var refused = create("faulty-tenant", "faulty", 409);
        assertThat(refused.get("type").stringValue()).endsWith("faulty-template");
        assertThat(refused.get("errors")).hasSize(10);
        operator.send("getTenant", "/v1/tenants/faulty-tenant", "", 404);
        // Mended, it counts at once, and the id was not used up.
        write("faulty", GOOD.formatted("faulty"));
        assertThat(create("faulty-tenant", "faulty", 201).get("state").stringValue())
                .isEqualTo("active");
    }

    @Test
    void whatIsNoTemplateIsRefused() throws Exception {
        write("two", GOOD.formatted("two") + "---\n" + GOOD.formatted("two"));
        write("no-yaml", "name: [");
        write("large", "# " + "x".repeat(70_000) + "\n" + GOOD.formatted("large"));
        write("Upper", GOOD.formatted("Upper"));
        write("twice", GOOD.formatted("twice").replace("idle", "watcher"));
        write("stranger", GOOD.formatted("stranger").replace("tenant_admin,", "tenant_admim,"));
        write("packs", GOOD.formatted("packs") + "packs: [windows]\n");
        for (var name : List.of("two", "no-yaml", "large", "Upper", "twice", "stranger", "packs")) {
            assertThat(template(name).get("faults")).as(name).hasSize(1);
            assertThat(create("of-no-template", name, 409).get("type").stringValue())
                    .endsWith("faulty-template");
            Files.delete(folder.resolve(name + ".yaml"));
        }
    }

    @Test
    void oneOfTheInstallationTakesThePlaceOfOneThatIsShipped() throws Exception {
        write("trial", GOOD.formatted("trial"));
        try {
            assertThat(template("trial").get("shipped").booleanValue()).isFalse();
            assertThat(create("own-trial", "trial", 201)
                            .get("quota")
                            .get("events_per_second")
                            .intValue())
                    .isEqualTo(7);
            write("trial", "name: trial\n"); // one with a fault gives way to no other
            create("faulty-trial", "trial", 409);
        } finally {
            Files.delete(folder.resolve("trial.yaml"));
        }
        assertThat(template("trial").get("shipped").booleanValue()).isTrue();
    }

    @Test
    void whatFailsInTheMidstLeavesNothing() throws Exception {
        write("midst", GOOD.formatted("midst"));
        asOwner("CREATE TRIGGER midst BEFORE INSERT ON marsad.users FOR EACH ROW"
                + " WHEN (NEW.tenant_id = 'midst-tenant') EXECUTE FUNCTION marsad.refuse_change()");
        try {
            // The administrator comes last: tenant, quota, roles and list of second factors are written by then.
            var body = "{\"id\":\"midst-tenant\",\"template\":\"midst\"}";
            assertThat(node.send(operator.as(), "POST", "/v1/tenants", body).statusCode())
                    .isEqualTo(500);
        } finally {
            asOwner("DROP TRIGGER midst ON marsad.users");
        }
        operator.send("getTenant", "/v1/tenants/midst-tenant", "", 404);
        assertThat(Rows.digests(node.database, new TenantId("midst-tenant")))
                .isEqualTo(Rows.digests(node.database, new TenantId("never-there")));
        assertThat(new String(
                        operator.send("listAudit", "/v1/audit?object=tenant:midst-tenant", "", 200)
                                .body(),
                        StandardCharsets.UTF_8))
                .doesNotContain("tenant.create");
        assertThat(roles(new Calls(node, tokenAfter(create("midst-tenant", "midst", 201)))
                        .json("listRoles", "/v1/roles", "")
                        .get("roles")))
                .containsOnlyKeys("watcher", "idle");
    }

    private static Identity tokenAfter(JsonNode made) throws Exception {
        return node.tenant(made.get("id").stringValue()).byToken();
    }

    private static void asOwner(String sql) throws Exception {
        var access = node.postgres.access();
        try (var connection = DriverManager.getConnection(
                        access.url(), access.owner().user(), access.owner().password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void onlyWhoRunsTheInstallationSeesThem() throws Exception {
        var other = node.tenant("template-reader");
        new Calls(node, other.byToken()).send("listTenantTemplates", "/v1/tenant-templates", "", 403);
        assertThat(Json.tree(node.send(Identity.NOBODY, "GET", "/v1/tenant-templates", "")
                                .body())
                        .get("status")
                        .intValue())
                .isEqualTo(401);
    }
}
