package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Parameter;
import io.marsad.api.contract.Tenancy;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Two tenants with objects of every kind. Every operation of the contract is called as everyone of the second tenant, with
 * the first one's ids, words, cursors and names wherever something can be given: nothing of the first tenant comes back,
 * and nothing of it changes. An operation that cannot be brought to succeed with the second tenant's own objects fails the
 * test, because its silence would then prove nothing.
 */
class IsolationTest {
    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();
    private static final String CANARY = "kanarienvogel";
    private static final String OWN = "bravoword";

    private static final String SCHEDULE = "{\"name\":\"%s\",\"query\":\"%s\",\"cron\":\"0 0 1 1 *\"%s}";
    private static final String USER = "{\"username\":\"%s\",\"role\":\"auditor\",\"password\":\"none\"}";
    private static final String ROLE = "{\"name\":\"%s\",\"description\":\"%s\",\"permissions\":[\"alerts:read\"]}";
    private static final String VIEW = "{\"name\":\"%s\",\"query\":\"%s\",\"shared\":true%s}";

    private static TestNode node;
    private static Tenant a;
    private static Tenant b;
    private static Things ofA;
    private static Things ofB;
    private static Identity analystA;
    private static Identity operator;
    private static final List<Identity> everyoneOfB = new ArrayList<>();

    /** A tenant's objects: ids by the part of the path that they belong to, and cursors of its lists. */
    private record Things(Map<String, List<String>> ids, List<String> cursors) {
        List<String> allIds() {
            return ids.values().stream().flatMap(List::stream).toList();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        a = node.tenant(CANARY + "-a");
        b = node.tenant(OWN + "-b");
        operator = node.tenant(TestNode.OWN.value()).byToken();
        analystA = node.signIn(a.id(), Role.SOC_ANALYST);
        everyoneOfB.add(b.byToken());
        for (Role role : Role.BUILT_IN) {
            everyoneOfB.add(node.signIn(b.id(), role));
        }
        ofA = things(a, CANARY);
        ofB = things(b, OWN);
    }

    private static Things things(Tenant tenant, String word) throws Exception {
        var ids = new LinkedHashMap<String, List<String>>();
        var cursors = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var event = node.event(tenant.id(), word);
            ids.computeIfAbsent("events", _ -> new ArrayList<>()).add(event.toString());
            var alert = node.alert(tenant.id(), event, word);
            ids.computeIfAbsent("alerts", _ -> new ArrayList<>()).add(alert.id().toString());
        }
        for (var more : List.of("-spare", "-gone")) {
            node.tenant(tenant.id() + more);
        }
        node.send(operator, "POST", "/v1/tenants/" + tenant.id() + "-gone/suspend", "");
        ids.put("hunts", List.of(node.hunt(tenant.id(), word).toString()));
        ids.put("tokens", List.of(make(tenant, "/v1/tokens", "{\"name\":\"" + word + "-spare\"}"), tenant.tokenId()));
        ids.put("users", two(tenant, "/v1/users", USER, word));
        ids.put("roles", two(tenant, "/v1/roles", ROLE, word));
        ids.put("views", two(tenant, "/v1/views", VIEW.formatted("%s", word, ""), word));
        node.send(tenant.byToken(), "POST", "/v1/events/query", "{\"query\":\"" + word + "\"}"); // into the history
        var schedules = List.of(schedule(tenant, word + 1), schedule(tenant, word + 2));
        ids.put("schedules", schedules);
        ids.put("schedule-runs", List.of(scheduleRun(tenant, schedules.getFirst())));
        ids.put("dead-letters", node.deadLetters(tenant.id(), word));
        ids.putAll(OwnAccount.things(node, tenant));
        for (var operation : CONTRACT.operations()) {
            var paged = operation.parameter("cursor") != null && operation.tenancy() == Tenancy.TENANT;
            if (paged && operation.method().equals("GET")) {
                cursors.add(cursor(tenant, operation, ""));
            } else if (operation.id().equals("searchEvents")) {
                cursors.add(cursor(tenant, operation, "{\"limit\":1}"));
            }
        }
        return new Things(ids, cursors);
    }

    private static String schedule(Tenant tenant, String word) throws Exception {
        return make(tenant, "/v1/schedules", SCHEDULE.formatted(word, word, ""));
    }

