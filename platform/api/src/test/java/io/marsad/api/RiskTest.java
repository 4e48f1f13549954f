package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.context.ContextWeighing;
import io.marsad.soc.risk.Promotions;
import io.marsad.soc.risk.RiskFollower;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The queue of entities, their pages and graphs, over HTTP. */
class RiskTest {
    private static int tenants;

    private TestNode node;
    private Tenant tenant;
    private Calls calls;
    private int serial;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("risk-" + ++tenants);
        calls = new Calls(node, tenant.byToken());
    }

    /** An alert so many minutes ago about hosts, or about entities written as {@code kind=value}. */
    private EventId alert(String rule, String level, int minutes, String... entities) {
        var time = node.clock.instant().minus(Duration.ofMinutes(minutes));
        var event = new EventId(tenant.id().hashCode(), ++serial);
        var detection = new Detection(
                new RuleSnapshot(
                        rule,
                        "Title " + rule,
                        level,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        "title: x",
                        RuleOrigin.UNKNOWN),
                event.toString(),
                List.of(new Evidence(event, time, List.of(), Map.of())),
                1,
                Arrays.stream(entities).map(RiskTest::entity).toList(),
                "test",
                false);
        node.database.inTenant(
                tenant.id(), connection -> node.alerts.raise(connection, tenant.id(), List.of(detection), List.of()));
        var id = detection.alertId(tenant.id());
        node.database.inTenant(tenant.id(), connection -> {
            RiskFollower.standard(new ContextWeighing(), Promotions.NONE, node.clock)
                    .follow(connection, tenant.id(), List.of(id));
            return id;
        });
        return id;
    }

    private static Entity entity(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Entity(Entity.Kind.HOST, text, "device.hostname")
                : new Entity(Entity.Kind.ofWord(text.substring(0, equals)), text.substring(equals + 1), "f");
    }

    private static String path(String type, String value) {
        var encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        return "/v1/entities/" + type + "/" + encoded;
    }

    private static List<String> texts(JsonNode array, String property) {
        var texts = new ArrayList<String>();
        array.forEach(one -> texts.add(one.get(property).asString()));
        return texts;
    }

    @Test
    void theQueueIsFilteredAndPaged() throws Exception {
        alert("a", "critical", 1, "ws-1", "user=CORP\\ada");
        alert("b", "critical", 1, "ws-1");
        alert("c", "low", 1, "ws-2");
        var all = calls.json("listRisk", "/v1/risk", "");
        assertThat(texts(all.get("entities"), "value")).containsExactly("ws-1", "CORP\\ada", "ws-2");
        assertThat(all.get("bands").get("high").intValue()).isEqualTo(2);
        var hosts = calls.json("listRisk", "/v1/risk?type=host&band=low,medium", "");
        assertThat(texts(hosts.get("entities"), "value")).containsExactly("ws-2");
        assertThat(hosts.get("total").intValue()).isEqualTo(1);
        var first = calls.json("listRisk", "/v1/risk?limit=2", "");
        var next = calls.json(
                "listRisk", "/v1/risk?limit=2&cursor=" + first.get("next").stringValue(), "");
        assertThat(texts(next.get("entities"), "value")).containsExactly("ws-2");
        assertThat(calls.problem("listRisk", "/v1/risk?cursor=nonsense", "", 400))
                .isEqualTo("invalid-cursor");
    }

    @Test
    void contributorsAddUpByHand() throws Exception {
        alert("a", "critical", 30, "ws-1");
        alert("a", "critical", 90, "ws-1");
        alert("b", "medium", 400, "ws-1");
        var risk =
                calls.json("getEntity", path("host", "WS-1") + "?span=1d", "").get("risk");
        var sum = BigDecimal.ZERO;
        for (var one : risk.get("contributors")) {
            var counted = one.get("counted").decimalValue();
            var byHand = one.get("decayed").decimalValue().doubleValue()
                    / Math.pow(2, one.get("halvings").intValue());
            assertThat(counted.doubleValue()).isCloseTo(byHand, org.assertj.core.data.Offset.offset(0.01));
            sum = sum.add(counted);
        }
        assertThat(sum).isEqualByComparingTo(risk.get("points").decimalValue());
        double score = 100 * (1 - Math.pow(5, -sum.doubleValue() / 80));
        assertThat(risk.get("score").doubleValue()).isCloseTo(score, org.assertj.core.data.Offset.offset(0.1));
        assertThat(risk.get("course")).hasSize(97);
        assertThat(risk.get("course").get(96).get("score").doubleValue())
                .isEqualTo(risk.get("score").doubleValue());
    }

    @Test
    void oddValuesAreEntitiesLikeAnyOther() throws Exception {
        var odd = List.of(
                "CORP\\ada",
                "a/b",
                "50%",
                "a%2Fb",
                "x?y#z",
                "a b+c",
                "Ünïcödé ☃ 日本",
                "..",
                "a&b=c;d",
                "\"quoted\" 'value'",
                "tab\tin",
                "<script>");
        for (var value : odd) {
            alert("odd", "high", 5, "user=" + value, "ws-odd");
            var page = calls.json("getEntity", path("user", value), "");
            assertThat(page.get("value").stringValue()).isEqualTo(value);
            assertThat(page.get("facts").get("alerts").intValue()).isEqualTo(1);
            assertThat(calls.json("getEntityGraph", path("user", value) + "/graph", "")
                            .get("nodes"))
                    .hasSize(2);
        }
        assertThat(calls.json("getEntity", path("host", "ws-odd"), "").get("neighbours"))
                .hasSize(odd.size());
        for (var unknown : List.of(path("user", "nobody"), path("ip", "ws-odd"), path("user", "a\0b"))) {
            calls.send("getEntity", unknown, "", 404);
        }
    }

    @Test
    void thePageTellsAllThatIsKnown() throws Exception {
        var id = alert("a", "high", 60, "ws-1", "user=ada", "process=c:\\x.exe");
        alert("b", "high", 30, "ws-1", "user=ada");
        var close = "{\"to\":\"resolved\",\"verdict\":\"false_positive\"}";
        calls.send("transitionAlert", "/v1/alerts/" + id + "/transition", close, 200);
        var page = calls.json("getEntity", path("host", "ws-1"), "");
        assertThat(page.get("facts").get("open").intValue()).isEqualTo(1);
        assertThat(page.get("facts").get("false_positives").intValue()).isEqualTo(1);
        assertThat(texts(page.get("timeline"), "kind")).contains("fired").hasSize(3);
        assertThat(texts(page.get("neighbours"), "value")).containsExactly("ada", "c:\\x.exe");
        assertThat(page.get("neighbours").get(0).get("alerts").intValue()).isEqualTo(2);
        var file = calls.json("getEntity", path("process", "c:\\x.exe"), "");
        assertThat(file.get("risk").isNull()).as("a program bears no risk").isTrue();
    }

    /** From the clerk's machine over the clerk to the server, over the service account into the cloud. */
    @Test
    void theWayOfAnIntrusionAndWhatItReaches() throws Exception {
        alert("scan", "low", 300, "fs-1", "ws-9"); // before: leads nowhere
        alert("phishing", "high", 60, "ws-1", "user=ada", "process=word.exe");
        alert("lateral", "high", 50, "fs-1", "user=ada", "process=cmd.exe");
        alert("dump", "high", 40, "fs-1", "user=svc", "user=NT AUTHORITY\\SYSTEM");
        alert("cloud", "high", 30, "user=svc", "account=1234");
        alert("elsewhere", "high", 20, "ws-7", "user=NT AUTHORITY\\SYSTEM", "process=cmd.exe");
        var graph = calls.json("getEntityGraph", path("host", "ws-1") + "/graph?hops=2", "");
        assertThat(legs(graph))
                .containsExactly(
                        "host:ws-1>user:ada phishing",
                        "user:ada>host:fs-1 lateral",
                        "host:fs-1>user:svc dump",
                        "user:svc>account:1234 cloud");
        assertThat(graph.get("blast_radius").get("count").intValue())
                .as("ada, then fs-1")
                .isEqualTo(2);
        assertThat(graph.get("blast_radius").get("by_type").get("host").intValue())
                .isEqualTo(1);
        var middle = calls.json("getEntityGraph", path("host", "fs-1") + "/graph?hops=1", "");
        assertThat(legs(middle)).as("the same, seen from the middle").isEqualTo(legs(graph));
        assertThat(texts(middle.get("nodes"), "id")).contains("host:ws-9").doesNotContain("host:ws-7");
        var end = calls.json("getEntityGraph", path("account", "1234") + "/graph", "");
        assertThat(end.get("blast_radius").get("count").intValue())
                .as("svc was named beside it")
                .isEqualTo(1);
        assertThat(end.get("cut").booleanValue()).isFalse();
    }

    private static List<String> legs(JsonNode graph) {
        var legs = new ArrayList<String>();
        graph.get("path")
                .forEach(leg -> legs.add(
                        leg.get("from").stringValue() + ">" + leg.get("to").stringValue() + " "
                                + leg.get("title").stringValue().replace("Title ", "")));
        return legs;
    }
}
