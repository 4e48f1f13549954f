package io.marsad.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Connections over HTTP, to a product of this machine that really answers; what they carry out is ProvidersTest's. */
class ConnectionTest {
    private static final String PATH = "/v1/connections";
    private static final String SECRET = "okta-very-secret-token";

    private static String body(String url, String secrets) {
        return "{\"connector\":\"okta\",\"name\":\"main\",\"config\":{\"url\":\"" + url + "\"},\"secrets\":{" + secrets
                + "},\"enabled\":true}";
    }

    @Test
    void aProductIsConnectedTriedCalledAndItsSecretNeverShown() throws Exception {
        var node = TestNode.shared();
        var calls = new Calls(node, node.tenant("connected").byToken());
        var asked = new AtomicInteger();
        var place = URI.create(OwnConnections.PRODUCT);
        var product =
                HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(place.getHost()), place.getPort()), 0);
        product.createContext("/", exchange -> {
            asked.incrementAndGet();
            boolean known =
                    ("SSWS " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var answer = "{\"id\":\"00u1\",\"status\":\"ACTIVE\"}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        product.start();
        try {
            assertThat(calls.tree("listConnectors", "/v1/connectors", "", 200).get("connectors"))
                    .hasSizeGreaterThan(10);
            assertThat(calls.tree("getConnector", "/v1/connectors/okta", "", 200)
                            .get("secrets")
                            .get(0)
                            .get("name")
                            .stringValue())
                    .isEqualTo("api_token");
            calls.problem("getConnector", "/v1/connectors/nothing", "", 404);
            for (var inside : new String[] {"https://10.0.0.1", "http://example.com", "https://0x7f000001"}) {
                assertThat(calls.problem("createConnection", PATH, body(inside, ""), 400))
                        .isEqualTo("invalid-connection");
            }
            var made = calls.tree("createConnection", PATH, body(OwnConnections.PRODUCT, ""), 201);
            assertThat(made.get("state").stringValue()).isEqualTo("untested");
            assertThat(made.get("actions").toString()).contains("disable_user");
            assertThat(carriedBy(calls, "disable_user")).isEqualTo("[\"Okta (main)\"]");
            assertThat(carriedBy(calls, "isolate_host")).isEqualTo("[]");
            var one = PATH + "/" + made.get("id").stringValue();
            assertThat(calls.tree("testConnection", one + "/test", "", 200)
                            .get("problem")
                            .stringValue())
                    .contains("'api_token' is not set");
            assertThat(asked).as("without its secret nothing is asked").hasValue(0);
            var failing = shown(calls).get("failing_since").stringValue();
            calls.tree("updateConnection", one, body(OwnConnections.PRODUCT, "").replace("true", "false"), 200);
            calls.tree("testConnection", one + "/test", "", 200);
            assertThat(carriedBy(calls, "disable_user"))
                    .as("what is off carries nothing out")
                    .doesNotContain("Okta");
            assertThat(shown(calls).get("failing_since").stringValue())
                    .as("since when it fails stays, though it is switched off and asked again")
                    .isEqualTo(failing);
            var trial = "{\"config\":{\"url\":\"" + OwnConnections.PRODUCT + "\"},\"secrets\":{\"api_token\":\"%s\"}}";
            assertThat(calls.tree("testConnector", "/v1/connectors/okta/test", trial.formatted("wrong"), 200)
                            .get("problem")
                            .stringValue())
                    .contains("does not accept the API token");
            assertThat(calls.tree("testConnector", "/v1/connectors/okta/test", trial.formatted(SECRET), 200)
                            .get("ok")
                            .booleanValue())
                    .isTrue();
            var secret = "\"api_token\":\"" + SECRET + "\"";
            calls.tree("updateConnection", one, body(OwnConnections.PRODUCT, secret), 200);
            assertThat(calls.problem("updateConnection", one, body("https://example.com", ""), 400))
                    .isEqualTo("secrets-required");
            assertThat(calls.tree("testConnection", one + "/test", "", 200)
                            .get("ok")
                            .booleanValue())
                    .isTrue();
            assertThat(shown(calls).get("failing_since").isNull()).isTrue();
            executed(calls, made.get("id").stringValue(), asked);
            var all = calls.send("listConnections", PATH, "", 200).body();
            var audit = calls.send("listAudit", "/v1/audit?limit=50", "", 200).body();
            assertThat(new String(all, UTF_8) + new String(audit, UTF_8))
                    .contains("\"ok\"", "connection.create", "connection.update", "connection.execute", "api_token")
                    .doesNotContain(SECRET);
            calls.send("deleteConnection", one, "", 204);
            calls.send("testConnection", one + "/test", "", 404);
        } finally {
            product.stop(0);
        }
    }

    private static String carriedBy(Calls calls, String action) throws Exception {
        for (var kind :
                calls.tree("actionCatalogue", "/v1/actions/catalogue", "", 200).get("actions")) {
            if (kind.get("action").stringValue().equals(action)) {
                return kind.get("carried_by").toString();
            }
        }
        throw new AssertionError("no action " + action);
    }

    private static JsonNode shown(Calls calls) throws Exception {
        return calls.tree("listConnections", PATH, "", 200).get("connections").get(0);
    }

    private static void executed(Calls calls, String id, AtomicInteger asked) throws Exception {
        var call = "{\"connection\":\"" + id + "\",\"operation\":\"disable_user\",\"parameters\":{\"user\":\"ann\"},"
                + "\"simulate\":true}";
        int before = asked.get();
        var path = "/v1/connectors/okta/execute";
        var simulated = calls.tree("executeConnector", path, call, 200);
        assertThat(simulated.get("outcome").stringValue()).isEqualTo("simulated");
        assertThat(simulated.get("would").toString())
                .contains("/lifecycle/suspend")
                .doesNotContain(SECRET);
        assertThat(asked).hasValue(before);
        var done = calls.tree("executeConnector", path, call.replace("true", "false"), 200);
        assertThat(done.get("outcome").stringValue()).isEqualTo("succeeded");
        assertThat(calls.problem("executeConnector", path, call.replace("disable_user", "nothing"), 400))
                .isEqualTo("no-such-operation");
    }
}
