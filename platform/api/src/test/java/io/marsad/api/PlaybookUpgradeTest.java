package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is shipped goes on while a tenant stays, and a run is begun again where that makes sense. */
class PlaybookUpgradeTest {
    private static TestNode node;
    private static Tenant tenant;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("upgrading");
        calls = new Calls(node, tenant.byToken());
    }

    @Test
    void aNewerShippedTextIsSaidAndTakenAsItIs() throws Exception {
        var all = calls.json("listPlaybooks", "/v1/playbooks", "").get("playbooks");
        var path = "/v1/playbooks/" + all.get(0).get("id").stringValue();
        var shipped = calls.json("getPlaybook", path, "");
        var hash = shipped.get("version").stringValue();
        calls.json("enablePlaybook", path + "/enabled", "{\"enabled\":true}");
        assertThat(calls.json("getPlaybook", path, "").get("newer_shipped").isNull())
                .isTrue();

        var modified = shipped.get("document").get("modified").stringValue();
        var source = shipped.get("source").stringValue();
        var older = put(path, source.replace(modified, "2020-01-01T00:00:00.000Z"), hash);
        assertThat(older.get("newer_shipped").stringValue()).isEqualTo(hash);
        assertThat(older.get("enabled").booleanValue()).isTrue();
        var newer = put(
                path,
                source.replace(modified, "2100-01-01T00:00:00.000Z"),
                older.get("newest").stringValue());
        assertThat(newer.get("newer_shipped").isNull()).isTrue(); // the tenant has changed it since
        var back = put(
                path,
                source.replace(modified, "2020-01-01T00:00:00.000Z"),
                newer.get("newest").stringValue());

        var text = calls.json(
                "getPlaybookVersion",
                path + "/versions/" + back.get("newer_shipped").stringValue(),
                "");
        var taken =
                put(path, text.get("source").stringValue(), back.get("newest").stringValue());
        assertThat(taken.get("version").stringValue()).isEqualTo(hash);
        assertThat(taken.get("changed").booleanValue()).isFalse();
        assertThat(taken.get("newer_shipped").isNull()).isTrue();
        assertThat(taken.get("enabled").booleanValue()).isTrue();
    }

    private static tools.jackson.databind.JsonNode put(String path, String source, String base) throws Exception {
        var body = TestRespond.source(source).replaceFirst("}$", ",\"base\":\"" + base + "\"}");
        return calls.json("updatePlaybook", path, body);
    }

    @Test
    void aStepThatIsDoneAfterAFailureIsNotBegunAgain() throws Exception {
        var after = "action--77777777-7777-4777-8777-777777777777";
        var id = UUID.randomUUID().toString();
        var text = TestRespond.playbook(id, "Isolate, or tell")
                .replace("workflow_start:", "workflow_exception: " + after + "\nworkflow_start:")
                .replace("agent_definitions:", """
                          %s:
                            type: action
                            name: Tell somebody
                            on_completion: end--33333333-3333-4333-8333-333333333333
                            commands: [{type: manual, command: Tell.}]
                            agent: group--44444444-4444-4444-8444-444444444444
                        agent_definitions:""".formatted(after));
        calls.tree("createPlaybook", "/v1/playbooks", TestRespond.source(text), 201);
        calls.json("enablePlaybook", "/v1/playbooks/" + id + "/enabled", "{\"enabled\":true}");
        var given = "{\"given\":{\"__host__\":\"ws-7\"}}";
        var run = calls.tree("beginPlaybookRun", "/v1/playbooks/" + id + "/runs", given, 201)
                .get("id")
                .stringValue();
        var ended = "WITH step AS (INSERT INTO playbook_steps SELECT ?, ?::uuid, nth, nth + 1, 0, step, 'failed', NULL,"
                + " '{}', now() FROM unnest(ARRAY['" + TestRespond.STEP + "', '" + after
                + "']) WITH ORDINALITY AS s (step, nth)) UPDATE playbook_runs SET status = 'failed'"
                + " WHERE tenant_id = ? AND run_id = ?::uuid";
        var of = tenant.id().value();
        OwnPlaybooks.update(node, tenant, ended, of, run, of, run);
        var retry = "/v1/playbook-runs/" + run + "/retry";
        assertThat(calls.problem("retryPlaybookRun", retry, "{\"step\":\"" + after + "\"}", 409))
                .isEqualTo("exception-step");
        calls.tree("retryPlaybookRun", retry, "{\"step\":\"" + TestRespond.STEP + "\"}", 201);
    }
}
