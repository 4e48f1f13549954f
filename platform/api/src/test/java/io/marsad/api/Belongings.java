package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Tenancy;
import io.marsad.api.http.Json;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.context.ContextWeighing;
import io.marsad.soc.identity.Role;
import io.marsad.soc.risk.Promotions;
import io.marsad.soc.risk.RiskFollower;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A tenant with objects of every kind, in all of which a word stands wherever one can: ids by the part of the path that they
 * belong to, and cursors of its lists.
 */
record Belongings(TestNode node, Tenant tenant, String word, Map<String, List<String>> ids, List<String> cursors) {
    private static final OpenApi CONTRACT = OpenApi.load();

    private static final String LOGIN = "{\"tenant\":\"%s\",\"username\":\"%s\",\"password\":\"%s\"}";
    private static final String SCHEDULE = "{\"name\":\"%s\",\"query\":\"%s\",\"cron\":\"0 0 1 1 *\"%s}";
    private static final String USER = "{\"username\":\"%s\",\"role\":\"auditor\",\"password\":\"none\"}";
    private static final String ROLE = "{\"name\":\"%s\",\"description\":\"%s\",\"permissions\":[\"alerts:read\"]}";
    private static final String SUPPRESSION = "{\"rules\":[\"rule-%s\"],\"query\":\"%s\",\"entity\":\"%s\","
            + "\"reason\":\"%s\",\"expires_at\":\"2027-06-01T00:00:00Z\"}";
    private static final String CONTEXT =
            "{\"name\":\"%s\",\"kind\":\"vip\",\"entity_type\":\"host\",\"pattern\":\"@*\","
                    + "\"risk\":0.1,\"reason\":\"%s\",\"expires_at\":\"2027-06-01T00:00:00Z\"}";
    private static final String VIEW = "{\"name\":\"%s\",\"query\":\"%s\",\"shared\":true%s}";
    private static final String RICH_VIEW = ",\"description\":\"%1$s\",\"rule\":\"%2$s\",\"columns\":[\"%1$s\"]";

    /** Makes them. */
    static Belongings of(TestNode node, Tenant tenant, String word, Identity operator) throws Exception {
        var made = new Belongings(node, tenant, word, new LinkedHashMap<>(), new ArrayList<>());
        made.makeEvents();
        made.makePeople();
        made.makeSearches();
        for (var more : List.of("-spare", "-gone")) {
            node.tenant(tenant.id() + more);
        }
        made.makeProvider(new Calls(node, operator));
        node.send(operator, "POST", "/v1/tenants/" + tenant.id() + "-gone/suspend", "");
        made.ids.put("dead-letters", node.deadLetters(tenant.id(), word));
        made.ids.putAll(OwnAccount.things(node, tenant, word));
        made.ids.put("identity-providers", OwnProvider.things(node, tenant, word));
        made.ids.put(
                "notifications",
                OwnChannels.things(node, tenant, word, made.of("alerts").getFirst()));
        made.ids.putAll(OwnPlaybooks.put(node.database, tenant.id(), word));
        made.ids.putAll(OwnConnections.put(node.database, tenant.id(), word));
        made.ids.putAll(OwnApprovals.put(node, tenant, word, made.of("connections")));
        made.ids.putAll(OwnEndpoints.things(made));
        OwnEndpoints.order(made);
        made.findCursors();
        return made;
    }

    List<String> of(String kind) {
        var some = ids.getOrDefault(kind, List.of());
        assertThat(some).as("the tenant has %s", kind).isNotEmpty();
        return some;
    }

    List<String> allIds() {
        return ids.values().stream().flatMap(List::stream).toList();
    }

