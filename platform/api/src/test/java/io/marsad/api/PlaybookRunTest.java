package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Tenant;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.soc.identity.Role;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Playbooks, their runs and their actions over HTTP, with who goes on with them. */
class PlaybookRunTest {
    private static final List<ActionProvider.Order> DONE = new CopyOnWriteArrayList<>();
    private static final ActionProvider VENDOR = new ActionProvider() {
        @Override
        public Result perform(Order order) {
            DONE.add(order);
            boolean fails = order.parameters().toString().contains("ws-fails") && count(order) == 1;
            return fails
                    ? new Result.Failed("the vendor is away", false)
                    : new Result.Completed(Map.of("isolation", "iso-1"));
        }

        @Override
        public Result settle(Order order) {
            return new Result.Unknown("nobody knows");
        }

        private long count(Order order) {
            return DONE.stream()
                    .filter(one -> one.parameters().equals(order.parameters()))
                    .count();
        }
    };

    private static TestNode node;
    private static Tenant tenant;
    private static Calls admin;
    private static Calls ann;
    private static Calls kim;
    private static Calls auditor;
    private static OutboxRunner runner;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("responding");
        admin = new Calls(node, tenant.byToken());
        ann = person("ann");
        kim = person("kim");
        auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        runner = TestRespond.follow(node.database, VENDOR, node.clock);
    }

    @AfterAll
    static void stop() {
        runner.close();
    }

    private static Calls person(String name) throws Exception {
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, Role.SOC_ANALYST, "system:test");
        return new Calls(node, node.signIn(tenant.id(), name, name));
    }

    private static String enabled() throws Exception {
        var id = UUID.randomUUID().toString();
        var source = TestRespond.source(TestRespond.playbook(id, "Isolate a host"));
        admin.tree("createPlaybook", "/v1/playbooks", source, 201);
        admin.json("enablePlaybook", "/v1/playbooks/" + id + "/enabled", "{\"enabled\":true}");
        return id;
    }

    private static String begin(String playbook, String host) throws Exception {
        var body = "{\"given\":{\"__host__\":\"" + host + "\"}}";
        return ann.tree("beginPlaybookRun", "/v1/playbooks/" + playbook + "/runs", body, 201)
                .get("id")
                .stringValue();
    }

    /** The one action of a run, when it waits. */
    private static JsonNode waiting(String run) {
        return await().until(
                        () -> kim.json("listActions", "/v1/actions?waiting=true&run=" + run, "")
                                .get("actions"),
                        actions -> actions.size() == 1)
                .get(0);
    }

    private static JsonNode ended(String run) {
        return await().until(
                        () -> kim.json("getPlaybookRun", "/v1/playbook-runs/" + run, ""),
                        one -> !one.get("status").stringValue().equals("running"));
    }

    private static String path(JsonNode action, String act) {
        return "/v1/actions/" + action.get("id").stringValue() + "/" + act;
    }

    private static String agreeing(JsonNode action) {
        return "{\"parameters_hash\":\"" + action.get("parameters_hash").stringValue() + "\",\"comment\":\"yes\"}";
    }

    @Test
    void aRunWaitsForASecondPersonAndEnds() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var live = node.client.send(
                node.request(kim.as(), "GET", "/v1/live", ""), HttpResponse.BodyHandlers.ofInputStream());
        var reader = Thread.ofVirtual().start(() -> Calls.readLines(live.body(), lines));
        await().until(() -> lines.contains(": open"));
        var run = begin(enabled(), "ws-7");
        var action = waiting(run);
        assertThat(action.get("action").stringValue()).isEqualTo("isolate_host");
        assertThat(action.get("requested_by").stringValue()).isEqualTo("run:" + run);
        assertThat(action.get("step_name").stringValue()).isEqualTo("Isolate it");
        assertThat(action.at("/may/approve").booleanValue()).isTrue();
        var seen = ann.json("getAction", "/v1/actions/" + action.get("id").stringValue(), "");
        assertThat(seen.at("/may/approve").booleanValue()).isFalse();
        assertThat(seen.get("why_not").stringValue()).contains("cannot agree");
        var agreeing = agreeing(action);
        assertThat(ann.problem("approveAction", path(action, "approve"), agreeing, 409))
                .isEqualTo("own-request");
        auditor.send("approveAction", path(action, "approve"), agreeing, 403);
        var other = "{\"parameters_hash\":\"" + "0".repeat(64) + "\"}";
        assertThat(kim.problem("approveAction", path(action, "approve"), other, 409))
                .isEqualTo("other-parameters");
        assertThat(waiting(run).get("status").stringValue()).isEqualTo("awaiting_approval");
        kim.json("approveAction", path(action, "approve"), agreeing);
        assertThat(kim.problem("approveAction", path(action, "approve"), agreeing, 409))
                .isEqualTo("not-waiting");
        var detail = ended(run);
        assertThat(detail.get("status").stringValue()).isEqualTo("succeeded");
        assertThat(detail.get("started_by").stringValue()).isEqualTo("ann");
        assertThat(detail.at("/actions/0/approvals/0/person").stringValue()).isEqualTo("kim");
        assertThat(DONE.stream().filter(one -> one.parameters().toString().contains("ws-7\"")))
                .hasSize(1);
        await().until(() -> lines.contains("event: run") && lines.contains("event: action"));
        reader.interrupt();
        live.body().close();
        assertThat(acts())
                .contains("playbook.run", "action.request", "action.approve", "action.completed", "playbook.end");
    }

    private static List<String> acts() {
        return node.database.inTenant(tenant.id(), connection -> {
            var all = new java.util.ArrayList<String>();
            try (var select = connection.prepareStatement("SELECT action FROM audit_log WHERE tenant_id = ?")) {
                select.setString(1, tenant.id().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(rows.getString(1));
                    }
                }
            }
            return all;
        });
    }

    @Test
    void aRunThatFailedIsBegunAgainAtItsStep() throws Exception {
        var first = begin(enabled(), "ws-fails");
        var asked = waiting(first);
        kim.json("approveAction", path(asked, "approve"), agreeing(asked));
        assertThat(ended(first).get("status").stringValue()).isEqualTo("failed");
        var step = "{\"step\":\"" + TestRespond.STEP + "\"}";
        var path = "/v1/playbook-runs/" + first + "/retry";
        assertThat(ann.problem("retryPlaybookRun", path, "{\"step\":\"start--no\"}", 409))
                .isEqualTo("no-such-step");
        var again = ann.tree("retryPlaybookRun", path, step, 201);
        assertThat(again.get("retried_from").stringValue()).isEqualTo(first);
        var second = again.get("id").stringValue();
        var asking = waiting(second);
        kim.json("approveAction", path(asking, "approve"), agreeing(asking));
        assertThat(ended(second).get("status").stringValue()).isEqualTo("succeeded");
    }

    @Test
    void whatCannotBeRunIsADraftBesideWhatIs() throws Exception {
        var id = UUID.randomUUID().toString();
        var good = TestRespond.playbook(id, "Mine");
        var broken = good.replace("on_completion: end--3", "on_completion: end--9");
        var draft = admin.tree("createPlaybook", "/v1/playbooks", TestRespond.source(broken), 201);
        assertThat(draft.get("runnable").booleanValue()).isFalse();
        assertThat(draft.get("findings")).isNotEmpty();
        var path = "/v1/playbooks/" + id;
        var on = "{\"enabled\":true}";
        assertThat(admin.problem("enablePlaybook", path + "/enabled", on, 409)).isEqualTo("not-runnable");
        var base = draft.get("newest").stringValue();
        var kept = admin.json("updatePlaybook", path, based(good, base));
        assertThat(kept.get("runnable").booleanValue()).isTrue();
        assertThat(admin.problem("updatePlaybook", path, based(broken, base), 409))
                .isEqualTo("changed-meanwhile");
        var again = admin.json(
                "updatePlaybook", path, based(broken, kept.get("newest").stringValue()));
        assertThat(again.get("version").stringValue())
                .isEqualTo(kept.get("version").stringValue());
        assertThat(again.get("newest").stringValue()).isEqualTo(base);
        assertThat(admin.json("listPlaybookVersions", path + "/versions", "").get("versions"))
                .hasSize(2);
        var begin = "{\"about\":\"alert:" + UUID.randomUUID() + "\"}";
        assertThat(ann.problem("beginPlaybookRun", path + "/runs", begin, 409)).isEqualTo("not-enabled");
        admin.json("enablePlaybook", path + "/enabled", on);
        assertThat(ann.problem("beginPlaybookRun", path + "/runs", begin, 400)).isEqualTo("unknown-about");
        assertThat(ann.problem("beginPlaybookRun", path + "/runs", "{\"given\":{\"__x__\":\"y\"}}", 400))
                .isEqualTo("invalid-values");
        admin.send("deletePlaybook", path, "", 204);
        admin.send("getPlaybook", path, "", 404);
        assertThat(admin.problem("createPlaybook", "/v1/playbooks", TestRespond.source("no"), 400))
                .isEqualTo("not-a-playbook");
    }

    private static String based(String text, String base) {
        return TestRespond.source(text).replaceFirst("}$", ",\"base\":\"" + base + "\"}");
    }

    @Test
    void aDryRunShowsEachStepAndLeavesNothingBehind() throws Exception {
        var id = UUID.randomUUID().toString();
        var text = TestRespond.playbook(id, "Isolate a host");
        admin.tree("createPlaybook", "/v1/playbooks", TestRespond.source(text), 201); // switched off
        int before = DONE.size();
        var path = "/v1/playbooks/" + id + "/dry-run";
        var lacking = ann.json("dryRunPlaybook", path, "{\"given\":{}}");
        assertThat(lacking.get("missing").toString()).contains("nobody gives it a value");
        var alone = ann.json("dryRunPlaybook", path, "{\"given\":{\"__host__\":\"ws-7\"}}");
        assertThat(alone.get("missing").toString()).contains("nobody carries isolate_host out");
        assertThat(alone.get("status").stringValue()).isEqualTo("failed");
        var tried = ann.json(
                "dryRunPlaybook",
                path,
                "{\"given\":{\"__host__\":\"ws-7\"},\"assume\":{\"" + TestRespond.STEP + "\":\"done\"}}");
        assertThat(tried.get("status").stringValue()).isEqualTo("succeeded");
        assertThat(tried.get("outbound").intValue()).isZero();
        var step = tried.get("steps").get(1);
        assertThat(step.get("action").stringValue()).isEqualTo("isolate_host");
        assertThat(step.get("parameters").get("host").stringValue()).isEqualTo("ws-7");
        assertThat(step.get("consent").stringValue()).isEqualTo("one_person");
        assertThat(step.get("assumed").booleanValue()).isTrue();
        var unkept = JsonNodeFactory.instance.objectNode().put("source", text.replace("Isolate it", "Cut it off"));
        unkept.putObject("given").put("__host__", "ws-7");
        assertThat(ann.json("dryRunPlaybook", path, unkept.toString()).toString())
                .contains("Cut it off");
        assertThat(auditor.problem("dryRunPlaybook", path, "{}", 403)).isEqualTo("forbidden");
        assertThat(ann.problem("dryRunPlaybook", path, "{\"source\":\"a: [\"}", 400))
                .isEqualTo("not-runnable");
        assertThat(ann.json("listPlaybookRuns", "/v1/playbook-runs?playbook=" + id, "")
                        .get("runs"))
                .isEmpty();
        assertThat(DONE).hasSize(before);
    }

    @Test
    void anActionIsAskedForAgreedToAndTakenBack() throws Exception {
        var wanted = "{\"action\":\"isolate_host\",\"parameters\":{\"host\":\"ws-9\"},\"key\":\"" + UUID.randomUUID()
                + "\"}";
        auditor.send("requestAction", "/v1/actions", wanted, 403);
        var late = ann.tree("requestAction", "/v1/actions", wanted, 201);
        assertThat(ann.tree("requestAction", "/v1/actions", wanted, 200).get("id"))
                .isEqualTo(late.get("id"));
        var id = late.get("id").stringValue();
        var expiry = "UPDATE actions SET expires_at = now() - interval '1 hour' WHERE tenant_id = ?"
                + " AND action_id = ?::uuid";
        OwnPlaybooks.update(node, tenant, expiry, tenant.id().value(), id);
        assertThat(kim.problem("approveAction", path(late, "approve"), agreeing(late), 409))
                .isEqualTo("too-late");
        var action = ann.tree("requestAction", "/v1/actions", wanted.replaceFirst(",\"key\".*", "}"), 201);
        kim.json("approveAction", path(action, "approve"), agreeing(action));
        var one = "/v1/actions/" + action.get("id").stringValue();
        await().until(() ->
                kim.json("getAction", one, "").get("status").stringValue().equals("completed"));
        var back = kim.tree("rollBackAction", path(action, "roll-back"), "{\"comment\":\"a mistake\"}", 201);
        assertThat(back.get("action").stringValue()).isEqualTo("release_host");
        assertThat(back.at("/parameters/isolation").stringValue()).isEqualTo("iso-1");
        assertThat(back.get("reverses")).isEqualTo(action.get("id"));
        assertThat(kim.json("getAction", one, "").get("reversed_by")).isEqualTo(back.get("id"));
        assertThat(kim.problem("rollBackAction", path(action, "roll-back"), "{\"comment\":\"x\"}", 409))
                .isEqualTo("reversed-already");
        var never = "{\"level\":\"L2\",\"always_asked\":[],\"never\":[\"block_ip\"],"
                + "\"trusted\":[{\"action\":\"isolate_host\",\"target\":\"ws-1\"}]}";
        assertThat(admin.json("setResponsePolicy", "/v1/response-policy", never)
                        .get("updated_by")
                        .stringValue())
                .isEqualTo("responding-token");
        var block = "{\"action\":\"block_ip\",\"parameters\":{\"ip\":\"192.0.2.7\"}}";
        assertThat(ann.tree("requestAction", "/v1/actions", block, 201)
                        .get("status")
                        .stringValue())
                .isEqualTo("refused");
        assertThat(ann.problem("requestAction", "/v1/actions", block.replace("192.0.2.7", "here"), 400))
                .isEqualTo("invalid-parameters");
    }
}
