package io.marsad.api;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.Operation;
import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A playbook of a tenant of the tests, with a run, what has happened to it, and an action that somebody agreed to. */
final class OwnPlaybooks {
    private static final String ROWS = """
            WITH of AS (SELECT ?::text AS tenant, ?::text AS word, ?::uuid AS id, now() AS at),
            playbook AS (INSERT INTO playbooks SELECT tenant, id, word, true, 'v1', at, at, word, false, 3, at, word
                FROM of),
            version AS (INSERT INTO playbook_versions
                SELECT tenant, id, 'v1', at, word, true, 'user:x', at FROM of),
            run AS (INSERT INTO playbook_runs (tenant_id, run_id, playbook_id, version, status, reason, started_by,
                    about, depth, state, started_at)
                SELECT tenant, id, id, 'v1', 'failed', word, 'user:x', 'alert:' || id, 0,
                    jsonb_build_object('values', word), at FROM of),
            event AS (INSERT INTO playbook_events (tenant_id, run_id, event)
                SELECT tenant, id, jsonb_build_object('reason', word) FROM of),
            schedule AS (INSERT INTO playbook_schedules SELECT tenant, id, word, at FROM of),
            step AS (INSERT INTO playbook_steps
                SELECT tenant, id, 0, 1, 0, 'start--' || id, 'failed', word, jsonb_build_object('v', word), at FROM of),
            action AS (INSERT INTO actions (tenant_id, action_id, action, parameters, parameters_hash, target, radius,
                    consent, reasons, status, requested_by, requested_at, outcome, reason, about)
                SELECT tenant, id, 'block_ip', jsonb_build_object('ip', word), 'hash', word, 'medium', 'one_person',
                    ARRAY[word], 'failed', 'user:x', at, jsonb_build_object('outputs', word), word,
                    'alert:' || id FROM of)
            INSERT INTO action_approvals SELECT tenant, id, 'user:x', true, 'hash', word, at FROM of""";

    private static final String POLICY = "INSERT INTO response_policies VALUES (?, 'L1', ARRAY[?], ARRAY[?],"
            + " jsonb_build_array(jsonb_build_object('action', 'block_ip', 'target', ?::text)), 'user:x', now())";

    private static final String SOURCE =
            TestRespond.source(TestRespond.playbook("55555555-5555-4555-8555-555555555555", "Isolate a host"));

    private OwnPlaybooks() {}

    /** Two of each; the ids are the same for all kinds. */
    static Map<String, List<String>> put(Database database, TenantId tenant, String word) {
        var ids = List.of(id(word + "1"), id(word + "2"));
        database.inTenant(tenant, connection -> {
            for (var id : ids) {
                try (var insert = connection.prepareStatement(ROWS)) {
                    insert.setString(1, tenant.value());
                    insert.setString(2, word);
                    insert.setObject(3, UUID.fromString(id));
                    insert.executeUpdate();
                }
            }
            try (var insert = connection.prepareStatement(POLICY)) {
                insert.setString(1, tenant.value());
                insert.setString(2, word);
                insert.setString(3, word);
                insert.setString(4, word);
                return insert.executeUpdate();
            }
        });
        return Map.of("playbooks", ids, "playbook-runs", ids, "actions", ids);
    }

    private static String id(String word) {
        return UUID.nameUUIDFromBytes(word.getBytes(StandardCharsets.UTF_8)).toString();
    }

    static boolean knows(Operation operation) {
        var path = operation.path();
        return OwnApprovals.knows(operation)
                || !operation.id().startsWith("list")
                        && (path.startsWith("/v1/playbook")
                                        && (!operation.method().equals("GET") || path.contains("{version}"))
                                || path.startsWith("/v1/actions")
                                        && !operation.method().equals("GET")
                                || operation.id().equals("setResponsePolicy"));
    }

    /** What is sent where the operation is not what is looked at. */
    static String body(Operation operation) {
        return switch (operation.id()) {
            case "createPlaybook", "checkPlaybook" -> SOURCE;
            case "updatePlaybook" -> SOURCE.replaceFirst("}$", ",\"base\":\"x\"}");
            case "enablePlaybook" -> "{\"enabled\":true}";
            case "startPlaybookByWebhook" -> "{\"host\":\"ws-7\"}";
            case "beginPlaybookRun", "dryRunPlaybook" -> "{\"given\":{\"__host__\":\"ws-7\"}}";
            case "cancelPlaybookRun" -> "{\"reason\":\"a test\"}";
            case "retryPlaybookRun" -> "{\"step\":\"" + TestRespond.STEP + "\"}";
            case "requestAction" -> "{\"action\":\"block_ip\",\"parameters\":{\"ip\":\"192.0.2.7\"}}";
            case "approveAction", "refuseAction" -> "{\"parameters_hash\":\"x\",\"comment\":\"c\"}";
            case "answerAction" -> "{\"done\":true,\"comment\":\"c\"}";
            case "rollBackAction" -> "{\"comment\":\"c\"}";
            case "setResponsePolicy" -> "{\"level\":\"L1\",\"always_asked\":[],\"never\":[],\"trusted\":[]}";
            default -> "";
        };
    }

