package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.http.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Calls a node over HTTP as somebody; every answer is held to the contract. */
record Calls(TestNode node, Identity as) {
    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();

    HttpResponse<byte[]> send(String operation, String path, String body, int status) throws Exception {
        var served = CONTRACT.operations().stream()
                .filter(one -> one.id().equals(operation))
                .findFirst()
                .orElseThrow();
        var response = node.send(as, served.method(), path, body);
        assertThat(response.statusCode())
                .as(operation + ": " + new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        CHECK.check(served, response);
        return response;
    }

    JsonNode json(String operation, String path, String body) throws Exception {
        return Json.tree(send(operation, path, body, 200).body());
    }

    /** The lines of a query's answer. */
    List<JsonNode> query(String body) throws Exception {
        var response = send("queryEvents", "/v1/events/query", body, 200);
        return new String(response.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** A problem's type, without what all have in common. */
    String problem(String operation, String path, String body, int status) throws Exception {
        var problem = Json.tree(send(operation, path, body, status).body());
        return problem.get("type").stringValue().replace("urn:marsad:problem:", "");
    }
}
