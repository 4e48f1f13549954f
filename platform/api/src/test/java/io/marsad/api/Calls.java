package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Calls a node over HTTP as somebody; every answer is held to the contract. */
record Calls(TestNode node, Identity as) {
    private static final OpenApi CONTRACT = OpenApi.load();
    private static final ContractCheck CHECK = new ContractCheck();

    HttpResponse<byte[]> send(String operation, String path, String body, int status) throws Exception {
        var served = served(operation);
        var response = node.send(as, served.method(), path, body);
        assertThat(response.statusCode())
                .as(operation + ": " + new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        CHECK.check(served, response);
        return response;
    }

    private static Operation served(String operation) {
        return CONTRACT.operations().stream()
                .filter(one -> one.id().equals(operation))
                .findFirst()
                .orElseThrow();
    }

    /** Holds an answer to the contract. */
    static void check(String operation, HttpResponse<byte[]> answer) {
        CHECK.check(served(operation), answer);
    }

    JsonNode json(String operation, String path, String body) throws Exception {
        return tree(operation, path, body, 200);
    }

    /** The answer's body; a missing node where there is none. */
    JsonNode tree(String operation, String path, String body, int status) throws Exception {
        var answer = send(operation, path, body, status).body();
        return answer.length == 0 ? MissingNode.getInstance() : Json.tree(answer);
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

    /** Each line of a stream as it comes, and CLOSED when it was ended from outside. */
    static void readLines(InputStream stream, List<String> lines) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("CLOSED");
        }
    }
}