    /** Brings the operation to succeed on things of its own; every answer is held to the contract. */
    static void succeed(TestNode node, Tenant tenant, Operation operation) throws Exception {
        if (OwnApprovals.knows(operation)) {
            OwnApprovals.succeed(node, tenant, operation);
            return;
        }
        var calls = new Calls(node, tenant.byToken());
        var body = body(operation);
        switch (operation.id()) {
            case "checkPlaybook", "setResponsePolicy" -> calls.json(operation.id(), operation.path(), body);
            case "requestAction" -> calls.tree(operation.id(), operation.path(), body, 201);
            case "approveAction", "refuseAction", "answerAction", "rollBackAction" -> act(node, tenant, operation);
            default -> play(node, tenant, operation);
        }
    }

    private static void play(TestNode node, Tenant tenant, Operation operation) throws Exception {
        var calls = new Calls(node, tenant.byToken());
        var id = UUID.randomUUID().toString();
        var source = TestRespond.source(
                TestRespond.playbook(id, "Isolate") + TestRespond.TRIGGERS.formatted("{on: webhook}"));
        var made = calls.tree("createPlaybook", "/v1/playbooks", source, 201);
        var newest = made.get("newest").stringValue();
        var path = "/v1/playbooks/" + id;
        if (operation.path().equals("/v1/playbooks")) {
            return;
        }
        switch (operation.id()) {
            case "updatePlaybook" ->
                calls.json("updatePlaybook", path, source.replaceFirst("}$", ",\"base\":\"" + newest + "\"}"));
            case "deletePlaybook" -> calls.send("deletePlaybook", path, "", 204);
            case "dryRunPlaybook" -> calls.json("dryRunPlaybook", path + "/dry-run", body(operation));
            case "getPlaybookVersion" -> calls.json("getPlaybookVersion", path + "/versions/" + newest, "");
            default -> {
                calls.json("enablePlaybook", path + "/enabled", "{\"enabled\":true}");
                var given = "{\"given\":{\"__host__\":\"ws-7\"}}";
                var run = calls.tree("beginPlaybookRun", path + "/runs", given, 201)
                        .get("id")
                        .stringValue();
                var runs = "/v1/playbook-runs/" + run;
                if (operation.id().equals("startPlaybookByWebhook")) {
                    calls.tree(operation.id(), path + "/webhook", body(operation), 202);
                } else if (operation.id().equals("cancelPlaybookRun")) {
                    calls.tree("cancelPlaybookRun", runs + "/cancel", body(operation), 202);
                } else if (operation.id().equals("retryPlaybookRun")) {
                    var ended = "WITH step AS (INSERT INTO playbook_steps VALUES (?, ?::uuid, 0, 1, 0, '"
                            + TestRespond.STEP + "', 'failed', NULL, '{}', now()))"
                            + " UPDATE playbook_runs SET status = 'failed' WHERE tenant_id = ? AND run_id = ?::uuid";
                    update(
                            node,
                            tenant,
                            ended,
                            tenant.id().value(),
                            run,
                            tenant.id().value(),
                            run);
                    calls.tree("retryPlaybookRun", runs + "/retry", body(operation), 201);
                }
            }
        }
    }

    private static void act(TestNode node, Tenant tenant, Operation operation) throws Exception {
        var calls = new Calls(node, tenant.byToken());
        var wanted = "{\"action\":\"block_ip\",\"parameters\":{\"ip\":\"192.0.2.7\"}}";
        var action = calls.tree("requestAction", "/v1/actions", wanted, 201);
        var id = action.get("id").stringValue();
        var path = operation.path().replace("{id}", id);
        var status = switch (operation.id()) {
            case "answerAction" -> "unknown";
            case "rollBackAction" -> "completed";
            default -> "awaiting_approval";
        };
        var change = "UPDATE actions SET status = ? WHERE tenant_id = ? AND action_id = ?::uuid";
        update(node, tenant, change, status, tenant.id().value(), id);
        var name = "agreeing" + operation.id().toLowerCase(java.util.Locale.ROOT);
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, Role.SOC_ANALYST, "system:test");
        var body = body(operation)
                .replace("\"x\"", "\"" + action.get("parameters_hash").stringValue() + "\"");
        var as = new Calls(node, node.signIn(tenant.id(), name, name));
        as.tree(operation.id(), path, body, operation.id().equals("rollBackAction") ? 201 : 200);
    }

    static void update(TestNode node, Tenant tenant, String sql, String... values) {
        node.database.inTenant(tenant.id(), connection -> {
            try (var update = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    update.setString(i + 1, values[i]);
                }
                return update.executeUpdate();
            }
        });
    }
}
