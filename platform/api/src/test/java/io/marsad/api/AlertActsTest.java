package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people do to alerts, over HTTP. */
class AlertActsTest {
    private static TestNode node;
    private static Tenant tenant;
    private static Calls ann;
    private static Calls eve;
    private static final List<String> ids = new ArrayList<>();

    @BeforeAll
    static void raise() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("acts");
        ann = new Calls(node, signIn("ann"));
        eve = new Calls(node, signIn("eve"));
        for (int i = 0; i < 3; i++) {
            var event = node.event(tenant.id(), "acts");
            ids.add(node.alert(tenant.id(), event, "acts").id().toString());
        }
    }

    private static Identity signIn(String name) throws Exception {
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, Role.SOC_ANALYST, "system:test");
        return node.signIn(tenant.id(), name, name);
    }

    @Test
    void ofTwoWhoClaimTheSecondIsToldWhoHasIt() throws Exception {
        var path = "/v1/alerts/" + ids.get(0) + "/transition";
        var alert = ann.tree("transitionAlert", path, "{\"to\":\"in_progress\"}", 200);
        assertThat(alert.get("assignee").stringValue()).isEqualTo("ann");
        assertThat(alert.get("count").intValue()).isEqualTo(1);
        var refused = eve.tree("transitionAlert", path, "{\"to\":\"in_progress\"}", 409);
        assertThat(refused.get("type").stringValue()).endsWith(":claimed");
        assertThat(refused.get("detail").stringValue()).startsWith("ann has it");
        assertThat(eve.tree("transitionAlert", path, "{\"to\":\"in_progress\",\"assignee\":\"EVE\"}", 200)
                        .get("assignee")
                        .stringValue())
                .isEqualTo("eve");
        assertThat(ann.tree("transitionAlert", path, "{\"to\":\"in_progress\",\"assignee\":\"x\"}", 422)
                        .get("type")
                        .stringValue())
                .endsWith(":no-such-user");
        eve.tree("transitionAlert", path, "{\"to\":\"dismissed\"}", 200);
        var illegal = eve.tree("transitionAlert", path, "{\"to\":\"dismissed\"}", 422);
        assertThat(illegal.get("detail").stringValue()).endsWith("It may become: new, in_progress.");
    }

    @Test
    void tagsEscalationAndSnoozing() throws Exception {
        var path = "/v1/alerts/" + ids.get(1);
        assertThat(ann.tree("tagAlert", path + "/tags", "{\"add\":[\"Drill\"]}", 200)
                        .get("tags")
                        .get(0)
                        .stringValue())
                .isEqualTo("drill");
        assertThat(list("?tag=drill")).hasSize(1);
        assertThat(ann.tree("escalateAlert", path + "/escalate", "{}", 200)
                        .get("escalated")
                        .booleanValue())
                .isTrue();
        var until = node.clock.instant().plusSeconds(3_600).toString();
        var snoozed = ann.tree(
                "transitionAlert", path + "/transition", "{\"to\":\"snoozed\",\"until\":\"" + until + "\"}", 200);
        assertThat(snoozed.get("snoozed_until").isString()).isTrue();
        ann.tree("transitionAlert", path + "/transition", "{\"to\":\"snoozed\"}", 400);
    }

    @Test
    void manyAtOnceWithUndo() throws Exception {
        var wanted =
                "{\"filter\":{\"q\":\"acts\",\"status\":[\"new\"]},\"act\":{\"to\":\"resolved\",\"verdict\":\"test\"}";
        var dry = ann.tree("actOnAlerts", "/v1/alerts/bulk", wanted + ",\"dry_run\":true}", 200);
        assertThat(dry.get("undo").isNull()).isTrue();
        var done = ann.tree("actOnAlerts", "/v1/alerts/bulk", wanted + "}", 200);
        assertThat(done.get("changed")).isEqualTo(dry.get("changed"));
        var undo = "{\"undo\":" + done.get("undo") + "}";
        eve.tree("undoAlertBulk", "/v1/alerts/bulk/undo", undo, 404);
        assertThat(ann.tree("undoAlertBulk", "/v1/alerts/bulk/undo", undo, 200).get("restored"))
                .isEqualTo(done.get("changed"));
        ann.tree("actOnAlerts", "/v1/alerts/bulk", "{\"act\":{\"to\":\"new\"}}", 400);
        ann.tree("actOnAlerts", "/v1/alerts/bulk", "{\"ids\":[],\"act\":{}}", 400);
    }

    private static List<JsonNode> list(String query) throws Exception {
        var answer = node.send(tenant.byToken(), "GET", "/v1/alerts" + query, "");
        return new ArrayList<>(Json.tree(answer.body()).get("alerts").values());
    }
}
