package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cases over HTTP, each answer held to the contract. */
class CaseTest {
    private static final String PATH = "/v1/cases";

    private static TestNode node;
    private static TestNode.Tenant tenant;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("with-cases");
        calls = new Calls(node, tenant.byToken());
    }

    @Test
    void aCaseGoesItsWay() throws Exception {
        var alert = alert("first");
        var made = calls.tree("openCase", PATH, content("Look at it", "high", alert), 201);
        var one = PATH + "/" + made.get("id").stringValue();
        assertThat(made.get("sla").stringValue()).isEqualTo("ok");
        assertThat(made.get("alert_count").intValue()).isEqualTo(1);
        var of =
                calls.json("casesOfAlert", "/v1/alerts/" + alert + "/cases", "").get("cases");
        assertThat(of.get(0).get("id")).isEqualTo(made.get("id"));
        var wrong = calls.send("transitionCase", one + "/transition", "{\"to\":\"open\"}", 422);
        assertThat(Json.tree(wrong.body()).get("detail").stringValue()).contains("may become: investigating");
        calls.json("transitionCase", one + "/transition", "{\"to\":\"closed\",\"comment\":\"done\"}");
        assertThat(calls.problem("linkCaseAlerts", one + "/alerts", ids("add", alert("late")), 422))
                .isEqualTo("case-closed");
        calls.json("transitionCase", one + "/transition", "{\"to\":\"investigating\"}");
        var report =
                new String(calls.send("reportCase", one + "/report", "", 200).body(), StandardCharsets.UTF_8);
        assertThat(report).startsWith("# Case " + made.get("number").intValue() + ": Look at it");
        var queue = calls.json("listCases", PATH + "?status=investigating&q=look", "");
        assertThat(queue.get("total").intValue()).isEqualTo(1);
        assertThat(calls.json("listCases", PATH + "?view=unassigned", "").get("cases"))
                .as("of high severity, and nobody has it")
                .hasSize(1);
        assertThat(calls.json("listCases", PATH + "?view=mine", "").get("cases"))
                .isEmpty();
    }

    @Test
    void mergeSplitAndUndoLoseNothing() throws Exception {
        var alerts = new String[] {alert("a"), alert("b"), alert("c")};
        var one = make("One", alerts[0]);
        var other = make("Other", alerts[1]);
        var path = PATH + "/" + one;
        calls.json("linkCaseAlerts", path + "/alerts", ids("add", alerts[2]));
        var merged = calls.json("mergeCases", path + "/merge", ids("cases", other));
        assertThat(merged.get("alert_count").intValue()).isEqualTo(3);
        assertThat(calls.json("getCase", PATH + "/" + other, "")
                        .get("merged_into")
                        .intValue())
                .isEqualTo(merged.get("number").intValue());
        var split = calls.tree("splitCase", path + "/split", ids("alerts", alerts[2]), 201);
        assertThat(split.get("alert_count").intValue()).isEqualTo(1);
        assertThat(calls.json("undoCase", path + "/undo", "{}")
                        .get("alert_count")
                        .intValue())
                .isEqualTo(3);
        var detail = calls.json("getCase", path, "");
        assertThat(detail.get("undoable").stringValue()).startsWith("merged: ");
        calls.json("undoCase", path + "/undo", "{}");
        assertThat(calls.json("getCase", PATH + "/" + other, "")
                        .get("alert_count")
                        .intValue())
                .isEqualTo(1);
        assertThat(calls.json("getCase", path, "").get("history")).hasSize(6);
    }

    @Test
    void evidenceIsKeptCheckedAndGivenOut() throws Exception {
        var one = PATH + "/" + make("With evidence", alert("e")) + "/evidence";
        var content = Base64.getEncoder().encodeToString("memory".getBytes(StandardCharsets.UTF_8));
        var entry = calls.tree("addCaseEvidence", one, "{\"name\":\"dump\",\"content\":\"" + content + "\"}", 201);
        assertThat(entry.get("size").intValue()).isEqualTo(6);
        assertThat(calls.problem("addCaseEvidence", one, "{\"name\":\"dump\",\"content\":\"%%%\"}", 400))
                .isEqualTo("invalid-content");
        var manifest = calls.json("exportCaseEvidence", one + "/export", "{\"reason\":\"for the court\"}");
        assertThat(manifest.get("entries")).hasSize(2);
        assertThat(manifest.get("entries").get(0).get("content").stringValue()).isEqualTo(content);
        var check = calls.json("verifyCaseEvidence", one + "/verify", "");
        assertThat(check.get("ok").booleanValue()).isTrue();
        assertThat(check.get("entries").intValue()).isEqualTo(2);
    }

    @Test
    void targetsAreSetAndHeldToTheContract() throws Exception {
        var body = "{\"targets\":[{\"severity\":\"high\",\"goal\":\"acknowledge\",\"seconds\":%d}]}";
        var set = calls.json("changeCaseTargets", PATH + "/targets", body.formatted(600));
        assertThat(calls.json("caseTargets", PATH + "/targets", "")).isEqualTo(set);
        var high = set.get("targets").get(3);
        assertThat(high.get("severity").stringValue()).isEqualTo("high");
        assertThat(high.get("seconds").intValue()).isEqualTo(600);
        assertThat(high.get("usual").intValue()).isEqualTo(1_800);
        assertThat(calls.problem("changeCaseTargets", PATH + "/targets", body.formatted(59), 422))
                .isEqualTo("invalid-target");
        calls.json("changeCaseTargets", PATH + "/targets", "{\"targets\":[]}");
    }

    @Test
    void whatItIsAboutIsTold() throws Exception {
        var alert = alert("told");
        var told = calls.json("getCase", PATH + "/" + make("Told", alert), "");
        assertThat(told.get("narrative").stringValue()).startsWith("One alert of ");
        assertThat(told.get("narrative_version").intValue()).isPositive();
        assertThat(told.get("confidence").isNull()).as("nothing is decided").isTrue();
        assertThat(calls.json("getAlert", "/v1/alerts/" + alert, "").has("confidence"))
                .isTrue();
        var alike = calls.json("alikeAlerts", "/v1/alerts/" + alert + "/alike", "");
        assertThat(alike.get("alerts")).hasSize(alike.get("total").intValue());
    }

    private String make(String title, String alert) throws Exception {
        return calls.tree("openCase", PATH, content(title, "medium", alert), 201)
                .get("id")
                .stringValue();
    }

    private static String content(String title, String severity, String alert) {
        return "{\"title\":\"" + title + "\",\"severity\":\"" + severity + "\",\"alerts\":[\"" + alert + "\"]}";
    }

    private static String ids(String name, String id) {
        return "{\"" + name + "\":[\"" + id + "\"]}";
    }

    private static String alert(String word) throws Exception {
        return node.alert(tenant.id(), node.event(tenant.id(), word), word).id().toString();
    }
}
