package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Parameter;
import io.marsad.api.contract.Tenancy;
import io.marsad.api.http.Json;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Role;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two tenants with objects of every kind. Every operation of the contract is called as everyone of the second tenant, with
 * the first one's ids, words, cursors and names wherever something can be given: nothing of the first tenant comes back,
 * and nothing of it changes. An operation that cannot be brought to succeed with the second tenant's own objects fails the
 * test, because its silence would then prove nothing.
 *
 * @param a whose things nobody else may see
 * @param b whose people ask
 */
record Isolation(TestNode node, Belongings a, Belongings b, Identity operator, List<Identity> everyoneOfB) {
    static final String CANARY = "kanarienvogel";
    private static final String OWN = "bravoword";

    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();

    /** Parts of bodies that name other objects; what one's own objects are called would come back as one's own. */
    private static final Pattern REFERENCE =
            Pattern.compile("(.*_)?(ids?|cursor|role|tenant|rule|view|schedule|user|provider)");

    private static final Set<String> OWN_NAMES = Set.of("connector_id", "event_id", "client_id");

    /** The second tenant's people try with a token that may do everything, and in every role, the mightiest first. */
    static Isolation on(TestNode node) throws Exception {
        var operator = node.tenant(TestNode.OWN.value()).byToken();
        var tenantA = node.tenant(CANARY + "-a");
        var tenantB = node.tenant(OWN + "-b");
        node.signIn(tenantA.id(), Role.SOC_ANALYST);
        var everyone = new ArrayList<Identity>();
        everyone.add(tenantB.byToken());
        for (Role role : Role.BUILT_IN) {
            everyone.add(node.signIn(tenantB.id(), role));
        }
        return new Isolation(
                node,
                Belongings.of(node, tenantA, CANARY, operator),
                Belongings.of(node, tenantB, OWN, operator),
                operator,
                everyone);
    }

    TenantId victim() {
        return a.tenant().id();
    }

    /** Asked only by the token and the person who may do everything: what others may not is refused before the database. */
    Isolation byTheMightiest() {
        return new Isolation(node, a, b, operator, everyoneOfB.subList(0, 2));
    }

