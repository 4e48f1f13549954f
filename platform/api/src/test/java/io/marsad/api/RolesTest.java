package io.marsad.api;

import static io.marsad.api.People.permissions;
import static io.marsad.api.People.roleBody;
import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Role;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Roles of a tenant's own. */
class RolesTest {
    private static TestNode node;
    private static People people;
    private static Calls admin;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        people = People.of(node, "roles-tenant");
        admin = people.admin();
    }

    @Test
    void thePermissionsAreThoseThatTheContractAsksFor() {
        var asked = OpenApi.load().operations().stream()
                .map(Operation::permission)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        asked.add(Permission.SEARCHES_MANAGE); // on top of searches:write, for what is somebody else's
        asked.addAll(Set.of( // on top of actions:read, by what the action is
                Permission.ACTIONS_CONTAIN,
                Permission.ACTIONS_INVESTIGATE,
                Permission.ACTIONS_INTEL,
                Permission.ACTIONS_CASES,
                Permission.ACTIONS_NOTIFY));
        assertThat(asked).isEqualTo(new TreeSet<>(Permission.ALL));
    }

    @Test
    void rolesOfEveryInstallationAreListedAndStayAsTheyAre() throws Exception {
        var all = admin.json("listRoles", "/v1/roles", "");
        assertThat(all.get("permissions")).hasSameSizeAs(Permission.ALL);
        for (int i = 0; i < Role.BUILT_IN.size(); i++) {
            var role = all.get("roles").get(i);
            assertThat(role.get("id").isNull()).isTrue();
            assertThat(role.get("name").stringValue())
                    .isEqualTo(Role.BUILT_IN.get(i).word());
            assertThat(role.get("description").stringValue()).isNotEmpty();
            assertThat(role.get("permissions"))
                    .hasSameSizeAs(Role.BUILT_IN.get(i).permissions());
            var again = roleBody(Role.BUILT_IN.get(i).word(), "alerts:read");
            assertThat(admin.problem("createRole", "/v1/roles", again, 409)).isEqualTo("name-taken");
        }
        assertThat(Role.AUDITOR.permissions()).allMatch(permission -> permission.endsWith(":read"));
    }

    @Test
    void whatARoleMayDoIsEffectiveAtOnce() throws Exception {
        var path = people.role("night_shift", "alerts:read");
        var person = people.person("owl", "night_shift");
        person.calls().json("listAlerts", "/v1/alerts", "");
        person.calls().send("listSources", "/v1/sources", "", 403);
        admin.json("updateRole", path, permissions("sources:read"));
        person.calls().send("listAlerts", "/v1/alerts", "", 403);
        person.calls().json("listSources", "/v1/sources", "");
        var session = person.calls().json("getSession", "/v1/auth/session", "");
        assertThat(session.get("permissions").toString()).isEqualTo("[\"sources:read\"]");
        assertThat(people.audit(path.replace("/v1/roles/", "role:")))
                .last()
                .satisfies(entry -> assertThat(entry.get("detail").toString())
                        .contains("\"before\":{\"description\":\"\",\"name\":\"night_shift\","
                                + "\"permissions\":[\"alerts:read\"]}")
                        .contains("\"permissions\":[\"sources:read\"]"));
    }

    @Test
    void aRoleInUseStays() throws Exception {
        var path = people.role("contractor", "alerts:read");
        var first = people.person("c1", "contractor");
        var second = people.person("c2", "contractor");
        var refused = admin.send("deleteRole", path, "", 409);
        assertThat(Json.tree(refused.body()).get("detail").stringValue())
                .isEqualTo("2 users have the role contractor; give another one first.");
        admin.json("updateUser", first.path(), "{\"role\":\"auditor\"}");
        admin.send("deleteUser", second.path(), "", 204);
        admin.send("deleteRole", path, "", 204);
        assertThat(admin.problem("deleteRole", path, "", 404)).isEqualTo("not-found");
        assertThat(admin.problem("updateUser", first.path(), "{\"role\":\"contractor\"}", 400))
                .isEqualTo("unknown-role");
    }

    @Test
    void aRoleNeverHoldsMoreThanItsMakerHas() throws Exception {
        people.role("role_keeper", "users:read", "users:write", "alerts:read");
        var mighty = people.role("mighty", "alerts:read", "alerts:write");
        var keeper = people.person("role keeper", "role_keeper").calls();
        keeper.send("createRole", "/v1/roles", roleBody("lesser", "alerts:read"), 201);
        keeper.send("createRole", "/v1/roles", roleBody("greater", "alerts:read", "tokens:write"), 403);
        keeper.send("updateRole", mighty, permissions("alerts:read"), 403);
        keeper.send("deleteRole", mighty, "", 403);
        var own = people.role("own", "users:read");
        keeper.send("updateRole", own, permissions("users:read", "audit:read"), 403);
        var boss = people.person("roles boss", "tenant_admin").calls();
        boss.send("createRole", "/v1/roles", roleBody("operator", "metrics:read"), 403);
    }

    @Test
    void wrongWordsAreRefusedWithWhatWouldBeRight() throws Exception {
        var unknown = admin.send("createRole", "/v1/roles", roleBody("typist", "alert:read"), 400);
        assertThat(Json.tree(unknown.body()).get("detail").stringValue())
                .isEqualTo("There is no permission 'alert:read' (did you mean 'alerts:read'?).");
        assertThat(admin.problem("createRole", "/v1/roles", roleBody("Upper Case", "alerts:read"), 400))
                .isEqualTo("invalid-role");
        var token = admin.send("createToken", "/v1/tokens", roleBody("t", "event:read"), 400);
        assertThat(Json.tree(token.body()).get("detail").stringValue()).contains("did you mean 'events:read'?");
    }

    @Test
    void aRoleIsItsTenantsOwn() throws Exception {
        people.role("home_grown", "alerts:read");
        var other = People.of(node, "roles-other-tenant");
        assertThat(other.admin().problem("createUser", "/v1/users", People.user("guest", "home_grown"), 400))
                .isEqualTo("unknown-role");
        other.role("home_grown", "sources:read");
        other.person("guest", "home_grown").calls().send("listAlerts", "/v1/alerts", "", 403);
    }
}
