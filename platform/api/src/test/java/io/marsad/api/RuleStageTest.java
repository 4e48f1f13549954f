package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How far rules go, over HTTP; that it changes the stream is TuningOnTheStreamTest's. */
class RuleStageTest {
    private static final String PATH = "/v1/rules/" + TestNode.RULE + "/stage";
    private static TestNode node;
    private static Tenant tenant;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("staging");
        calls = new Calls(node, tenant.byToken());
    }

    private static String body(String stage, int version) {
        return "{\"stage\":\"" + stage + "\",\"reason\":\"loud\",\"version\":" + version + "}";
    }

    @Test
    void aRuleGoesIntoTheShadowAndComesBack() throws Exception {
        var before = calls.tree("getRuleStage", PATH, "", 200);
        assertThat(before.get("stage").stringValue()).isEqualTo("active");
        assertThat(before.get("version").intValue()).isZero();

        var shadow = calls.tree("setRuleStage", PATH, body("shadow", 0), 200);
        assertThat(shadow.get("stage").stringValue()).isEqualTo("shadow");
        assertThat(shadow.get("reason").stringValue()).isEqualTo("loud");
        assertThat(calls.problem("setRuleStage", PATH, body("disabled", 0), 409))
                .isEqualTo("changed-meanwhile");
        assertThat(calls.tree("getRule", "/v1/rules/" + TestNode.RULE, "", 200)
                        .get("stage")
                        .stringValue())
                .isEqualTo("shadow");
        assertThat(calls.tree("listRules", "/v1/rules", "", 200).get("rules").findValuesAsString("stage"))
                .containsExactlyInAnyOrder("shadow", "active", "active");
        var listed = calls.tree("listRuleStages", "/v1/tuning/stages", "", 200).get("rules");
        assertThat(listed).hasSize(1);

        var other = node.tenant("staging-nothing");
        assertThat(new Calls(node, other.byToken())
                        .tree("getRuleStage", PATH, "", 200)
                        .get("stage")
                        .stringValue())
                .isEqualTo("active");

        calls.tree("setRuleStage", PATH, body("active", 1), 200);
        assertThat(calls.tree("listRuleStages", "/v1/tuning/stages", "", 200).get("rules"))
                .isEmpty();
    }

    @Test
    void onlyRulesInUseAreTakenBack() throws Exception {
        calls.send("setRuleStage", "/v1/rules/unheard-of/stage", body("disabled", 0), 404);
        assertThat(calls.problem("setRuleStage", PATH, "{\"stage\":\"shadow\",\"reason\":\" \",\"version\":0}", 400))
                .isEqualTo("reason-required");
    }
}