    /** Returns the id of what was made. */
    private static String make(Tenant tenant, String path, String body) throws Exception {
        var made = node.send(tenant.byToken(), "POST", path, body);
        return Json.tree(made.body()).get("id").stringValue();
    }

    private static List<String> two(Tenant tenant, String path, String body, String word) throws Exception {
        return List.of(
                make(tenant, path, body.replace("%s", word + 0)), make(tenant, path, body.replace("%s", word + 1)));
    }

    private static String scheduleRun(Tenant tenant, String schedule) throws Exception {
        node.send(tenant.byToken(), "POST", "/v1/schedules/" + schedule + "/run", "");
        var path = "/v1/schedules/" + schedule + "/runs";
        await().until(() -> !runs(tenant, path).isEmpty()
                && runs(tenant, path).findValue("ended_at").isString());
        return runs(tenant, path).get(0).get("id").stringValue();
    }

    private static JsonNode runs(Tenant tenant, String path) throws Exception {
        return Json.tree(node.send(tenant.byToken(), "GET", path, "").body()).get("runs");
    }

    private static String cursor(Tenant tenant, Operation operation, String body) throws Exception {
        var path = operation.path() + (body.isEmpty() ? "?limit=1" : "");
        var page = node.send(tenant.byToken(), operation.method(), path, body);
        var next = Json.text(Json.tree(page.body()), "next");
        return Objects.requireNonNull(next, operation.id() + " has a second page to point to");
    }