    /** Calls everything; returns how many calls that were. */
    int assertNothingComesBack() throws Exception {
        var before = Rows.digests(node.database, victim());
        var events = node.store.usage(victim()).events();
        var missing = new TreeSet<String>();
        int calls = 0;
        for (var operation : CONTRACT.operations()) {
            if (operation.id().equals("live")) {
                continue; // has no end: asked for by itself
            }
            if (!succeedsForItself(operation)) {
                missing.add(operation.id());
            }
            var foreign = foreignCalls(operation);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var sent = new ArrayList<Future<Integer>>();
                // A public route does not look at who asks.
                for (var who : operation.tenancy() == Tenancy.PUBLIC ? everyoneOfB.subList(0, 1) : everyoneOfB) {
                    sent.add(threads.submit(() -> assertSilent(operation, who, foreign)));
                }
                for (var some : sent) {
                    calls += some.get();
                }
            }
        }
        assertThat(missing)
                .as("operations that could not be brought to succeed: say in Belongings how")
                .isEmpty();
        assertThat(Rows.digests(node.database, victim()))
                .as("the first tenant's rows")
                .isEqualTo(before);
        assertThat(node.store.usage(victim()).events()).isEqualTo(events);
        var stored = node.send(a.tenant().byToken(), "POST", "/v1/events/search", "{\"query\":\"" + OWN + "\"}");
        assertThat(Json.tree(stored.body()).get("events")).isEmpty();
        return calls;
    }

    /**
     * @param word what of the body or path is the first tenant's; a refusal may repeat what was sent
     * @param asks about the word: any answer may repeat it
     */
    private record Call(String path, String body, boolean foreignId, String word, boolean asks) {
        Call(String path, String body, boolean foreignId) {
            this(path, body, foreignId, "", false);
        }

        String heard(String answer, int status) {
            return (asks || status >= 400) && !word.isEmpty() ? answer.replace(word, "") : answer;
        }
    }

    /** Every place that takes a value, with each of the first tenant's values. */
    private List<Call> foreignCalls(Operation operation) {
        var calls = new ArrayList<Call>();
        var own = b.path(operation);
        var body = b.body(operation);
        var place = operation.path().contains("{id}") ? "{id}" : "{token}";
        if (operation.path().contains("{tenant}")) {
            for (var name : List.of(victim().value(), victim() + "-gone")) {
                var confirmed = body.replace(b.tenant().id() + "-gone", name);
                calls.add(new Call(operation.path().replace("{tenant}", name), confirmed, true));
            }
        } else if (operation.path().contains("{value}")) {
            for (var host : List.of(CANARY + "-host", CANARY + "2-host", CANARY + "0.example")) {
                var path = operation.path().replace("{type}", "host").replace("{value}", host);
                // Anybody may ask what is known of a value; an entity is one's own or it is not there.
                calls.add(new Call(path, body, !operation.id().equals("getIntel"), host, true));
            }
        } else if (operation.path().contains(place)) {
            for (var ids : a.ids().values()) { // of each kind one
                var path = operation.path().replace(place, ids.getFirst()).replace("{version}", "v1");
                calls.add(new Call(path, body, true));
            }
        } else {
            calls.add(new Call(own, body, false));
        }
        for (Parameter parameter : operation.parameters()) {
            // A connector's name is the sender's own choice and is stored: it would come back as the sender's own.
            if (parameter.in() == Parameter.In.QUERY && !OWN_NAMES.contains(parameter.name())) {
                for (String value : taken(parameter)) {
                    var query = "?" + parameter.name() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
                    calls.add(new Call(own + query, body, false));
                }
            }
        }
        var wanted = operation.body();
        if (wanted != null && wanted.json() != null) {
            for (String property : wanted.json().properties()) {
                if (REFERENCE.matcher(property).matches() && !OWN_NAMES.contains(property)) {
                    foreignValues()
                            .forEach(value ->
                                    calls.add(new Call(own, with(body, property, value), false, value, false)));
                }
            }
            questions(operation).forEach(foreign -> calls.add(new Call(own, foreign, false)));
        }
        return calls;
    }

    /** Of the values those that come further than the contract, and one that does not. */
    private Set<String> taken(Parameter parameter) {
        var taken = new LinkedHashSet<>(foreignValues());
        taken.removeIf(value -> parameter.schema().fault(value) != null);
        taken.add(CANARY);
        return taken;
    }

    private static String with(String json, String property, String value) {
        var body = (ObjectNode) Json.tree(json.getBytes(StandardCharsets.UTF_8));
        return property.endsWith("ids")
                ? body.set(property, body.arrayNode().add(value)).toString()
                : body.put(property, value).toString();
    }

    private List<String> questions(Operation operation) {
        var bodies = new ArrayList<String>();
        if (operation.id().endsWith("Events") && operation.method().equals("POST")) {
            for (String value : foreignValues()) {
                // What the sender asks is kept for the sender, and would come back as the sender's own.
                var more = operation.id().equals("queryEvents") ? ",\"remember\":false" : "";
                bodies.add("{\"query\":\"\\\"" + value + "\\\"\"" + more + "}");
                bodies.add("{\"cursor\":\"" + value + "\",\"limit\":1000}");
            }
            for (var format : List.of("csv", "ndjson", "parquet")) {
                bodies.add("{\"format\":\"" + format + "\"}");
            }
            bodies.add("{\"field\":\"unmapped.Marker\"}");
        } else if (operation.id().equals("completeQuery")) {
            for (var begun : List.of(CANARY, "unmapped." + CANARY, "host = " + CANARY, "")) {
                var text = begun.substring(0, Math.max(0, begun.length() - 3));
                bodies.add("{\"query\":\"" + text + "\",\"position\":" + text.length() + "}");
            }
        }
        return bodies;
    }

    private List<String> foreignValues() {
        var values = new ArrayList<>(a.cursors());
        a.ids().values().forEach(ids -> values.add(ids.getFirst()));
        values.addAll(List.of(
                CANARY, victim().value(), "rule-" + CANARY, CANARY + "-host", CANARY + "-origin", "0", "1", "*"));
        return values;
    }

    /** Somebody of the second tenant gets a success from it, so that it is known to work. */
    private boolean succeedsForItself(Operation operation) throws Exception {
        if (OwnAccount.knows(operation)) {
            return OwnAccount.succeeds(node, b.tenant(), operation);
        }
        if (OwnProvider.knows(operation)) {
            return OwnProvider.succeeds(node, b.tenant(), operation);
        }
        if (OwnPlaybooks.knows(operation)) {
            OwnPlaybooks.succeed(node, b.tenant(), operation);
            return true;
        }
        boolean ofInstallation = operation.tenancy() == Tenancy.OPERATOR;
        for (var who : ofInstallation ? List.of(operator) : everyoneOfB) {
            var response = node.send(who, operation.method(), b.path(operation), b.body(operation));
            CHECK.check(operation, response);
            if (!ofInstallation) { // who runs it knows who the tenants are
                assertClean(operation.id() + " as " + who, response);
            }
            if (response.statusCode() / 100 == 2) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many calls that were. */
    private int assertSilent(Operation operation, Identity who, List<Call> calls) throws Exception {
        if (operation.id().equals("logout")) {
            return 0; // takes nothing that could name anybody
        }
        for (var call : calls) {
            var what = who + ": " + operation.method() + " " + call.path() + " " + call.body();
            var response = node.send(who, operation.method(), call.path(), call.body());
            CHECK.check(operation, response);
            assertClean(what, call.heard(text(response), response.statusCode()));
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

    private static boolean takes(Operation operation, Identity who) {
        return !who.name().equals("token") || operation.credentials().contains(Operation.TOKEN);
    }

    /** Another tenant cannot be asked for by name. */
    private void assertRefused(Operation operation, Identity who, Call call) throws Exception {
        var named = HttpRequest.newBuilder(
                        node.request(who, operation.method(), call.path(), call.body()), (_, _) -> true)
                .header("X-Tenant-ID", victim().value())
                .build();
        var what = who + ": " + operation.method() + " " + call.path() + " with X-Tenant-ID";
        var answer = node.client.send(named, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(what).isIn(401, 403);
        assertClean(what, answer);
    }

    private void assertClean(String what, HttpResponse<byte[]> response) {
        assertClean(what, text(response));
    }

    private void assertClean(String what, String answer) {
        assertThat(tells(answer))
                .as("%s tells of the other tenant: %s", what, answer)
                .isEmpty();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8)
                + response.headers().map();
    }

    /** What of the first tenant an answer has. */
    private List<String> tells(String all) {
        var told = new ArrayList<String>();
        a.allIds().stream().filter(all::contains).forEach(told::add);
        if (all.contains(CANARY)) {
            told.add(all);
        }
        return told;
    }

    /** The operations by which the second tenant reads something of the first: none, unless the test saw to it. */
    Set<String> leaks() throws Exception {
        var leaking = new TreeSet<String>();
        for (var operation : CONTRACT.operations()) {
            var reads = operation.method().equals("GET") && operation.tenancy() == Tenancy.TENANT;
            if (reads && !operation.id().equals("live") && !operation.id().startsWith("export")) {
                for (var call : foreignCalls(operation)) {
                    var plain = !call.path().contains("?") && !leaking.contains(operation.id());
                    if (plain
                            && !tells(text(node.send(b.tenant().byToken(), "GET", call.path(), "")))
                                    .isEmpty()) {
                        leaking.add(operation.id());
                    }
                }
            }
        }
        return leaking;
    }

    /** What is searched later, by the platform itself, is searched in the own tenant's events. */
    void assertJobsFindNothing() throws Exception {
        var schedule = b.make(
                "/v1/schedules",
                "{\"name\":\"job\",\"query\":\"" + CANARY
                        + "\",\"cron\":\"0 0 1 1 *\",\"alert\":{\"severity\":\"high\",\"threshold\":1}}");
        var run = new Calls(node, b.tenant().byToken())
                .json("getScheduleRun", "/v1/schedule-runs/" + b.run(schedule), "");
        assertThat(run.get("state").stringValue()).isEqualTo("done");
        assertThat(run.get("hits").intValue()).isZero();
        assertThat(run.get("alert_id").isNull()).isTrue();
        var hunted = node.hunt(b.tenant().id(), CANARY);
        var hunt = new Calls(node, b.tenant().byToken()).json("getHunt", "/v1/hunts/" + hunted, "");
        assertThat(hunt.get("state").stringValue()).isEqualTo("done");
        assertThat(hunt.get("hits").intValue()).isZero();
        var own = node.hunt(victim(), CANARY);
        assertThat(new Calls(node, a.tenant().byToken())
                        .json("getHunt", "/v1/hunts/" + own, "")
                        .get("hits")
                        .intValue())
                .as("the same hunt where the word is")
                .isPositive();
    }

    private List<String> alertsOfVictim() {
        return node.database.inTenant(victim(), connection -> {
            var ids = new ArrayList<String>();
            try (var select = connection.prepareStatement("SELECT alert_id FROM alerts WHERE tenant_id = ?")) {
                select.setString(1, victim().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
            }
            return ids;
        });
    }

    /** A live stream tells of what happens in the own tenant, and of nothing else. */
    void assertLiveTellsOfTheOwnOnly() throws Exception {
        for (var path : List.of("/v1/live", "/v1/live?last_event_id=0", "/v1/live?last_event_id=1")) {
            for (var who : everyoneOfB) {
                var lines = new CopyOnWriteArrayList<String>();
                var response =
                        node.client.send(node.request(who, "GET", path, ""), HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                var reader = Thread.ofVirtual().start(() -> Calls.readLines(response.body(), lines));
                await().until(() -> lines.contains(": open"));
                node.alert(victim(), node.event(victim(), CANARY), CANARY);
                var own = b.tenant().id();
                var sentinel = node.alert(own, node.event(own, OWN), OWN).id().toString();
                await().until(() -> lines.stream().anyMatch(line -> line.contains(sentinel)));
                // What it handed in itself with words of the other is its own: by their ids nothing of the other's is
                // there.
                assertThat(lines).noneMatch(line -> line.contains(CANARY) && !line.contains("\"event_count\": 0"));
                alertsOfVictim().forEach(id -> assertThat(lines).noneMatch(line -> line.contains("\"id\": \"" + id)));
                a.allIds()
                        .forEach(id -> assertThat(lines)
                                .noneMatch(line -> line.contains(id) && !line.contains("\"event_count\": 0")));
                reader.interrupt();
                response.body().close();
            }
        }
    }
}
