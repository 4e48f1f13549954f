package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Queries with stages over HTTP: every answer is held to the contract. */
class EventQueryTest {
    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();
    private static final List<String> ids = new ArrayList<>();

    private static TestNode node;
    private static Identity caller;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        Tenant tenant = node.tenant("query-tenant");
        caller = tenant.byToken();
        for (var word : List.of("alpha", "beta", "alpha", "gamma", "alpha")) {
            ids.addFirst(node.event(tenant.id(), word).toString());
        }
    }

    private static HttpResponse<byte[]> send(String id, String path, String body, int status) throws Exception {
        var operation = CONTRACT.operations().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        return send(operation, path, body, status);
    }

    private static HttpResponse<byte[]> send(Operation operation, String path, String body, int status)
            throws Exception {
        var response = node.send(caller, operation.method(), path, body);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        CHECK.check(operation, response);
        return response;
    }

    private static JsonNode json(String id, String path, String body) throws Exception {
        return Json.tree(send(id, path, body, 200).body());
    }

    private static List<JsonNode> lines(String query) throws Exception {
        var body = "{\"query\":" + quoted(query) + "}";
        var response = send("queryEvents", "/v1/events/query", body, 200);
        return new String(response.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static String quoted(String text) {
        return new String(Json.bytes(to -> to.writeString(text)), StandardCharsets.UTF_8);
    }

    @Test
    void eventsAreStreamedNewestFirstEachOnce() throws Exception {
        for (var query : List.of("alpha-host or beta or gamma", "* | eval size = len(Marker)")) {
            var lines = lines(query);
            assertThat(lines.getFirst().get("type").stringValue()).isEqualTo("begin");
            assertThat(lines.getFirst().get("kind").stringValue()).isEqualTo("events");
            var end = lines.getLast();
            assertThat(end.get("type").stringValue()).isEqualTo("end");
            assertThat(end.get("rows").intValue()).isEqualTo(5);
            assertThat(end.get("partial").booleanValue()).isFalse();
            var found = new ArrayList<String>();
            for (var line : lines) {
                if (line.get("type").stringValue().equals("events")) {
                    line.get("events")
                            .forEach(event -> found.add(event.get("id").stringValue()));
                    line.get("events")
                            .forEach(event -> assertThat(event.has("computed")).isEqualTo(query.contains("eval")));
                }
            }
            assertThat(found).as(query).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void tablesComeWithTheirColumns() throws Exception {
        var lines = lines("| stats count, max(time) as latest by Marker | sort -count | head 1");
        assertThat(lines.getFirst().get("kind").stringValue()).isEqualTo("table");
        var rows = lines.get(lines.size() - 2);
        assertThat(rows.get("columns").get(2).get("type").stringValue()).isEqualTo("time");
        var row = rows.get("rows").get(0);
        assertThat(row.get(0).stringValue()).isEqualTo("alpha");
        assertThat(row.get(1).intValue()).isEqualTo(3);
        assertThat(row.get(2).stringValue()).endsWith("Z");
        assertThat(lines.getLast().get("rows").intValue()).isEqualTo(1);
        var chart = lines("last 1h | timechart span=10m count by Marker");
        assertThat(chart.get(chart.size() - 2).get("columns")).hasSize(4);
    }

    @Test
    void mistakesAreAnsweredBeforeAnythingIsStreamed() throws Exception {
        var problem = Json.tree(send("queryEvents", "/v1/events/query", "{\"query\":\"* | stats cuont\"}", 400)
                .body());
        assertThat(problem.at("/errors/0/where").stringValue()).isEqualTo("query:11-15");
        assertThat(problem.at("/errors/0/reason").stringValue()).contains("did you mean 'count'?");
        send("queryEvents", "/v1/events/query", "{\"query\":\"* | lookup nothing on user\"}", 400);
        send("queryEvents", "/v1/events/query", "{\"query\":\"* | timechart span=1ms count\"}", 400);
        send("searchEvents", "/v1/events/search", "{\"query\":\"* | stats count\"}", 400);
    }

    @Test
    void whatAQueryWillBeIsKnownBefore() throws Exception {
        var estimate = json("estimateEvents", "/v1/events/estimate", "{\"query\":\"* | stats count by user\"}");
        assertThat(estimate.get("kind").stringValue()).isEqualTo("table");
        assertThat(estimate.get("columns")).hasSize(2);
        assertThat(estimate.get("wide").booleanValue()).isFalse();
    }

    @Test
    void answersAreExported() throws Exception {
        var body = "{\"query\":\"* | stats count by Marker | sort Marker\"}";
        var csv = send("exportEvents", "/v1/events/export", body, 200);
        assertThat(new String(csv.body(), StandardCharsets.UTF_8))
                .isEqualTo("Marker,count\r\nalpha,3\r\nbeta,1\r\ngamma,1\r\n");
        assertThat(csv.headers().firstValue("Content-Disposition").orElseThrow())
                .endsWith(".csv\"");
        var parquet = send("exportEvents", "/v1/events/export", body.replace("{", "{\"format\":\"parquet\","), 200);
        assertThat(new String(parquet.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
        assertThat(parquet.headers().firstValue("Content-Disposition").orElseThrow())
                .endsWith(".parquet\"");
        var events = send("exportEvents", "/v1/events/export", "{\"query\":\"beta\"}", 200);
        assertThat(new String(events.body(), StandardCharsets.UTF_8))
                .startsWith("time,id,origin,log_source,")
                .contains("run beta");
        var lines = send("exportEvents", "/v1/events/export", "{\"query\":\"beta\",\"format\":\"ndjson\"}", 200);
        assertThat(Json.tree(lines.body()).get("fields").get("unmapped.Marker").stringValue())
                .isEqualTo("beta");
    }

    @Test
    void fieldsAndValuesAreCounted() throws Exception {
        var fields = json("fieldsOfEvents", "/v1/events/fields", "{\"query\":\"alpha\"}");
        assertThat(fields.get("events").intValue()).isEqualTo(3);
        var marker = new ArrayList<JsonNode>();
        fields.get("fields").forEach(field -> {
            if (field.get("name").stringValue().equals("unmapped.Marker")) {
                marker.add(field);
            }
        });
        assertThat(marker).hasSize(1);
        assertThat(marker.getFirst().get("count").intValue()).isEqualTo(3);
        assertThat(marker.getFirst().at("/top/0/value").stringValue()).isEqualTo("alpha");

        var values = json("valuesOfEvents", "/v1/events/values", "{\"field\":\"host\",\"limit\":1}");
        assertThat(values.at("/values/0/value").stringValue()).isEqualTo("alpha-host");
        assertThat(values.at("/values/0/count").intValue()).isEqualTo(3);
        assertThat(values.get("other").intValue()).isEqualTo(2);
        assertThat(values.get("missing").intValue()).isZero();
        var none = json("valuesOfEvents", "/v1/events/values", "{\"field\":\"no.such\"}");
        assertThat(none.get("missing").intValue()).isEqualTo(5);
    }

    @Test
    void whatMayStandAtTheCursorIsOffered() throws Exception {
        assertThat(candidates("* | st")).startsWith("stats");
        assertThat(candidates("unmapped.Ma")).contains("unmapped.Marker");
        assertThat(candidates("host ")).contains("=", "contains");
        assertThat(candidates("host = ")).startsWith("alpha-host").contains("beta-host");
        assertThat(candidates("host in (\"alpha-host\", be")).containsExactly("beta-host");
        assertThat(candidates("severity = h")).startsWith("high");
        assertThat(candidates("* | stats count by Marker | sort -")).containsExactlyInAnyOrder("Marker", "count");
        assertThat(candidates("* | stats dc(ho")).contains("host");
        assertThat(candidates("* | eval x = low")).contains("lower(");
    }

    private static List<String> candidates(String text) throws Exception {
        var body = "{\"query\":" + quoted(text) + ",\"position\":" + text.length() + "}";
        var found = new ArrayList<String>();
        json("completeQuery", "/v1/events/complete", body)
                .get("candidates")
                .forEach(candidate -> found.add(candidate.get("text").stringValue()));
        return found;
    }

    @Test
    void whatHappenedAroundAnEventIsFound() throws Exception {
        var path = "/v1/events/" + ids.getFirst() + "/surrounding";
        var around = json("surroundingEvents", path, "");
        assertThat(around.get("around").stringValue()).isEqualTo("host");
        assertThat(around.get("value").stringValue()).isEqualTo("alpha-host");
        assertThat(around.get("query").stringValue()).isEqualTo("host = alpha-host");
        assertThat(around.get("events")).hasSize(3);
        assertThat(json("surroundingEvents", path + "?around=none&minutes=1440", "")
                        .get("events"))
                .hasSize(5);
        send("surroundingEvents", path + "?around=user", "", 400);
    }
}
