package io.marsad.api;

import static io.marsad.api.People.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Administering users: what may be done, what may not, and that it counts at once. */
class UsersTest {
    private static TestNode node;
    private static People people;
    private static People.Person boss;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        people = People.of(node, "users-tenant");
        boss = people.person("boss", "tenant_admin");
    }

    private static int status(Calls calls, String path) throws Exception {
        return node.send(calls.as(), "GET", path, "").statusCode();
    }

    @Test
    void aUserSignsInWithAPasswordThatIsShownOnce() throws Exception {
        var made = boss.calls().tree("createUser", "/v1/users", user("Ada", "soc_analyst"), 201);
        var password = made.get("password").stringValue();
        assertThat(password).matches("([a-z2-9]{5}-){3}[a-z2-9]{5}");
        assertThat(made.get("has_password").booleanValue()).isTrue();
        assertThat(people.listed("Ada").get("last_seen_at").isNull()).isTrue();
        assertThat(people.listed("Ada").toString()).doesNotContain(password);
        assertThat(people.signIn("ada", password).statusCode()).isEqualTo(200);
        var listed = people.listed("Ada");
        assertThat(listed.get("last_seen_at").isString()).isTrue();
        assertThat(listed.get("sessions").intValue()).isEqualTo(1);
        assertThat(listed.get("role").stringValue()).isEqualTo("soc_analyst");
        assertThat(people.audit("user:" + made.get("id").stringValue()))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.get("action").stringValue()).isEqualTo("user.create");
                    assertThat(entry.get("actor").stringValue()).isEqualTo("user:" + boss.id());
                    assertThat(entry.get("detail").get("after").toString())
                            .isEqualTo("{\"disabled\":false,\"role\":\"soc_analyst\",\"username\":\"Ada\"}");
                    assertThat(entry.toString()).doesNotContain(password);
                });
    }

    @Test
    void aUserWithoutAPasswordCannotSignInWithOne() throws Exception {
        var body = "{\"username\":\"by-other-means\",\"role\":\"auditor\",\"password\":\"none\"}";
        var made = boss.calls().tree("createUser", "/v1/users", body, 201);
        assertThat(made.get("password").isNull()).isTrue();
        assertThat(made.get("has_password").booleanValue()).isFalse();
        assertThat(people.signIn("by-other-means", "").statusCode()).isIn(400, 401);
        assertThat(people.signIn("by-other-means", "none").statusCode()).isEqualTo(401);
    }

    @Test
    void anotherRoleCountsAtOnceInOpenSessions() throws Exception {
        var person = people.person("riser", "soc_analyst");
        assertThat(status(person.calls(), "/v1/audit")).isEqualTo(403);
        boss.calls().json("updateUser", person.path(), "{\"role\":\"auditor\"}");
        assertThat(status(person.calls(), "/v1/audit")).isEqualTo(200);
        var session = person.calls().json("getSession", "/v1/auth/session", "");
        assertThat(session.get("user").get("role").stringValue()).isEqualTo("auditor");
        boss.calls().json("updateUser", person.path(), "{\"role\":\"auditor\"}"); // changes nothing
        assertThat(people.audit("user:" + person.id()))
                .hasSize(2)
                .last()
                .satisfies(entry -> assertThat(entry.get("detail").toString())
                        .isEqualTo("{\"before\":{\"disabled\":false,\"role\":\"soc_analyst\",\"username\":\"riser\"},"
                                + "\"after\":{\"disabled\":false,\"role\":\"auditor\",\"username\":\"riser\"}}"));
    }

    @Test
    void whoIsDisabledIsOutAtOnceAndComesBackWithoutOldSessions() throws Exception {
        var person = people.person("pauser", "auditor");
        boss.calls().json("updateUser", person.path(), "{\"disabled\":true}");
        assertThat(status(person.calls(), "/v1/alerts")).isEqualTo(401);
        assertThat(people.signIn("pauser", person.password()).statusCode()).isEqualTo(401);
        assertThat(people.listed("pauser").get("sessions").intValue()).isZero();
        boss.calls().json("updateUser", person.path(), "{\"disabled\":false}");
        assertThat(status(person.calls(), "/v1/alerts")).isEqualTo(401);
        assertThat(people.signIn("pauser", person.password()).statusCode()).isEqualTo(200);
    }

    @Test
    void aNewPasswordEndsSessionsAndTheOldPassword() throws Exception {
        var person = people.person("forgetter", "auditor");
        var changed = boss.calls().json("resetUserPassword", person.path() + "/password", "");
        assertThat(status(person.calls(), "/v1/alerts")).isEqualTo(401);
        assertThat(people.signIn("forgetter", person.password()).statusCode()).isEqualTo(401);
        var again = people.signedIn("forgetter", changed.get("password").stringValue());
        boss.calls().send("endUserSessions", person.path() + "/sessions", "", 204);
        assertThat(status(new Calls(node, again), "/v1/alerts")).isEqualTo(401);
        assertThat(people.audit("user:" + person.id()).stream()
                        .map(entry -> entry.get("action").stringValue()))
                .containsSubsequence("user.create", "user.reset_password", "user.end_sessions");
    }

    @Test
    void whoIsDeletedKeepsTheNameInTheHistory() throws Exception {
        var person = people.person("leaver", "tenant_admin");
        person.calls().send("createToken", "/v1/tokens", "{\"name\":\"of a leaver\"}", 201);
        boss.calls().send("deleteUser", person.path(), "", 204);
        assertThat(status(person.calls(), "/v1/alerts")).isEqualTo(401);
        assertThat(people.signIn("leaver", person.password()).statusCode()).isEqualTo(401);
        assertThat(boss.calls().problem("deleteUser", person.path(), "", 404)).isEqualTo("not-found");
        assertThat(people.admin().json("listUsers", "/v1/users", "").toString()).doesNotContain(person.id());
        var acts = people.admin().json("listAudit", "/v1/audit?actor=user:" + person.id(), "");
        assertThat(acts.get("entries"))
                .isNotEmpty()
                .allSatisfy(entry ->
                        assertThat(entry.get("actor_name").stringValue()).isEqualTo("leaver"));
        assertThat(people.person("leaver", "auditor").id()).isNotEqualTo(person.id());
    }

    @Test
    void nobodyGivesWhatTheyDoNotHave() throws Exception {
        people.role("people_keeper", "users:read", "users:write", "alerts:read");
        people.role("alert_reader", "alerts:read");
        var ruler = people.person("ruler", "platform_admin");
        var keeper = people.person("keeper", "people_keeper");
        var reader = people.person("reader", "alert_reader");
        var forbidden = List.of(user("x1", "tenant_admin"), user("x2", "platform_admin"), user("x3", "auditor"));
        for (var body : forbidden) {
            keeper.calls().send("createUser", "/v1/users", body, 403);
        }
        boss.calls().send("createUser", "/v1/users", user("x4", "platform_admin"), 403);
        for (var to : List.of("tenant_admin", "platform_admin", "soc_analyst")) {
            var body = "{\"role\":\"" + to + "\"}";
            keeper.calls().send("updateUser", reader.path(), body, 403);
            keeper.calls().send("updateUser", keeper.path(), body, 403);
        }
        boss.calls().send("updateUser", boss.path(), "{\"role\":\"platform_admin\"}", 403);
        // Nor is it taken from who has more, by their password or by locking them out.
        for (var mighty : List.of(boss, ruler)) {
            keeper.calls().send("resetUserPassword", mighty.path() + "/password", "", 403);
            keeper.calls().send("endUserSessions", mighty.path() + "/sessions", "", 403);
            keeper.calls().send("updateUser", mighty.path(), "{\"disabled\":true}", 403);
            keeper.calls().send("updateUser", mighty.path(), "{\"role\":\"alert_reader\"}", 403);
            keeper.calls().send("deleteUser", mighty.path(), "", 403);
        }
        boss.calls().send("resetUserPassword", ruler.path() + "/password", "", 403);
        boss.calls().send("deleteUser", ruler.path(), "", 403);
        assertThat(status(ruler.calls(), "/v1/alerts")).isEqualTo(200);
        // What one has, one may give.
        keeper.calls().send("createUser", "/v1/users", user("second reader", "alert_reader"), 201);
        keeper.calls().json("updateUser", reader.path(), "{\"role\":\"people_keeper\"}");
        // Who only reads users changes nothing.
        var auditor = people.person("watcher", "auditor");
        auditor.calls().json("listUsers", "/v1/users", "");
        auditor.calls().send("createUser", "/v1/users", user("x5", "auditor"), 403);
        assertThat(people.admin().json("listUsers", "/v1/users", "").toString()).doesNotContain("\"x");
    }

    @Test
    void anAdministratorAlwaysStays() throws Exception {
        var own = People.of(node, "last-admin-tenant");
        var first = own.person("first", "tenant_admin");
        for (var body : List.of("{\"disabled\":true}", "{\"role\":\"auditor\"}")) {
            assertThat(own.admin().problem("updateUser", first.path(), body, 409))
                    .isEqualTo("last-administrator");
        }
        assertThat(own.admin().problem("deleteUser", first.path(), "", 409)).isEqualTo("last-administrator");
        assertThat(first.calls().problem("updateUser", first.path(), "{\"role\":\"auditor\"}", 409))
                .isEqualTo("last-administrator");
        var second = own.person("second", "tenant_admin");
        own.admin().json("updateUser", second.path(), "{\"disabled\":true}");
        assertThat(own.admin().problem("deleteUser", first.path(), "", 409))
                .as("who is disabled does not count")
                .isEqualTo("last-administrator");
        own.admin().send("deleteUser", second.path(), "", 204);
        // One who may do more counts, the other way round not.
        var ruler = own.person("ruler", "platform_admin");
        own.admin().json("updateUser", first.path(), "{\"role\":\"auditor\"}");
        own.admin().json("updateUser", first.path(), "{\"role\":\"tenant_admin\"}");
        assertThat(own.admin().problem("updateUser", ruler.path(), "{\"role\":\"tenant_admin\"}", 409))
                .isEqualTo("last-administrator");
    }

    @Test
    void twoWhoLockEachOtherOutAtOnceDoNotBothSucceed() throws Exception {
        var own = People.of(node, "mutual-tenant");
        var both = List.of(own.person("one", "tenant_admin"), own.person("two", "tenant_admin"));
        for (int round = 0; round < 5; round++) {
            var statuses = new ArrayList<Integer>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var sent = new ArrayList<Future<Integer>>();
                for (var person : both) {
                    sent.add(threads.submit(
                            () -> node.send(own.tenant().byToken(), "PATCH", person.path(), "{\"disabled\":true}")
                                    .statusCode()));
                }
                for (var one : sent) {
                    statuses.add(one.get());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 409);
            for (var person : both) {
                own.admin().json("updateUser", person.path(), "{\"disabled\":false}");
            }
        }
    }

    @Test
    void nobodyLocksThemselvesOut() throws Exception {
        var person = people.person("selfless", "tenant_admin");
        assertThat(person.calls().problem("updateUser", person.path(), "{\"disabled\":true}", 409))
                .isEqualTo("yourself");
        assertThat(person.calls().problem("deleteUser", person.path(), "", 409)).isEqualTo("yourself");
        assertThat(status(person.calls(), "/v1/alerts")).isEqualTo(200);
    }

    @Test
    void wrongWordsAreRefusedWithWhatWouldBeRight() throws Exception {
        var calls = boss.calls();
        var unknown = calls.send("createUser", "/v1/users", user("new", "tenant_adnim"), 400);
        assertThat(Json.tree(unknown.body()).get("detail").stringValue())
                .isEqualTo("There is no role 'tenant_adnim' (did you mean 'tenant_admin'?).");
        assertThat(calls.problem("createUser", "/v1/users", user("BOSS ", Role.AUDITOR.word()), 409))
                .isEqualTo("name-taken");
        assertThat(calls.problem("createUser", "/v1/users", user("ta\\tb", "auditor"), 400))
                .isEqualTo("invalid-username");
        assertThat(calls.problem("createUser", "/v1/users", "{\"username\":\"y\",\"rolle\":\"auditor\"}", 400))
                .isEqualTo("invalid-body");
    }
}