    private void makeEvents() throws Exception {
        for (int i = 0; i < 3; i++) {
            var event = node.event(tenant.id(), word);
            ids.computeIfAbsent("events", _ -> new ArrayList<>()).add(event.toString());
            var alert = node.alert(tenant.id(), event, word);
            ids.computeIfAbsent("alerts", _ -> new ArrayList<>()).add(alert.id().toString());
        }
        makeRisk();
        var comment = "{\"to\":\"in_progress\",\"comment\":\"" + word + "\"}";
        send("/v1/alerts/" + of("alerts").getLast() + "/transition", comment);
        makeTriage(of("alerts").getLast());
        ids.putAll(OwnCases.things(this, of("alerts"), of("events").getFirst()));
        node.database.inTenant(tenant.id(), connection -> {
            try (var secret = SecretValue.of(word)) {
                node.vault.put(connection, tenant.id(), new SecretName("test", word), secret);
            }
            return word;
        });
        ids.put("hunts", List.of(node.hunt(tenant.id(), word).toString()));
        node.database.inTenant(tenant.id(), connection -> {
            var receiver = "INSERT INTO audit_streams VALUES (?, ?, 6514, ?, 0, NULL, now(), ?, now())";
            try (var insert = connection.prepareStatement(receiver)) {
                insert.setString(1, tenant.id().value());
                for (int i = 2; i <= 4; i++) {
                    insert.setString(i, word);
                }
                return insert.executeUpdate();
            }
        });
    }

    private void makeModel() throws Exception {
        node.send(tenant.byToken(), "PUT", "/v1/models/setting", TestModels.body(word));
        node.database.inTenant(tenant.id(), connection -> {
            try (var failed =
                    connection.prepareStatement("UPDATE model_settings SET failure = ? WHERE tenant_id = ?")) {
                failed.setString(1, word);
                failed.setString(2, tenant.id().value());
                return failed.executeUpdate();
            }
        });
    }