    @Test
    void nothingOfTheOtherTenantComesBack() throws Exception {
        var before = snapshot();
        var missing = new TreeSet<String>();
        int calls = 0;
        for (var operation : CONTRACT.operations()) {
            if (operation.id().equals("live")) {
                continue; // has no end: see the test of its own
            }
            if (!succeedsForItself(operation)) {
                missing.add(operation.id());
            }
            var foreign = foreignCalls(operation);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var sent = new ArrayList<Future<Integer>>();
                for (var who : everyoneOfB) {
                    sent.add(threads.submit(() -> assertSilent(operation, who, foreign)));
                }
                for (var some : sent) {
                    calls += some.get();
                }
            }
        }
        assertThat(missing)
                .as("operations that could not be brought to succeed: say in `body` or `things` how")
                .isEmpty();
        assertThat(calls).isGreaterThan(CONTRACT.operations().size() * everyoneOfB.size());
        assertThat(snapshot()).as("the first tenant's data").isEqualTo(before);
        var stored = node.send(a.byToken(), "POST", "/v1/events/search", "{\"query\":\"" + OWN + "\"}");
        assertThat(Json.tree(stored.body()).get("events")).isEmpty();
    }

    private record Call(String path, String body, boolean foreignId) {}

    /** Every place that takes a value, with each of the first tenant's values. */
    private static List<Call> foreignCalls(Operation operation) {
        var calls = new ArrayList<Call>();
        var own = ownPath(operation);
        var body = body(operation, OWN);
        var place = operation.path().contains("{id}") ? "{id}" : "{token}";
        if (operation.path().contains("{tenant}")) {
            for (var name : List.of(a.id().value(), a.id() + "-gone")) {
                calls.add(new Call(
                        operation.path().replace("{tenant}", name), body.replace(b.id() + "-gone", name), true));
            }
        } else if (operation.path().contains(place)) {
            for (String id : ofA.allIds()) {
                calls.add(new Call(operation.path().replace(place, id), body, true));
            }
        } else {
            calls.add(new Call(own, body, false));
        }
        for (Parameter parameter : operation.parameters()) {
            // A connector's name is the sender's own choice and is stored: it would come back as the sender's own.
            if (parameter.in() == Parameter.In.QUERY && !parameter.name().equals("connector_id")) {
                for (String value : foreignValues()) {
                    var query = "?" + parameter.name() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
                    calls.add(new Call(own + query, body, false));
                }
            }
        }
        if (operation.id().endsWith("Events") && operation.method().equals("POST")) {
            for (String value : foreignValues()) {
                // What the sender asks is kept for the sender, and would come back as the sender's own.
                var more = operation.id().equals("queryEvents") ? ",\"remember\":false" : "";
                calls.add(new Call(own, "{\"query\":\"\\\"" + value + "\\\"\"" + more + "}", false));
                calls.add(new Call(own, "{\"cursor\":\"" + value + "\",\"limit\":1000}", false));
            }
        }
        return calls;
    }

    private static List<String> foreignValues() {
        var values = new ArrayList<>(ofA.allIds());
        values.addAll(ofA.cursors());
        values.addAll(
                List.of(CANARY, a.id().value(), "rule-" + CANARY, CANARY + "-host", CANARY + "-origin", "0", "1", "*"));
        return values;
    }

    private static String ownPath(Operation operation) {
        var spare = b.id() + (operation.id().startsWith("delete") ? "-gone" : "-spare");
        var path = operation
                .path()
                .replace("{token}", b.token())
                .replace("{rule}", TestNode.RULE)
                .replace("{tenant}", spare);
        if (!path.contains("{id}")) {
            return path;
        }
        var kind = path.split("/", -1)[path.startsWith("/v1/auth/") ? 3 : 2];
        var ids = ofB.ids().getOrDefault(kind, List.of());
        assertThat(ids).as("the tenant has %s", kind).isNotEmpty();
        // What is deleted must not be what others are asked about.
        return path.replace("{id}", operation.id().startsWith("delete") ? ids.getLast() : ids.getFirst());
    }

    /** What an operation is sent: the contract's examples are not enough where values have to fit each other. */
    private static String body(Operation operation, String word) {
        return switch (operation.id()) {
            case "login" ->
                "{\"tenant\":\"" + b.id() + "\",\"username\":\"auditor\",\"password\":\"" + TestNode.PASSWORD + "\"}";
            case "ingestEvent" -> "{\"category\":\"auth\",\"action\":\"" + word + "\"}";
            case "ingestBatch" -> "{\"events\":[{\"text\":\"" + word + "\"}]}";
            case "ingestFalco", "ingestFalcoByUrl" -> "{\"rule\":\"" + word + "\",\"priority\":\"Notice\"}";
            case "createToken" -> "{\"name\":\"" + word + "\",\"permissions\":[\"ingest:write\"]}";
            case "valuesOfEvents" -> "{\"field\":\"host\",\"query\":\"" + word + "\"}";
            case "completeQuery" -> "{\"query\":\"host = \",\"position\":7}";
            case "createSchedule" -> SCHEDULE.formatted(word, word, "");
            case "updateSchedule" -> SCHEDULE.formatted(word, word, ",\"version\":1");
            case "createUser" -> USER.formatted(word);
            case "updateUser" -> "{\"disabled\":true}";
            case "createRole" -> ROLE.formatted(word, word);
            case "updateRole" -> "{\"permissions\":[\"events:read\"]}";
            case "createView" -> "{\"name\":\"" + word + "\",\"query\":\"" + word + "\"}";
            case "updateView" -> VIEW.formatted(word + "0", word, ",\"version\":1");
            case "createTenant" -> "{\"id\":\"" + word + "-new\"}";
            case "deleteTenant" -> "{\"confirm\":\"" + b.id() + "-gone\"}";
            case "rotateVault" -> "{\"keys\":\"data\"}";
            case "transitionAlert" -> "{\"to\":\"in_progress\"}";
            default -> operation.body() == null ? "" : OwnAccount.body(operation);
        };
    }

    /** Somebody of the second tenant gets a success from it, so that it is known to work. */
    private static boolean succeedsForItself(Operation operation) throws Exception {
        if (OwnAccount.knows(operation)) {
            return OwnAccount.succeeds(node, b, operation);
        }
        var statuses = new ArrayList<Integer>();
        boolean ofInstallation = operation.tenancy() == Tenancy.OPERATOR;
        for (var who : ofInstallation ? List.of(operator) : everyoneOfB) {
            var response = node.send(who, operation.method(), ownPath(operation), body(operation, OWN));
            CHECK.check(operation, response);
            if (!ofInstallation) { // who runs it knows who the tenants are
                assertClean(operation.id() + " as " + who, response);
            }
            statuses.add(response.statusCode());
            if (response.statusCode() / 100 == 2) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many calls that were. */
    private static int assertSilent(Operation operation, Identity who, List<Call> calls) throws Exception {
        if (operation.id().equals("logout")) {
            return 0; // takes nothing that could name anybody
        }
        for (var call : calls) {
            var what = who + ": " + operation.method() + " " + call.path() + " " + call.body();
            var response = node.send(who, operation.method(), call.path(), call.body());
            CHECK.check(operation, response);
            assertClean(what, response);
            if (call.foreignId()) {
                boolean unknown = operation.tokenInPath() || !takes(operation, who);
                int wanted = unknown ? 401 : RoleMatrixTest.may(who, operation) ? 404 : 403;
                assertThat(response.statusCode()).as(what).isEqualTo(wanted);
            }
        }
        if (operation.tenancy() == Tenancy.TENANT) {
            // Refused before anything else of a request is looked at: no value changes that, the first and last show
            // it.
            for (var call : new LinkedHashSet<>(List.of(calls.getFirst(), calls.getLast()))) {
                assertRefused(operation, who, call);
            }
        }
        return calls.size();
    }

    /** Another tenant cannot be asked for by name. */
    private static void assertRefused(Operation operation, Identity who, Call call) throws Exception {
        var named = HttpRequest.newBuilder(
                        node.request(who, operation.method(), call.path(), call.body()), (_, _) -> true)
                .header("X-Tenant-ID", a.id().value())
                .build();
        var what = who + ": " + operation.method() + " " + call.path() + " with X-Tenant-ID";
        var answer = node.client.send(named, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(what).isIn(401, 403);
        assertClean(what, answer);
    }

    private static boolean takes(Operation operation, Identity who) {
        return !who.name().equals("token") || operation.credentials().contains(Operation.TOKEN);
    }

    private static void assertClean(String what, HttpResponse<byte[]> response) {
        var all = new String(response.body(), StandardCharsets.UTF_8)
                + response.headers().map();
        assertThat(all.contains(CANARY))
                .as("%s tells of the other tenant: %s", what, all)
                .isFalse();
        for (String id : ofA.allIds()) {
            assertThat(all.contains(id))
                    .as("%s tells an id of the other tenant: %s", what, all)
                    .isFalse();
        }
    }

    /** What the first tenant sees of its own. */
    private static List<String> snapshot() throws Exception {
        var seen = new ArrayList<String>();
        for (var path : List.of(
                "/v1/alerts",
                "/v1/sources",
                "/v1/dead-letters",
                "/v1/views",
                "/v1/schedules",
                "/v1/search-history",
                "/v1/roles")) {
            var text = new String(node.send(a.byToken(), "GET", path, "").body(), StandardCharsets.UTF_8);
            seen.add(text.replaceAll("\"events_per_minute\":[^,]*|\"state\":\"(ok|quiet|failing)\"", "")); // time alone
        }
        for (String id : ofA.ids().getOrDefault("alerts", List.of())) {
            seen.add(new String(
                    node.send(analystA, "GET", "/v1/alerts/" + id, "").body(), StandardCharsets.UTF_8));
        }
        var tokens = Json.tree(node.send(a.byToken(), "GET", "/v1/tokens", "").body())
                .get("tokens");
        tokens.forEach(token -> seen.add(token.get("id") + " " + token.get("name")));
        return seen;
    }

    @Test
    void theLiveStreamTellsOfTheOwnTenantOnly() throws Exception {
        for (var path : List.of("/v1/live", "/v1/live?last_event_id=0", "/v1/live?last_event_id=1")) {
            for (var who : everyoneOfB) {
                var lines = new CopyOnWriteArrayList<String>();
                var response =
                        node.client.send(node.request(who, "GET", path, ""), HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                var reader = Thread.ofVirtual().start(() -> Calls.readLines(response.body(), lines));
                await().until(() -> lines.contains(": open"));
                node.alert(a.id(), node.event(a.id(), CANARY), CANARY);
                var sentinel =
                        node.alert(b.id(), node.event(b.id(), OWN), OWN).id().toString();
                await().until(() -> lines.stream().anyMatch(line -> line.contains(sentinel)));
                assertThat(lines).noneMatch(line -> line.contains(CANARY));
                ofA.allIds().forEach(id -> assertThat(lines).noneMatch(line -> line.contains(id)));
                reader.interrupt();
                response.body().close();
            }
        }
    }
}
