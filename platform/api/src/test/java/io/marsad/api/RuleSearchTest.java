package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules in use are found, and asked about stored events just as the stream asks them. */
class RuleSearchTest {
    private static final String REGISTRY = "00000000-0000-4000-8000-000000000002";
    private static final String CORRELATION = "00000000-0000-4000-8000-000000000003";
    private static final String BY_RULE = "{\"rule\":\"" + TestNode.RULE + "\"";

    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("rule-search-tenant");
        calls = new Calls(node, tenant.byToken());
        for (var word : List.of("alpha", "beta", "alpha", "gamma")) {
            node.event(tenant.id(), word);
        }
    }

    @Test
    void rulesAreFoundByWordsLevelsAndPages() throws Exception {
        var all = calls.json("listRules", "/v1/rules", "");
        assertThat(all.get("total").intValue()).isEqualTo(3);
        assertThat(all.at("/rules/0/title").stringValue()).isEqualTo("Alpha again and again");
        assertThat(all.at("/rules/0/kind").stringValue()).isEqualTo("correlation");
        assertThat(all.at("/rules/0/searchable").booleanValue()).isFalse();
        assertThat(all.at("/rules/1/license").stringValue()).isEqualTo("DRL-1.1");
        assertThat(all.at("/rules/2/license").stringValue()).isEqualTo("Apache-2.0");
        assertThat(all.at("/rules/1/log_source/category").stringValue()).isEqualTo("process_creation");
        var page = calls.json("listRules", "/v1/rules?limit=2", "");
        var rest =
                calls.json("listRules", "/v1/rules?cursor=" + page.get("next").stringValue(), "");
        assertThat(rest.get("rules")).hasSize(1);
        assertThat(rest.at("/rules/0/id").stringValue()).isEqualTo(REGISTRY);
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(calls.json("listRules", "/v1/rules?q=alpha+T1059", "")
                        .get("total")
                        .intValue())
                .isEqualTo(1);
        assertThat(calls.json("listRules", "/v1/rules?level=low,medium&q=registry", "")
                        .get("total")
                        .intValue())
                .isEqualTo(1);
        assertThat(calls.json("listRules", "/v1/rules?status=stable", "")
                        .get("total")
                        .intValue())
                .isEqualTo(1);
        assertThat(calls.problem("listRules", "/v1/rules?cursor=nonsense", "", 400))
                .isEqualTo("invalid-cursor");
    }

    @Test
    void aRulesTextIsAQueryAndWhatItLeavesOutIsSaid() throws Exception {
        var said = calls.json("getRuleQuery", "/v1/rules/" + TestNode.RULE + "/query", "");
        assertThat(said.get("query").stringValue()).contains("Marker").contains("alpha");
        assertThat(said.get("query").stringValue()).startsWith("logsource = windows/process_creation/*");
        assertThat(said.get("exact").booleanValue()).isTrue();
        assertThat(said.get("missing")).isEmpty();
        var lines =
                calls.query("{\"query\":\"" + said.get("query").stringValue().replace("\"", "\\\"") + "\"}");
        assertThat(lines.getLast().get("rows").intValue()).isEqualTo(2);
        calls.send("getRuleQuery", "/v1/rules/" + CORRELATION + "/query", "", 409);
        calls.send("getRuleQuery", "/v1/rules/nobodys/query", "", 404);
        assertThat(calls.json("getRule", "/v1/rules/" + CORRELATION, "")
                        .get("source")
                        .stringValue())
                .contains("event_count");
    }

    @Test
    void aRuleIsAskedExactlyWithItsSources() throws Exception {
        assertThat(calls.query(BY_RULE + "}").getLast().get("rows").intValue()).isEqualTo(2);
        // The text alone would find two: no event is from the registry.
        var registry = "{\"rule\":\"" + REGISTRY + "\",\"query\":\"* | stats count\"}";
        var lines = calls.query(registry);
        assertThat(lines.get(lines.size() - 2).at("/rows/0/0").intValue()).isZero();
        var counted = calls.query(BY_RULE + ",\"query\":\"* | stats count by host\"}");
        assertThat(counted.get(counted.size() - 2).at("/rows/0/1").intValue()).isEqualTo(2);
        var narrowed = calls.query(BY_RULE + ",\"query\":\"not Marker = alpha\"}");
        assertThat(narrowed.getLast().get("rows").intValue()).isZero();
        assertThat(calls.problem("queryEvents", "/v1/events/query", "{\"rule\":\"" + CORRELATION + "\"}", 409))
                .isEqualTo("rule-not-searchable");
        calls.send("queryEvents", "/v1/events/query", "{\"rule\":\"nobodys\"}", 404);
    }

    @Test
    void theSideOfAResultListIsOfTheRuleToo() throws Exception {
        var histogram = calls.json("histogramEvents", "/v1/events/histogram", BY_RULE + "}");
        assertThat(histogram.get("total").intValue()).isEqualTo(2);
        var none = calls.json("histogramEvents", "/v1/events/histogram", "{\"rule\":\"" + REGISTRY + "\"}");
        assertThat(none.get("total").intValue()).isZero();
        var fields = calls.json("fieldsOfEvents", "/v1/events/fields", BY_RULE + "}");
        assertThat(fields.get("events").intValue()).isEqualTo(2);
        assertThat(fields.get("sample").intValue()).isEqualTo(2);
        assertThat(fields.get("fields"))
                .anyMatch(f -> f.get("name").stringValue().equals("process.cmd_line"));
        var values = calls.json("valuesOfEvents", "/v1/events/values", BY_RULE + ",\"field\":\"host\"}");
        assertThat(values.at("/values/0/value").stringValue()).isEqualTo("alpha-host");
        assertThat(values.at("/values/0/count").intValue()).isEqualTo(2);
        assertThat(values.get("missing").intValue()).isZero();
        var missing = calls.json("valuesOfEvents", "/v1/events/values", BY_RULE + ",\"field\":\"no.such\"}");
        assertThat(missing.get("missing").intValue()).isEqualTo(2);
        var estimate = calls.json("estimateEvents", "/v1/events/estimate", BY_RULE + "}");
        assertThat(estimate.get("kind").stringValue()).isEqualTo("events");
        var file = calls.send("exportEvents", "/v1/events/export", BY_RULE + ",\"format\":\"ndjson\"}", 200);
        assertThat(new String(file.body(), StandardCharsets.UTF_8).lines()).hasSize(2);
    }
}