    /** Something that followed an alert has failed too often. */
    private void fail() {
        node.database.inTenant(tenant.id(), connection -> {
            var dead = "WITH dead AS (UPDATE outbox SET dead = true, failures = 4 WHERE tenant_id = ? AND item_id ="
                    + " (SELECT min(item_id) FROM outbox WHERE queue = 'decisions') RETURNING tenant_id, item_id)"
                    + " INSERT INTO outbox_failures SELECT tenant_id, item_id, now(), ? FROM dead";
            try (var insert = connection.prepareStatement(dead)) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, word);
                return insert.executeUpdate();
            }
        });
    }

    /** Risk as its queue is done, of more hosts than one; and one that was promoted. */
    private void makeRisk() throws Exception {
        var other = node.alert(tenant.id(), node.event(tenant.id(), word + "2"), word);
        ids.getOrDefault("alerts", List.of()).add(other.id().toString());
        ids.put("context", two("/v1/context", CONTEXT.replace("@", word)));
        var follower = RiskFollower.standard(new ContextWeighing(), Promotions.NONE, node.clock);
        node.database.inTenant(tenant.id(), connection -> {
            var alerts = of("alerts").stream().map(EventId::parse).toList();
            follower.follow(connection, tenant.id(), alerts);
            var promoted = "INSERT INTO risk_promotions VALUES (?, ?::uuid, 'host', ?, ?, now(), 90, 83.6, '{}')";
            try (var insert = connection.prepareStatement(promoted)) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, of("events").getFirst());
                insert.setString(3, word + "-host");
                insert.setString(4, word + "-host");
                return insert.executeUpdate();
            }
        });
    }

    private void hit(String suppression) {
        node.database.inTenant(tenant.id(), connection -> {
            var hit = "INSERT INTO suppression_hits VALUES (?, ?::uuid, ?::uuid, now(), now(), ?, ?, ?::uuid)";
            try (var insert = connection.prepareStatement(hit)) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, suppression);
                insert.setString(3, of("events").getFirst());
                insert.setString(4, word);
                insert.setString(5, word);
                insert.setString(6, of("events").getFirst());
                return insert.executeUpdate();
            }
        });
    }

    private void makeTriage(String alert) throws Exception {
        send("/v1/alerts/" + alert + "/tags", "{\"add\":[\"" + word + "\"]}");
        var many = "{\"ids\":[\"" + alert + "\"],\"act\":{\"escalated\":true}}";
        var undo = Json.tree(send("/v1/alerts/bulk", many).body()).get("undo").stringValue();
        ids.put("bulks", List.of(undo));
        ids.put("suppressions", two("/v1/suppressions", SUPPRESSION));
        hit(of("suppressions").getFirst());
        fail();
        ids.put("results", OwnDecisions.things(this, node, of("alerts").getFirst()));
        ids.put("tuning", OwnRules.things(this, node));
        makeModel();
        ids.putAll(OwnIntel.things(this, node, tenant, word));
        node.database.inTenant(tenant.id(), connection -> {
            var firing = "INSERT INTO alert_evidence VALUES (?, ?::uuid, 1, ?::jsonb)";
            try (var insert = connection.prepareStatement(firing)) {
                insert.setString(1, tenant.id().value());
                insert.setString(2, alert);
                insert.setString(
                        3,
                        "[{\"event_id\":\"" + alert + "\",\"time\":\"2026-01-01T00:00:00Z\","
                                + "\"matches\":[],\"facts\":{\"host\":\"" + word + "\"}}]");
                return insert.executeUpdate();
            }
        });
    }

    /** The tenant's provider, which everybody who is an auditor there acts for in it. */
    static TenantId provider(Tenant tenant) {
        return new TenantId(tenant.id() + "-provider");
    }

    private void makeProvider(Calls operator) throws Exception {
        var provider = node.tenant(provider(tenant).value());
        var role = ROLE.replace("%s", word + "ofprovider");
        new Calls(node, provider.byToken()).tree("createRole", "/v1/roles", role, 201);
        var made = new ArrayList<String>();
        for (var child : List.of(tenant.id().value(), tenant.id() + "-spare")) {
            var path = "/v1/tenants/" + child;
            operator.send("setTenantParent", path + "/parent", "{\"parent\":\"" + provider.id() + "\"}", 204);
            for (var at : List.of("auditor", word + "ofprovider")) {
                var body = "{\"provider_role\":\"" + at + "\",\"role\":\"auditor\"}";
                var delegation = operator.tree("delegateTenant", path + "/delegations", body, 201);
                made.add(delegation.get("id").stringValue());
            }
        }
        ids.put("delegations", made.subList(0, 2));
        ids.put("spare-delegations", made.subList(2, 4));
    }

    private void makePeople() throws Exception {
        ids.put("tokens", List.of(make("/v1/tokens", "{\"name\":\"" + word + "-spare\"}"), tenant.tokenId()));
        ids.put("users", two("/v1/users", USER));
        ids.put("roles", two("/v1/roles", ROLE));
        send("/v1/auth/login", LOGIN.formatted(tenant.id(), Role.SOC_ANALYST.word(), TestNode.PASSWORD));
        make("/v1/roles", ROLE.replace("%s", word + "held"));
        make("/v1/users", USER.replace("%s", word + "holder").replace("auditor", word + "held"));
        node.send(tenant.byToken(), "PUT", "/v1/second-factor", "{\"roles\":[\"" + word + "held\"]}");
    }

    private void makeSearches() throws Exception {
        ids.put("views", two("/v1/views", VIEW.formatted("%s", word, RICH_VIEW.formatted(word, TestNode.RULE))));
        send("/v1/events/query", "{\"query\":\"" + word + "\"}"); // into the history
        var rich = ",\"description\":\"" + word + "\",\"view\":\"" + of("views").getFirst() + "\"";
        var schedules = List.of(
                make("/v1/schedules", SCHEDULE.formatted(word + 1, word, rich)),
                make("/v1/schedules", SCHEDULE.formatted(word + 2, word, "")));
        ids.put("schedules", schedules);
        node.event(tenant.id(), word); // since then: a run looks at what is new
        ids.put("schedule-runs", List.of(run(schedules.getFirst())));
    }

    private void findCursors() throws Exception {
        for (var operation : CONTRACT.operations()) {
            var paged = operation.parameter("cursor") != null && operation.tenancy() == Tenancy.TENANT;
            if (paged && operation.method().equals("GET")) {
                cursors.add(cursor(operation, ""));
            } else if (operation.id().equals("searchEvents")) {
                cursors.add(cursor(operation, "{\"limit\":1}"));
            }
        }
    }

    private String cursor(Operation operation, String body) throws Exception {
        var path = operation.path() + (body.isEmpty() ? "?limit=1" : "");
        var page = node.send(tenant.byToken(), operation.method(), path, body);
        var next = Json.text(Json.tree(page.body()), "next");
        return Objects.requireNonNull(next, operation.id() + " has a second page to point to");
    }

    HttpResponse<byte[]> send(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(node.request(tenant.byToken(), "POST", path, body), (_, _) -> true)
                .header("X-Request-Id", word) // these are the sender's choice, and kept
                .header("User-Agent", word)
                .build();
        var answer = node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode())
                .as(path + " " + new String(answer.body(), StandardCharsets.UTF_8))
                .isBetween(200, 299);
        return answer;
    }

    /** Returns the id of what was made. */
    String make(String path, String body) throws Exception {
        return Json.tree(send(path, body).body()).get("id").stringValue();
    }

    List<String> two(String path, String body) throws Exception {
        return List.of(make(path, body.replace("%s", word + 0)), make(path, body.replace("%s", word + 1)));
    }

    /** Runs a schedule and returns the run's id once it has ended. */
    String run(String schedule) throws Exception {
        send("/v1/schedules/" + schedule + "/run", "");
        var path = "/v1/schedules/" + schedule + "/runs";
        await().until(() ->
                !runs(path).isEmpty() && runs(path).findValue("ended_at").isString());
        return runs(path).get(0).get("id").stringValue();
    }

    private JsonNode runs(String path) throws Exception {
        return Json.tree(node.send(tenant.byToken(), "GET", path, "").body()).get("runs");
    }

    /** Where an operation is called on the tenant's own objects. */
    String path(Operation operation) {
        var spare = tenant.id() + (operation.id().startsWith("delete") ? "-gone" : "-spare");
        var path = operation
                .path()
                .replace("{token}", tenant.token())
                .replace("{rule}", TestNode.RULE)
                .replace("{source}", "virustotal")
                .replace("{type}", "host")
                .replace("{name}", "okta")
                .replace("{pack}", OwnEndpoints.pack(operation.id(), word))
                .replace("{version}", "v1")
                .replace("{app}", tenant.id() + ".00000000-0000-4000-8000-000000000001")
                .replace("{link}", tenant.id() + ".00000000-0000-4000-8000-000000000001." + "A".repeat(43))
                .replace("{value}", word + "-host")
                .replace("{tenant}", spare);
        if (!path.contains("{id}")) {
            return path;
        }
        var kind = path.split("/", -1)[path.startsWith("/v1/auth/") ? 3 : 2];
        var some = of(kind);
        // What is deleted must not be what others are asked about.
        return path.replace("{id}", operation.id().startsWith("delete") ? some.getLast() : some.getFirst());
    }

    /** What an operation is sent: the contract's examples are not enough where values have to fit each other. */
    String body(Operation operation) {
        return switch (operation.id()) {
            case "login" -> LOGIN.formatted(tenant.id(), Role.AUDITOR.word(), TestNode.PASSWORD);
            case "ingestEvent" -> "{\"category\":\"auth\",\"action\":\"" + word + "\"}";
            case "ingestBatch" -> "{\"events\":[{\"text\":\"" + word + "\"}]}";
            case "ingestFalco", "ingestFalcoByUrl" -> "{\"rule\":\"" + word + "\",\"priority\":\"Notice\"}";
            case "createEnrollSecret" -> OwnEndpoints.secret(word);
            case "sendOsqueryCarveBlock" -> OwnEndpoints.block(word);
            case "beginAgentPackage" -> "{\"size\":1}";
            case "sendAgentPackageBlock" -> word; // again: the first is here
            case "createAgentPolicy" -> OwnEndpoints.policy(word + "new");
            case "createLiveQuery" -> OwnEndpoints.query(word);
            case "putOsqueryPack" -> OwnEndpoints.pack(word, 1);
            case "checkOsqueryPack" -> "{\"name\":\"" + word + "\",\"text\":\"" + word + "\"}";
            case "assignOsqueryPacks" -> OwnEndpoints.assignment(word, 1);
            case "enrollOsquery",
                    "configureOsquery",
                    "logOsquery",
                    "readDistributedOsquery",
                    "writeDistributedOsquery",
                    "beginOsqueryCarve" -> OwnEndpoints.body(word);
            case "createToken" -> "{\"name\":\"" + word + "\",\"permissions\":[\"ingest:write\"]}";
            case "valuesOfEvents" -> "{\"field\":\"host\",\"query\":\"" + word + "\"}";
            case "completeQuery" -> "{\"query\":\"host = \",\"position\":7}";
            case "createSchedule" -> SCHEDULE.formatted(word, word, "");
            case "updateSchedule" -> SCHEDULE.formatted(word, word, ",\"version\":1");
            case "createUser" -> USER.replace("%s", word);
            case "updateUser" -> "{\"disabled\":true}";
            case "createRole" -> ROLE.replace("%s", word);
            case "updateRole" -> "{\"permissions\":[\"events:read\"]}";
            case "createProvider", "updateProvider" -> OwnProvider.body(word + operation.id());
            case "createView" -> "{\"name\":\"" + word + "\",\"query\":\"" + word + "\"}";
            case "updateView" -> VIEW.formatted(word + "0", word, ",\"version\":1");
            case "createTenant" -> "{\"id\":\"" + word + "-new\",\"template\":\"customer\"}";
            case "deleteTenant" -> "{\"confirm\":\"" + tenant.id() + "-gone\"}";
            case "setTenantParent" -> "{\"parent\":\"" + provider(tenant) + "\"}";
            case "delegateTenant" -> "{\"provider_role\":\"soc_analyst\",\"role\":\"auditor\"}";
            case "undelegateTenant" -> "{\"id\":\"" + of("spare-delegations").getLast() + "\"}";
            case "setAuditStream" -> "{\"host\":\"192.0.2.1\",\"port\":6514}"; // which is nowhere
            case "rotateVault" -> "{\"keys\":\"data\"}";
            case "transitionAlert" -> "{\"to\":\"in_progress\"}";
            case "createSuppression" -> SUPPRESSION.replace("%s", word);
            case "updateSuppression" -> SUPPRESSION.replace("%s", word).replace("}", ",\"version\":1}");
            case "previewSuppression" -> "{\"query\":\"" + word + "\"}";
            case "createContext", "previewContext" -> CONTEXT.replace("@", word).replace("%s", word);
            case "updateContext" ->
                CONTEXT.replace("@", word).replace("%s", word).replace("}", ",\"version\":1}");
            case "putIndicator",
                    "importIndicators",
                    "updateIndicator",
                    "updateIntelSource",
                    "createIntelFeed",
                    "updateIntelFeed" -> OwnIntel.body(operation.id(), word);
            case "setModel", "testModel" -> TestModels.body(word);
            case "createNotificationChannel" -> OwnChannels.body(word + "-new");
            case "updateNotificationChannel" -> OwnChannels.body(word + "0").replace("}", ",\"version\":1}");
            case "createConnection", "updateConnection", "testConnector", "executeConnector" ->
                OwnConnections.body(operation.id(), word, of("connections").getFirst());
            case "lookAtAlert" -> OwnCases.LOOKING;
            case "setInbox" -> "{\"mail\":false,\"address\":\"\"}";
            case "tagAlert" -> "{\"add\":[\"" + word + "\"]}";
            case "actOnAlerts" -> "{\"filter\":{\"q\":\"" + word + "\"},\"act\":{\"to\":\"dismissed\"}}";
            case "submitAlert", "overrideDecision", "setThresholds", "previewThresholds" ->
                OwnDecisions.body(operation.id(), word);
            case "stopClosing", "resumeClosing" -> "{\"reason\":\"" + word + "\"}";
            case "setRuleStage", "previewTuning", "tuneRule" -> OwnRules.body(operation.id(), word);
            case "replayDecisions" -> "{}";
            case "undoAlertBulk" -> "{\"undo\":\"" + of("bulks").getFirst() + "\"}";
            default -> {
                if (OwnPlaybooks.knows(operation)) {
                    yield OwnPlaybooks.body(operation);
                }
                yield OwnCases.knows(operation)
                        ? OwnCases.body(operation, this)
                        : operation.body() == null ? "" : OwnAccount.body(operation);
            }
        };
    }
}
